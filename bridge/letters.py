"""Turns effects into outbox rows, inside the transaction that caused them. Sends nothing itself."""

from dataclasses import asdict

from bridge.content import Author
from bridge.conversation import State
from bridge.effects import (
    AskBot,
    AskRating,
    Change,
    Delete,
    Effect,
    KeepChange,
    KeepCorrection,
    KeepDeleted,
    KeepMessage,
    KeepReactions,
    Mirror,
    OpenThread,
    PostNotice,
    React,
    RedrawCard,
    Say,
    SendHeld,
    SetLabels,
    SetResolved,
    Settle,
    ShowFate,
    ShowFiles,
    ShowPresence,
    Summarise,
    TakeBack,
    TellAgent,
    TellCustomer,
)
from bridge.i18n import packed
from bridge.ports import Place
from bridge.scene import Scene
from bridge.store import afterwards, conversations, files, inbox, lanes, messages, outbox, queue, shown, waits
from bridge.store.moments import moment
from bridge.store.tx import Tx
from bridge.to_agents import show_fate, watch


def carry_out(scene: Scene, effects: tuple[Effect, ...]) -> None:
    """Write every effect down, in order."""
    for effect in effects:
        _carry_out(scene, effect)


def _carry_out(scene: Scene, effect: Effect) -> None:
    match effect:
        case TellCustomer(text):
            scene.tell_customer(text)
        case Say():
            _say(scene, effect)
        case SendHeld(message):
            _send_held(scene, message)
        case Change(message, text):
            _change(scene, message, text)
        case Delete(message):
            _delete(scene, message)
        case AskRating(name):
            scene.ask_rating(name)
        case React(place, agent_id):
            _react(scene, place, agent_id)
        case ShowPresence(name, change):
            if scene.doorway.can.presence:
                scene.to_customer("presence", {"name": name, "change": change})
        case _:
            _carry_out_inside(scene, effect)


def _carry_out_inside(scene: Scene, effect: Effect) -> None:
    match effect:
        case OpenThread():
            upto = messages.last_id(scene.tx, scene.conversation.id)
            scene.to_thread("open", {})
            scene.to_thread("transcript", {"upto": upto})
            before = conversations.told_upto(scene.tx, scene.conversation.id)
            scene.show_files(files.not_shown(scene.tx, scene.conversation.id, before))
        case RedrawCard():
            scene.redraw(scene.handoff)
        case Mirror(line):
            if line.text:  # else there are only files
                told = {"author": line.author.kind, "name": line.author.name, "text": line.text, "since": line.since}
                scene.to_thread("line", packed(told) | {"at": line.at, "said": scene.heard})
        case ShowFiles(came):
            scene.show_files(came)
        case PostNotice():
            _notice(scene, effect)
        case ShowFate(place):
            if kept := messages.kept_at(scene.tx, place):
                show_fate(scene.tx, kept.handoff, kept.id, scene.new_key(), scene.now)
        case TellAgent():
            _tell(scene, effect)
        case _:
            _keep(scene, effect)


def _tell(scene: Scene, effect: TellAgent) -> None:
    if not effect.once or inbox.once(scene.tx, effect.once, scene.now):
        scene.tell(effect)


def _notice(scene: Scene, effect: PostNotice) -> None:
    if not effect.once or inbox.once(scene.tx, effect.once, scene.now):
        choices = [asdict(choice) for choice in effect.choices]
        told = {"text": effect.text, "quote": effect.quote, "choices": choices, "pings": effect.pings}
        payload = packed(told) | ({"message": scene.said} if effect.of_reply else {})
        if effect.kept:
            payload |= {"said": effect.kept}
        if not effect.anew or not _retold(scene, effect.kept, payload):
            scene.to_thread("notice", payload)


def _retold(scene: Scene, kept: int, payload: dict[str, object]) -> bool:
    """Where it has not left yet, it leaves so; where it stands, it is drawn again. False: it is just on its way."""
    number, tx = scene.handoff or 0, scene.tx
    if waiting := outbox.waiting(tx, f"thread:{number}", ("notice", "retold"), "said", kept):
        outbox.set_payload(tx, waiting.id, {**waiting.payload, **payload})
        return True
    if place := shown.place_of(tx, kept, number):
        scene.to_thread("retold", {**payload, "channel": place.channel, "ts": place.ts})
    return place is not None


def _keep(scene: Scene, effect: Effect) -> None:
    tx, conversation = scene.tx, scene.conversation
    match effect:
        case AskBot(text):
            payload = {"text": text, "epoch": conversation.epoch, "upto": messages.last_id(tx, conversation.id)}
            outbox.put(tx, f"bot:{conversation.id}", "ask", payload, scene.new_key(), scene.now)
        case Summarise():
            outbox.put_once(tx, f"summary:{scene.handoff}", "summarise", {}, scene.new_key(), scene.now)
        case KeepMessage():
            _keep_message(scene, effect)
        case Settle(message, state):
            messages.set_state(tx, message, state, ("held", "note"))
        case TakeBack(message, state):
            taken_back(tx, conversation.id, message, state)
        case SetLabels(labels):
            queue.set_labels(tx, scene.handoff or 0, labels)
        case SetResolved():
            conversations.set_resolved(tx, scene.handoff or 0)
        case _:
            _keep_what_became(tx, effect)


def _keep_what_became(tx: Tx, effect: Effect) -> None:
    match effect:
        case KeepChange(message, text):
            afterwards.set_changed(tx, message, text)
        case KeepCorrection(message, text):
            afterwards.set_corrected(tx, message, text)
        case KeepDeleted(message):
            afterwards.set_deleted(tx, message)
        case KeepReactions(place, agent_id, reactions):
            shown.keep(tx, place, agent_id, reactions)
        case _:
            raise AssertionError(effect)


def taken_back(tx: Tx, conversation: int, message: int, state: str) -> bool:
    """A message of which nothing has left does not go out. False: it is on its way, or there."""
    lane = f"customer:{conversation}"
    waiting = outbox.unsent(tx, lane, message)
    if waiting:
        outbox.take_back(tx, lane, waiting)
        messages.set_state(tx, message, state, ("pending",))
        waits.not_answered(tx, message)
    return bool(waiting)


def _say(scene: Scene, effect: Say) -> None:
    agent = scene.agent.id if scene.agent and effect.author.kind == "agent" else ""
    message = messages.add(
        scene.tx, scene.conversation.id, scene.handoff, effect.author, effect.text, "pending", scene.now,
        author_id=agent, source=effect.source, corrects=effect.corrects, template=effect.template is not None,
    )  # fmt: skip
    scene.said = message
    came = files.add(scene.tx, message, effect.files)
    until = scene.now + scene.recall if effect.source and scene.recall else None
    scene.say(message, effect.author, effect.text, effect.choices, came=came, until=until, template=effect.template)
    if effect.source:
        watch(scene.tx, scene.conversation.id, scene.now)


def _change(scene: Scene, message: int, text: str) -> None:
    """What has not left goes out with the new wording; else the old one is changed where the customer is."""
    lane = f"customer:{scene.conversation.id}"
    if waiting := outbox.unsent(scene.tx, lane, message):
        behind = outbox.behind(scene.tx, lane, waiting[-1].id)
        wakes = outbox.waits_to_be_recalled(scene.tx, lane, waiting)
        gone = outbox.drop(scene.tx, [letter.id for letter in (*waiting, *behind)])
        messages.set_text(scene.tx, message, text)
        came = [it.id for it in files.of_message(scene.tx, message)]
        until = moment(waiting[0].payload["until"]) if "until" in waiting[0].payload else None
        scene.say(message, messages.author_of(scene.tx, message), text, came=came, until=until)
        claimed = int(scene.conversation.state is State.CLAIMED)
        for letter in behind:  # in the order in which they were
            outbox.put(
                scene.tx, lane, letter.kind, letter.payload, letter.key, letter.at, claimed, way=scene.contact.channel
            )
        lanes.shrink(scene.tx, lane, gone, wake=wakes)  # last: it still waits for what it waited for
    else:
        afterwards.set_changed(scene.tx, message, text)
        scene.to_customer("change", {"message": message, "text": packed(text)})


def _delete(scene: Scene, message: int) -> None:
    conversation = scene.conversation.id
    for each in (message, *afterwards.corrections(scene.tx, conversation, message)):
        afterwards.set_deleted(scene.tx, each)
        if not taken_back(scene.tx, conversation, each, "suppressed"):
            scene.to_customer("delete", {"message": each})


def _react(scene: Scene, place: Place, agent_id: str) -> None:
    """One that waits is enough: it takes along what is there when it leaves."""
    about = {"of": f"{place.channel}:{place.ts}:{scene.conversation.epoch}", "epoch": scene.conversation.epoch}
    if not outbox.waiting(scene.tx, f"customer:{scene.conversation.id}", ("reaction",), "of", about["of"]):
        scene.to_customer("reaction", {**about, "channel": place.channel, "ts": place.ts, "agent": agent_id})


def _send_held(scene: Scene, message: int) -> None:
    kept = messages.kept(scene.tx, message)
    if kept and messages.set_state(scene.tx, message, "pending", ("held", "note")) and scene.agent:
        came = [it.id for it in files.of_message(scene.tx, message)] if kept.files else ()
        scene.say(message, Author("agent", scene.agent.name), kept.text, came=came)
        watch(scene.tx, scene.conversation.id, scene.now)


def _keep_message(scene: Scene, effect: KeepMessage) -> None:
    before = messages.kept_at(scene.tx, effect.source)
    if before:
        messages.set_text(scene.tx, before.id, effect.text)
        scene.held = before.id
        return
    scene.held = messages.add(
        scene.tx, scene.conversation.id, scene.handoff, effect.author, effect.text, effect.state,
        scene.now, author_id=effect.agent_id, source=effect.source,
    )  # fmt: skip
    files.add(scene.tx, scene.held, effect.files)
