"""The answers to what the bridge asked an agent: about held messages, failed ones, and ones in doubt."""

from bridge import by_template
from bridge.act import Act, current, handoff_of, number_in
from bridge.changing import correct
from bridge.conversation import Conversation, may_answer, owns
from bridge.effects import ShowFate
from bridge.errors import Refused
from bridge.held import decide, not_deleted, send_to_customer
from bridge.i18n import t
from bridge.letters import carry_out
from bridge.marks import joined, same, unpacked
from bridge.ports import Place, Role
from bridge.receipts import part_settled
from bridge.store import conversations, files, lanes, messages, outbox
from bridge.store.conversations import Contact, Handoff
from bridge.to_agents import watch


def held(act: Act, answer: str, value: str) -> None:
    """A held message is sent, kept as a note, or its writer takes over first."""
    message, _, epoch = value.partition(":")
    kept = messages.kept(act.session.tx, number_in(message))
    if kept is None:
        raise Refused(t("This message is not known any more."))
    handoff = handoff_of(act, kept.handoff)
    conversation, contact = conversations.by_id(act.session.tx, handoff.conversation)
    if answer == "template":
        by_template.open_window(act, handoff)
        return
    shut = act.session.scene(conversation, contact).shut()
    if answer == "send" and not shut:
        _all_of_it(act, kept.id, contact)
    decision = decide(conversation, kept, answer, number_in(epoch), act.agent, act.session.now, shut)
    act.decided(handoff.number, conversation, contact, decision)
    if answer == "note" or (answer == "send" and not shut):  # else they are asked again
        act.confirm(t("Kept as a note.") if answer == "note" else t("On its way to the customer."), kept.text)


def send_more(act: Act, action: str, value: str) -> None:
    """A failed message again, or a changed wording as a message of its own."""
    kept = messages.kept(act.session.tx, number_in(value))
    if kept is None:
        raise Refused(t("This message is not known any more."))
    handoff = handoff_of(act, kept.handoff)
    conversation, contact = conversations.by_id(act.session.tx, handoff.conversation)
    shut = act.session.scene(conversation, contact).shut()
    if action == "correct":
        act.decided(handoff.number, conversation, contact, correct(conversation, kept, act.agent, shut))
        act.confirm(t("On its way to the customer, as a correction."), kept.changed)
        return
    _may_decide(act, conversation, handoff)
    not_deleted(kept)
    if messages.is_template(act.session.tx, kept.id):  # offered so before this was known
        by_template.open_window(act, handoff)
        return
    if shut:
        raise Refused(shut.why)
    if not messages.set_state(act.session.tx, kept.id, "pending", ("failed",)):
        raise Refused(t("This message was sent again already."))
    scene = act.session.scene(conversation, contact, agent=act.agent, thread=act.thread, handoff=handoff.number)
    carry_out(scene, (ShowFate(kept.source),))
    author = messages.author_of(act.session.tx, kept.id)
    came = [it.id for it in files.of_message(act.session.tx, kept.id)]
    there = messages.not_failed(act.session.tx, kept.id)
    text = kept.changed if kept.changed and not there else kept.text
    if not same(text, kept.text):
        messages.set_text(act.session.tx, kept.id, text)
    scene.say(kept.id, author, text, but=there, came=came)
    watch(act.session.tx, conversation.id, act.session.now)
    told = t("This did not reach the customer at first. {agent} is sending it again.", agent=act.agent.name)
    act.confirm(told, text)


def _all_of_it(act: Act, message: int, contact: Contact) -> None:
    """A message is sent with everything in it, or not at all."""
    doorway = act.session.house.doorway(contact.channel)
    for came in files.of_message(act.session.tx, message):
        if why := doorway.unfit(came.file):
            raise Refused(t("Nothing of this was sent to the customer: {why}", why=why))


def send_kept(act: Act, place: Place) -> None:
    """A message that stayed in the thread is said to the customer after all, by the one whom the customer hears."""
    kept = messages.kept_at(act.session.tx, place)
    if kept is None or not kept.agent_id:
        raise Refused(t("Only what somebody of the team wrote in a customer's thread can be sent to the customer."))
    conversation, contact = current(act, handoff_of(act, kept.handoff))
    shut = act.session.scene(conversation, contact).shut()
    if not shut:
        _all_of_it(act, kept.id, contact)
    decision = send_to_customer(conversation, kept, act.agent, shut)
    act.decided(kept.handoff, conversation, contact, decision)
    act.confirm(t("On its way to the customer."), kept.text)


def doubt_decided(act: Act, action: str, key: str) -> None:
    """An agent says what became of a message in doubt; the lane that waited for it goes on."""
    tx = act.session.tx
    letter = outbox.find(tx, key)
    if letter is None or letter.state != "uncertain":
        raise Refused(t("This was decided about already."))
    message = letter.payload["message"]
    conversation, _ = conversations.of_message(tx, message)
    if conversation.handoff is None:
        return
    _may_decide(act, conversation, handoff_of(act, conversation.handoff))
    group = outbox.sharing(tx, letter)
    text = joined([unpacked(it.payload["text"]) for it in group], "\n")
    if action == "resend":
        for it in group:
            messages.set_state(tx, it.payload["message"], "pending", ("uncertain",))
            outbox.set_payload(tx, it.id, {**it.payload, "doubted": True})  # the customer may have it
        outbox.mark_pending(tx, [it.id for it in group])
        lanes.wake(tx, letter.lane)
        act.confirm(t("{agent} is sending this again.", agent=act.agent.name), text)
        return
    act.confirm(t("{agent} says that this arrived.", agent=act.agent.name), text)
    for it in group:
        outbox.settle(tx, it)
        messages.delivered(tx, it.key, it.payload["message"], "", "delivered", part=it.payload.get("part", 1))
        part_settled(act.session, it.payload["message"], last=it.payload.get("last", True))


def _may_decide(act: Act, conversation: Conversation, handoff: Handoff) -> None:
    may_answer(act.agent)
    if conversation.handoff != handoff.number:
        raise Refused(t("Handoff #{number} is over. Nothing was sent.", number=handoff.number))
    if not owns(conversation, act.agent) and act.agent.role < Role.ADMIN:
        raise Refused(t("Only the owner of this conversation or an admin can decide this."))
