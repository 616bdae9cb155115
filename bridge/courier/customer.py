"""To the customer: one lane, strictly in order, each part marked `sending` before its first byte.

A part whose fate is unknown is looked up where the channel allows it; where it does not, an agent is asked, and the
lane waits for the answer. Nothing is sent again blindly.
"""

from collections.abc import Sequence
from datetime import timedelta

from bridge.alarms import tell_admins
from bridge.courier import doubt, joining, reactions
from bridge.courier.sending import Errand, deliver, named
from bridge.courier.trip import Kitbag, Trip, log
from bridge.customer_asides import seen_to_be
from bridge.effects import PostNotice
from bridge.errors import NeedsAdmin, TryLater, Uncertain, Undeliverable, Unreachable, WindowShut
from bridge.i18n import t
from bridge.letters import carry_out
from bridge.marks import unpacked
from bridge.parcels import Came, together
from bridge.ports import Choice, CustomerChannel
from bridge.receipts import failed, part_settled, stays
from bridge.session import Session
from bridge.store import afterwards, conversations, files, lanes, messages, outbox, quotes, waits
from bridge.store.lanes import Lane
from bridge.store.moments import micros, moment
from bridge.store.outbox import Letter

LOOK, DEAF = timedelta(seconds=2), timedelta(minutes=1)  # a reply waits no longer for what was missed meanwhile
REFUSED = "channel.refused"  # in the log


def pack(session: Session, lane: Lane) -> Trip:
    """The next letter that may go out. What the bot said under another epoch is suppressed here, at the last moment."""
    dropped = 0
    chat, epoch, letters, topic = outbox.to_customer(session.tx, lane.name, int(lane.of), 20)
    for at, letter in enumerate(letters):
        asked_under = letter.payload.get("epoch")
        if letter.kind == "reaction":
            if asked_under != epoch:  # also one in doubt: it is no longer theirs to react
                dropped += outbox.drop(session.tx, [letter.id])
                continue
            return Trip(lane, (letter,), Errand(chat, reaction=reactions.on_its_way(session, letter)), dropped)
        if asked_under is not None and asked_under != epoch and not letter.in_doubt:
            messages.set_state(session.tx, letter.payload["message"], "suppressed", ("pending",))
            dropped += outbox.drop(session.tx, [letter.id])
            continue
        if (until := letter.payload.get("until")) and micros(session.now) < until and not letter.in_doubt:
            return Trip(lane, (), dropped=dropped, again=moment(until))
        if until and _may_be_taken_back(session, letter):
            return Trip(lane, (), dropped=dropped, again=session.now + LOOK)
        parts, caption = _there(session, lane, letter)
        came = (letter.payload["file"], *letter.payload.get("more", ())) if "file" in letter.payload else ()
        brought = tuple(files.get(session.tx, file).file for file in came)
        answers = letter.payload.get("author") in ("agent", "bot")
        marks = answers and session.house.doorway(lane.way).can.carries("read", "out")
        heard = quotes.heard_last(session.tx, int(lane.of)) if marks else ""
        errand = Errand(chat, parts, caption, brought, heard, topic)
        return Trip(lane, joining.together(session, lane, letters[at:]), errand, dropped, freight=bool(brought))
    return Trip(lane, (), dropped=dropped)


def _there(session: Session, lane: Lane, letter: Letter) -> tuple[tuple[str, ...], bool]:
    """The platform's ids of what is to be deleted, or has the words that are to be changed; and if as a caption."""
    if letter.kind not in ("change", "delete"):
        return (), False
    sent, came = messages.places(session.tx, letter.payload["message"]), list[Came]()
    if letter.kind == "change":
        came = [Came(it.id, it.file.kind) for it in files.of_message(session.tx, letter.payload["message"])]
    if not came:
        return tuple(named for _, named in sent), False
    numbers = sorted({part for part, _ in sent})
    worded = numbers[: -len(together(came, session.house.doorway(lane.way).limit))]  # the files went last
    if not worded:
        return tuple(named for _, named in sent[:1]), True
    return tuple(named for part, named in sent if part in worded), False


def _may_be_taken_back(session: Session, letter: Letter) -> bool:
    """Whether somebody may have done that while we could not hear: until it is known what was missed in the thread."""
    if letter.in_doubt or micros(session.now - DEAF) > letter.payload["until"]:
        return False
    _, handoff, _, _ = messages.source_of(session.tx, letter.payload["message"])
    unheard = outbox.letters(session.tx, f"missed:{handoff}", 1)
    return bool(unheard) or not session.house.queues.id_of("")


async def serve(bag: Kitbag, trip: Trip) -> None:
    """Send one letter, or find out what became of it."""
    channel = bag.channels[trip.lane.way]
    if trip.first.in_doubt and not doubt.may_repeat(trip, channel):
        await doubt.find_out(bag, trip, channel)
        return
    try:
        ids = await deliver(bag, channel, trip)
    except TryLater as error:
        await bag.put_off(trip, error)
        if isinstance(error, NeedsAdmin):
            told = t("Nothing reaches customers on {channel}: {why}", channel=channel.label, why=str(error))
            await bag.settle(trip, lambda session: tell_admins(session, f"refused:{channel.name}", told, REFUSED))
    except Undeliverable as error:
        reason = named(trip.errand, str(error))
        log.warning("delivery.failed", lane=trip.lane.name, kind=trip.first.kind, reason=reason)
        lost, shut = isinstance(error, Unreachable), isinstance(error, WindowShut)
        await bag.done(trip, lambda session: _gave_up(session, trip, reason, lost=lost, shut=shut))
    except Uncertain:
        await doubt.find_out(bag, trip, channel)
    else:
        await bag.done(trip, lambda session: _delivered(session, trip, channel, ids))


def _delivered(session: Session, trip: Trip, channel: CustomerChannel, ids: Sequence[str]) -> None:
    letter, payload = trip.first, trip.first.payload
    if letter.kind == "part":
        state = "sent" if channel.can.confirms == "status" else "delivered"  # where nothing more is told
        for it in trip.letters:
            told = it.payload
            for number, platform_id in enumerate(ids):
                key = f"{it.key}:{number}" if number else it.key
                messages.delivered(session.tx, key, told["message"], platform_id, state, part=told["part"])
            part_settled(session, told["message"], told["last"], state if told.get("alone") else "")
    elif letter.kind == "reaction":
        reactions.arrived(session, letter, trip.errand.reaction, ids[0])
    elif letter.kind == "change":
        afterwards.carried(session.tx, payload["message"], unpacked(payload["text"]))
    elif letter.kind == "delete" and trip.errand.parts:  # else nothing of it came there
        messages.set_state(session.tx, payload["message"], "erased")
        waits.not_answered(session.tx, payload["message"])


def _gave_up(session: Session, trip: Trip, reason: str, *, lost: bool, shut: bool) -> None:
    """Permanently refused: said in the thread; the rest of the same message is not sent."""
    letter = trip.first
    if lost:
        seen_to_be(session, *conversations.by_id(session.tx, int(trip.lane.of)), reachable=False)
    if letter.kind == "part":
        said = {it.payload["message"] for it in trip.letters}
        rest = [
            other.id
            for other in outbox.letters(session.tx, trip.lane.name, 200)
            if other.kind == "part" and other.payload["message"] in said
        ]
        lanes.shrink(session.tx, trip.lane.name, outbox.drop(session.tx, rest))
        for it in trip.letters:
            failed(session, it.payload["message"], reason, shut=shut)
    elif letter.kind == "change" and not afterwards.is_deleted(session.tx, letter.payload["message"]):
        message = letter.payload["message"]
        _, handoff, _, _ = messages.source_of(session.tx, message)
        scene = session.scene(*conversations.of_message(session.tx, message), handoff=handoff)
        text = t("This change did not reach the customer: {reason}", reason=reason)
        ways = (Choice("correct", t("Send as a correction"), str(message), "primary"),)
        carry_out(scene, (PostNotice(text, unpacked(letter.payload["text"]), ways),))
    elif letter.kind == "reaction":
        reactions.refused(session, letter, trip.errand.reaction, reason)
    elif letter.kind == "delete":
        stays(session, letter.payload["message"], reason)
