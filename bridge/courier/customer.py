"""To the customer: one lane, strictly in order, each part marked `sending` before its first byte.

A part whose fate is unknown is looked up where the channel allows it; where it does not, an agent is asked, and the
lane waits for the answer. Nothing is sent again blindly.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.content import Author, Part, Presence, split
from bridge.courier.trip import Kitbag, log
from bridge.effects import PostNotice
from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.letters import carry_out
from bridge.ports import Choice, CustomerChannel
from bridge.receipts import failed, in_doubt, leave_open, part_settled
from bridge.session import Session
from bridge.store import conversations, messages, outbox
from bridge.store.conversations import Contact
from bridge.store.outbox import Lane, Letter

STATUS_WAIT = timedelta(seconds=15)  # a WhatsApp status comes within seconds of acceptance, when it comes


@dataclass(frozen=True, slots=True)
class Errand:
    """The next letter, and whom it is for."""

    letter: Letter
    contact: Contact
    parts: tuple[str, ...] = ()  # platform ids of an earlier message that is to be changed


async def serve_customer(bag: Kitbag, lane: Lane) -> None:
    """Send what waits in one customer's lane."""
    conversation = int(lane.name.partition(":")[2])
    errand = await bag.desk.within(lambda session: _next(session, lane, conversation))
    while errand is not None:
        channel = bag.channels.get(errand.contact.channel)
        if channel is None:
            await bag.put_off(lane, [errand.letter], TryLater("this channel is off", 60))
            return
        if errand.letter.in_doubt:
            going_on = await _find_out(bag, lane, channel, errand.letter)
        else:
            going_on = await _send(bag, lane, channel, errand)
        if not going_on:
            return
        errand = await bag.desk.within(lambda session: _next(session, lane, conversation))


def _next(session: Session, lane: Lane, conversation: int) -> Errand | None:
    """The next letter that may go out. What the bot said under another epoch is suppressed here, at the last moment."""
    found, contact = conversations.by_id(session.tx, conversation)
    for letter in outbox.letters(session.tx, lane.name, 20):
        epoch = letter.payload.get("epoch")
        if epoch is not None and epoch != found.epoch and not letter.in_doubt:
            messages.set_state(session.tx, letter.payload["message"], "suppressed", ("pending",))
            outbox.done(session.tx, lane.name, [letter.id], session.now)
            continue
        parts: tuple[str, ...] = ()
        if letter.kind == "change":
            parts = tuple(part[1] for part in messages.parts(session.tx, letter.payload["message"]))
        return Errand(letter, contact, parts)
    return None


async def _send(bag: Kitbag, lane: Lane, channel: CustomerChannel, errand: Errand) -> bool:
    """Send one letter. True: go on with the next."""
    letter, chat = errand.letter, errand.contact.chat
    await bag.pacing.customer(channel.name, chat, channel.limit, bag.order(lane))
    if not await bag.desk.within(lambda session: _leaving(session, lane, letter)):
        return True
    try:
        platform_id = await _deliver(channel, chat, errand)
    except TryLater as error:
        await bag.put_off(lane, [letter], error, (channel.name, chat))
        return False
    except Undeliverable as error:
        reason = str(error)
        await bag.desk.within(lambda session: _gave_up(session, lane, letter, reason))
        return True
    except Uncertain:
        return await _find_out(bag, lane, channel, letter)
    await bag.desk.within(lambda session: _delivered(session, lane, letter, channel, platform_id))
    return True


def _leaving(session: Session, lane: Lane, letter: Letter) -> bool:
    """Commit that the first byte is about to leave, if it still may."""
    epoch = letter.payload.get("epoch")
    if epoch is not None:
        conversation = int(lane.name.partition(":")[2])
        if conversations.epoch(session.tx, conversation) != epoch:
            return False
    outbox.mark_sending(session.tx, [letter.id])
    return True


async def _deliver(channel: CustomerChannel, chat: str, errand: Errand) -> str:
    letter, payload = errand.letter, errand.letter.payload
    if letter.kind == "presence":
        presence = Presence(Author("agent", payload["name"]), payload["change"])
        return await channel.send(chat, presence, letter.key)
    if letter.kind == "change":
        await _change(channel, chat, errand)
        return ""
    part = Part(Author(payload["author"], payload["name"]), payload["text"], tuple(payload["choices"]))
    return await channel.send(chat, part, letter.key)


async def _change(channel: CustomerChannel, chat: str, errand: Errand) -> None:
    pieces = split(errand.letter.payload["text"], channel.limit.length)
    if len(pieces) != len(errand.parts):
        raise Undeliverable("the new text has another number of parts.")
    author = Author("agent", "")
    for number, (platform_id, piece) in enumerate(zip(errand.parts, pieces, strict=True)):
        await channel.edit(chat, platform_id, Part(author, piece), f"{errand.letter.key}:{number}")


def _delivered(session: Session, lane: Lane, letter: Letter, channel: CustomerChannel, platform_id: str) -> None:
    if letter.kind == "part" and outbox.find(session.tx, letter.key):
        message = letter.payload["message"]
        state = "sent" if channel.can.confirms == "status" else "delivered"  # where nothing more is told
        messages.delivered(session.tx, letter.key, message, platform_id, state, part=letter.payload["part"])
        part_settled(session, message, letter.payload["last"])
    elif letter.kind == "change":
        messages.carried(session.tx, letter.payload["message"], letter.payload["text"])
    outbox.done(session.tx, lane.name, [letter.id], session.now)


def _gave_up(session: Session, lane: Lane, letter: Letter, reason: str) -> None:
    """Permanently refused: said in the thread; the rest of the same message is not sent."""
    log.warning("delivery.failed", lane=lane.name, kind=letter.kind, reason=reason)
    outbox.done(session.tx, lane.name, [letter.id], session.now)
    if letter.kind == "part":
        rest = [
            other.id
            for other in outbox.letters(session.tx, lane.name, 200)
            if other.kind == "part" and other.payload["message"] == letter.payload["message"]
        ]
        outbox.done(session.tx, lane.name, rest, session.now)
        failed(session, letter.payload["message"], reason)
    elif letter.kind == "change":
        message = letter.payload["message"]
        _, handoff, _, _ = messages.source_of(session.tx, message)
        scene = session.scene(*conversations.of_message(session.tx, message), handoff=handoff)
        text = f"This change did not reach the customer: {reason}"
        ways = (Choice("correct", "Send as a correction", str(message), "primary"),)
        carry_out(scene, (PostNotice(text, letter.payload["text"], ways),))


async def _find_out(bag: Kitbag, lane: Lane, channel: CustomerChannel, letter: Letter) -> bool:
    """What to do with a letter whose fate is unknown. True: go on with the next."""
    if letter.kind != "part" or channel.can.confirms == "journal":
        await bag.put_off(lane, [letter], TryLater("no answer; repeating it is harmless here"))
        return False
    if channel.can.confirms == "status" and letter.state != "uncertain":
        until = bag.clock() + STATUS_WAIT
        await bag.desk.within(lambda session: _wait_for_status(session, lane, letter, until))
        return False
    return await bag.desk.within(lambda session: _ask(session, lane, letter))


def _wait_for_status(session: Session, lane: Lane, letter: Letter, until: datetime) -> None:
    outbox.mark_uncertain(session.tx, letter.id)
    if outbox.find(session.tx, letter.key):
        outbox.wait(session.tx, lane.name, until)


def _ask(session: Session, lane: Lane, letter: Letter) -> bool:
    """Nobody can know. For an agent's words in a live conversation an agent decides; else it is only recorded."""
    if outbox.find(session.tx, letter.key) is None:  # a report has settled it meanwhile
        return True
    message = letter.payload["message"]
    conversation, _ = conversations.of_message(session.tx, message)
    _, handoff, _, _ = messages.source_of(session.tx, message)
    question = letter.payload["author"] == "agent" and conversation.live and handoff == conversation.handoff
    in_doubt(session, message, letter.key, question)
    if question:
        outbox.mark_uncertain(session.tx, letter.id)
        outbox.wait(session.tx, lane.name, None)
        return False
    leave_open(session, letter)
    return True
