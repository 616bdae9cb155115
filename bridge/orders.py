"""What agents order: by a button, a command, a `!verb` or a form. One verb, several doors, the same result.

Runs inside the desk's transaction; every refusal is told to the one person who asked, and changes nothing.
"""

from collections.abc import Mapping, Sequence

from bridge import adjusting, by_template, filters, same_person
from bridge.act import Act, current, handoff_of, number_in
from bridge.assigning import assign, label, labels_in, put_back, resolve, take_from_bot
from bridge.content import time_of_day
from bridge.conversation import Conversation, Decision, claim, end, hand_back, may_answer, may_watch
from bridge.desk_settings import section_of
from bridge.errors import Refused
from bridge.i18n import t
from bridge.ports import HOME, Agent, Choice, Commanded, Pressed, Submitted
from bridge.replies import may_reply, say_draft
from bridge.store import conversations, duty, inbox
from bridge.store.conversations import Handoff
from bridge.verbs import number_and_note

MOST_CHOICES, LONGEST_NOTE = 40, 1_900  # each takes one of 50 blocks; a button carries 2,000 characters
ABOUT_THE_DESK = ("", "help", "availability", "settings", "stats")  # all of them stand in one window
ON_CARD = frozenset({"claim", "handback", "end", "assign", "labels", "transcript", "reopen", "requeue", "resolve"})
"""Buttons that carry a handoff's number."""


def pressed(act: Act, press: Pressed) -> bool:
    """A button; whether it is one of these."""
    if press.action == "handback_form" or (press.action == "handback" and len(act.session.house.bots) > 1):
        _ask_how(act, handoff_of(act, number_in(press.value)))
    elif press.action == "draft":
        number, hint = number_and_note(press.value)
        carry_out(act, "draft", handoff_of(act, number), hint)
    elif press.action in ON_CARD:
        carry_out(act, press.action, handoff_of(act, number_in(press.value)))
    elif press.action == "handback_pick":
        number, note = number_and_note(press.value)
        carry_out(act, "handback", handoff_of(act, number), note)
        act.confirm(t("#{number} is back with the bot.", number=number))
    elif press.action in ("earlier", "later"):
        may_watch(act.agent)
        act.show("transcript", press.value)
    elif press.action == "takeover":
        _take_over(act, number_in(press.value))
    elif press.action in ("away", "back"):
        _duty(act, away=press.action == "away", form=press.form)
    elif press.form == "queue":
        may_watch(act.agent)
        wanted = filters.chosen(filters.from_text(press.about), press.action, press.value)
        act.show("queue", filters.as_text(wanted))
    else:
        return False
    if press.form == "queue" and press.action in ON_CARD:
        act.show("queue", press.about)
    return True


def carry_out(act: Act, verb: str, handoff: Handoff, text: str = "", named: Sequence[Agent] = ()) -> None:
    """One verb about one handoff."""
    session, agent = act.session, act.agent
    match verb:
        case "transcript":
            may_watch(agent)
            act.show("transcript", handoff.number)
        case "labels":
            may_answer(agent)
            act.show("labels", handoff.number)
        case "label":
            conversation, contact = conversations.by_id(session.tx, handoff.conversation)
            act.decided(handoff.number, conversation, contact, label(conversation, agent, labels_in(text)))
        case "draft":
            _draft(act, handoff, text)
        case "template":
            by_template.open_window(act, handoff, text)
        case "same":
            same_person.open_window(act, handoff, text)
        case "resolve":
            conversation, contact = conversations.by_id(session.tx, handoff.conversation)
            decision = resolve(conversation, agent, handoff.number, handoff.outcome)
            act.decided(handoff.number, conversation, contact, decision)
        case "assign" if not named and not text:
            current(act, handoff)
            may_answer(agent)
            act.show("assign", handoff.number)
        case _:
            _move(act, verb, handoff, text, named)


def _move(act: Act, verb: str, handoff: Handoff, text: str, named: Sequence[Agent]) -> None:
    """A verb that changes the state of the conversation, or whose it is."""
    session = act.session
    conversation, contact = current(act, handoff)
    decision = _decided(act, verb, conversation, text, named)
    opened = decision.conversation.handoff if decision.why else None
    if decision.event == "reopened":  # what was kept open goes on there
        conversations.set_resolved(session.tx, handoff.number)
    act.decided(opened or handoff.number, conversation, contact, decision)
    if decision.event == "assigned" and (since := duty.away_since(session.tx, named[0].id)):
        act.tell(t("{agent} is away since {time}.", agent=named[0].name, time=time_of_day(since)))


def _decided(act: Act, verb: str, conversation: Conversation, text: str, named: Sequence[Agent]) -> Decision:
    agent, now = act.agent, act.session.now
    match verb:
        case "claim":
            return claim(conversation, agent, now)
        case "handback":
            resolved = act.session.house.policy.after_hand_back != "keep"
            return hand_back(conversation, agent, text, now, resolved=resolved)
        case "end":
            return end(conversation, agent, now)
        case "requeue":
            return put_back(conversation, agent, now)
        case "reopen":
            number = conversations.next_number(act.session.tx)
            return take_from_bot(conversation, agent, number, now, reopens=True)
        case "assign" if len(named) == 1:
            return assign(conversation, agent, named[0], now)
        case "assign" if text.casefold() in ("queue", "nobody"):
            return put_back(conversation, agent, now)
        case "assign":
            raise Refused(t("Name one person: `!assign @somebody`, or `!assign queue` to put it back."))
        case _:
            raise Refused(t("`{verb}` is not known here.", verb=verb))


def commanded(act: Act, command: Commanded) -> None:
    """A slash command in the composer."""
    text = command.text.strip()
    match command.verb:
        case "handback":
            _hand_back(act, command)
        case "takeover":
            may_answer(act.agent)
            act.show("takeover", text[:150])
        case "queue":
            may_watch(act.agent)
            doorways = act.session.house.doorways
            act.show("queue", filters.as_text(filters.read(text, act.agent, command.people, doorways)))
        case "desk" if text.casefold() in ("away", "back"):
            _duty(act, away=text.casefold() == "away")
        case "desk" if text.casefold() in ABOUT_THE_DESK:
            may_watch(act.agent)
            act.show("desk")
        case "desk":
            may_watch(act.agent)
            raise Refused(t("`/desk` opens the desk. `/desk away` and `/desk back` say whether you are there."))
        case _:
            known = t("There are `/handback`, `/takeover`, `/queue`, `/desk`.")
            raise Refused(t("`/{verb}` is not known here. {known}", verb=command.verb[:40], known=known))


def submitted(act: Act, form: Submitted) -> tuple[str, str] | None:
    """A form that was sent off. Returns the window that takes its place, and what about; None: it closes."""
    if section := section_of(form.form):
        adjusting.submitted(act, section, form)
        return "settings", ""
    if form.form == "takeover":
        may_answer(act.agent)
        return "takeover", form.values.get("search", "")[:150]
    handoff = handoff_of(act, number_and_note(form.about)[0])
    match form.form:
        case "template":
            return by_template.filled_in(act, handoff, form)
        case "template_preview":
            by_template.sent(act, handoff, form)
        case "same" | "same_preview":
            return same_person.submitted(act, handoff, form)
        case "assign":
            carry_out(act, "assign", handoff, named=[form.people["to"]] if "to" in form.people else ())
        case "labels":
            carry_out(act, "label", handoff, form.values.get("labels", ""))
        case "handback":
            _handed_back(act, handoff, form.values)
        case "draft":
            _say_draft(act, handoff, form)
        case _:
            raise Refused(t("This form is not known any more. Nothing has changed."))
    return None


def _draft(act: Act, handoff: Handoff, hint: str) -> None:
    """A window with a suggested reply: it opens at once, and the words follow."""
    conversation, _ = current(act, handoff)
    may_reply(conversation, act.agent)
    hint = " ".join(hint.split())[:1_000]
    if window := act.show("draft", f"{handoff.number} {hint}".strip()):
        act.session.draft(handoff.number, hint, act.agent, window)


def _say_draft(act: Act, handoff: Handoff, form: Submitted) -> None:
    conversation, contact = current(act, handoff)
    shut = act.session.scene(conversation, contact).shut()
    decision = say_draft(conversation, act.agent, form.values.get("text", ""), shut)
    if inbox.once(act.session.tx, f"draft:{form.answer_to}", act.session.now):  # else it was pressed twice
        act.decided(handoff.number, conversation, contact, decision)


def _ask_how(act: Act, handoff: Handoff) -> None:
    """A window for the note, the bot, and whether all is done; refused to whom handing back would be."""
    conversation, _ = current(act, handoff)
    hand_back(conversation, act.agent, "", act.session.now)
    act.show("handback", handoff.number)


def _handed_back(act: Act, handoff: Handoff, said: Mapping[str, str]) -> None:
    house = act.session.house
    conversation, contact = current(act, handoff)
    bot = said.get("bot", house.bot_of(conversation))
    if bot not in house.bots:
        raise Refused(t("This desk has no such bot any more. Nothing has changed."))
    note, resolved = said.get("note", "").strip(), said.get("outcome", "resolved") == "resolved"
    another = None if bot == house.bot_of(conversation) else bot
    decision = hand_back(conversation, act.agent, note, act.session.now, resolved=resolved, bot=another)
    act.decided(handoff.number, conversation, contact, decision)


def _hand_back(act: Act, command: Commanded) -> None:
    may_answer(act.agent)
    number, note = number_and_note(command.text)
    if number is not None:
        carry_out(act, "handback", handoff_of(act, number), note)
        return
    mine = conversations.claimed_by(act.session.tx, act.agent.id, command.channel)
    if not mine:
        raise Refused(t("You have no claimed conversation in this channel. Name one: `/handback #1042`."))
    if len(mine) == 1:
        carry_out(act, "handback", handoff_of(act, mine[0][0]), note)
        return
    if len(mine) > MOST_CHOICES or len(note) > LONGEST_NOTE:  # nothing is left out, and no note is cut
        named = f"/handback #{mine[0][0]}"
        raise Refused(t("You have {count} conversations here. Name one: `{named}`.", count=len(mine), named=named))
    choices = tuple(
        Choice("handback_pick", f"#{handed} {customer}"[:70], f"{handed} {note}") for handed, customer in mine
    )
    act.tell(t("You have several conversations. Which one goes back to the bot?"), choices)


def _take_over(act: Act, conversation_id: int) -> None:
    found = conversations.maybe(act.session.tx, conversation_id)
    if found is None:
        raise Refused(t("This conversation is not known any more."))
    conversation, contact = found
    number = conversations.next_number(act.session.tx)
    decision = take_from_bot(conversation, act.agent, number, act.session.now)
    act.decided(number, conversation, contact, decision)
    told = t(
        "You have this conversation now: *#{number}*. Its thread is being opened in the queue channel.", number=number
    )
    act.tell(told)


def _duty(act: Act, *, away: bool, form: str = "") -> None:
    may_answer(act.agent)
    duty.set_away(act.session.tx, act.agent, away, act.session.now)
    if form == "desk":
        act.show("desk")
    elif form != HOME:  # that page is drawn anew after every click
        act.tell(t("You are shown as away now.") if away else t("You are shown as there now."))
