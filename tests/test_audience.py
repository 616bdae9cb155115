"""Who hears an agent: what each is told, and the ways out that they are offered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from bridge.audience import agent_says
from bridge.changing import Reach, agent_changes, correct
from bridge.content import Author
from bridge.conversation import Conversation, Decision, State
from bridge.effects import (
    Change,
    KeepChange,
    KeepCorrection,
    KeepMessage,
    PostNotice,
    Say,
    SendHeld,
    Settle,
    ShowFate,
    TellAgent,
)
from bridge.errors import Refused
from bridge.files import File
from bridge.held import Kept, decide
from bridge.ports import Agent, Choice, Place, Retyped, Role, Typed

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ANA, BEN = Agent("U0ANA", "Ana"), Agent("U0BEN", "Ben")
GUS = Agent("U0GUS", "Gus", Role.OUTSIDER)
THREAD, PLACE = Place("C0SUPPORT", "1.0"), Place("C0SUPPORT", "2.0")
WITH_ANA = Conversation(7, State.CLAIMED, 4, NOW, 1001, ANA)
QUEUED = Conversation(7, State.QUEUED, 3, NOW, 1001)
HELD = Kept(31, BEN.id, "On its way", "held", PLACE, 1001)
SENT = Kept(31, ANA.id, "On its way", "sent", PLACE, 1001)

Kind = TypeVar("Kind")


def writes(
    conversation: Conversation, who: Agent, text: str, *mentions: str, why: str = "", files: tuple[File, ...] = ()
) -> Decision:
    return agent_says(conversation, Typed(who, PLACE, THREAD, text, mentions, why, files=files), 1001)


def changes(kept: Kept, text: str, *mentions: str, who: Agent = ANA, can_edit: bool = True) -> Decision:
    return agent_changes(WITH_ANA, kept, Retyped(who, PLACE, THREAD, text, mentions), Reach("Whatsapp", can_edit))


def the(kind: type[Kind], decision: Decision) -> Kind:
    (found,) = (effect for effect in decision.effects if isinstance(effect, kind))
    return found


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return str(refused.value)


def test_the_owner_s_text_goes_out_under_their_name_and_remembers_where_it_stands() -> None:
    assert writes(WITH_ANA, ANA, " On its way.\n").effects == (
        Say(Author("agent", "Ana"), "On its way.", source=PLACE),
    )


def test_somebody_else_is_offered_three_ways() -> None:
    decision = writes(WITH_ANA, BEN, "On its way")
    told = the(TellAgent, decision)
    assert told.agent_id == BEN.id
    assert told.text == "Only Ana's messages reach the customer, so this was not sent."
    assert told.quote == "On its way"
    assert told.choices == (
        Choice("held_send", "Claim and send", "{held}:4"),
        Choice("held_note", "Keep as note", "{held}:4"),
        Choice("held_take", "Take over from Ana", "{held}:4"),
    )
    assert the(KeepMessage, decision) == KeepMessage(Author("agent", "Ben"), BEN.id, "On its way", PLACE, "held")
    assert the(ShowFate, decision) == ShowFate(PLACE)


def test_before_a_claim_there_is_nobody_to_take_over_from() -> None:
    told = the(TellAgent, writes(QUEUED, BEN, "On its way"))
    assert [choice.label for choice in told.choices] == ["Claim and send", "Keep as note"]
    assert told.text.startswith("Nobody has claimed this conversation")


def test_the_owner_s_unknown_verb_is_named() -> None:
    told = the(TellAgent, writes(WITH_ANA, ANA, "!hanback called her"))
    assert told.text == "`!hanback` is not a command, so this was not sent."
    assert [choice.label for choice in told.choices] == ["Send", "Keep as note"]


def test_the_owner_s_mention_is_named() -> None:
    told = the(TellAgent, writes(WITH_ANA, ANA, "@Ben and #sales, can you look?", "@Ben", "#sales"))
    assert told.text == "This mentions @Ben, #sales, so it was not sent."


def test_a_file_that_nobody_can_carry_stays_here_with_its_words_whoever_sends_it() -> None:
    for who, conversation in ((ANA, WITH_ANA), (BEN, WITH_ANA), (BEN, QUEUED)):
        decision = writes(conversation, who, "As promised", why="It is a link.")
        assert the(TellAgent, decision).text == "Nothing of this was sent to the customer: It is a link."
        assert the(KeepMessage, decision).state == "note"
        assert Say not in {type(effect) for effect in decision.effects}


FILE = File("file", "invoice.pdf", "application/pdf", 9, "F1")


def test_the_owners_file_goes_out_with_and_without_words() -> None:
    for text in ("As promised", ""):
        assert the(Say, writes(WITH_ANA, ANA, text, files=(FILE,))).files == (FILE,)


def test_a_file_is_kept_or_held_as_its_words_are() -> None:
    note = writes(WITH_ANA, ANA, "!note for us", files=(FILE,))
    assert (the(KeepMessage, note).files, the(KeepMessage, note).state) == ((FILE,), "note")
    for who, text, *mentions in ((BEN, ""), (ANA, "look", "@Ben"), (ANA, "!hanback")):
        held = writes(WITH_ANA, who, text, *mentions, files=(FILE,))
        assert (the(KeepMessage, held).files, the(KeepMessage, held).state) == ((FILE,), "held")
        assert "[file: invoice.pdf]" in the(TellAgent, held).quote


def test_a_held_file_without_words_can_be_sent() -> None:
    held = replace(HELD, text="", files=1)
    with_ben = replace(WITH_ANA, owner=BEN)
    assert SendHeld(HELD.id) in decide(with_ben, held, "send", with_ben.epoch, BEN, NOW).effects


def test_a_caption_is_not_changed_but_can_be_corrected() -> None:
    sent = replace(SENT, files=1)
    edit = Retyped(ANA, PLACE, THREAD, "It left", ())
    told = the(TellAgent, agent_changes(WITH_ANA, sent, edit, Reach("Telegram", can_edit=True)))
    assert told.text.startswith("Messages with files cannot be changed")


def test_a_blank_message_is_nothing() -> None:
    assert writes(WITH_ANA, ANA, "  ").effects == ()


@pytest.mark.parametrize("verb", ["say", "note"])
def test_a_verb_without_words_explains_itself(verb: str) -> None:
    assert refusal(lambda: writes(WITH_ANA, ANA, f"!{verb} ")) == f"Write the words after it: `!{verb} ...`."


def test_a_guest_is_told_and_the_thread_only_once() -> None:
    decision = writes(WITH_ANA, GUS, "Hello!")
    assert "does not reach the customer" in the(TellAgent, decision).text
    notice = the(PostNotice, decision)
    assert notice.text.startswith("Gus is a guest here")
    assert notice.once == "guest:1.0:U0GUS"


def test_a_guest_cannot_whisper() -> None:
    assert refusal(lambda: writes(WITH_ANA, GUS, "!whisper hello")).startswith("Only members of this workspace")


def test_nobody_is_whispered_to_in_an_older_thread() -> None:
    typed = Typed(BEN, PLACE, THREAD, "!whisper offer a refund")
    refused = refusal(lambda: agent_says(replace(WITH_ANA, handoff=1002), typed, 1001))
    assert refused.startswith("Nobody has this conversation")


def test_a_whisper_calls_the_owner_and_stays_a_note() -> None:
    decision = writes(WITH_ANA, BEN, "!whisper offer a refund")
    assert the(KeepMessage, decision).state == "note"
    notice = the(PostNotice, decision)
    assert notice.quote == "offer a refund"
    assert notice.pings == (ANA.id,)


# -------------------------------------------------------------------------------------------------- held, and decided


def test_taking_over_asks_again_about_the_message() -> None:
    decision = decide(WITH_ANA, HELD, "take", 4, BEN, NOW)
    assert decision.conversation.owner == BEN
    asked = the(TellAgent, decision)
    assert [(choice.action, choice.value) for choice in asked.choices] == [("held_send", "31:5"), ("held_note", "31:5")]
    assert not any(isinstance(effect, SendHeld) for effect in decision.effects)


def test_claiming_and_sending_does_both_and_takes_the_mark_away() -> None:
    decision = decide(QUEUED, replace(HELD, handoff=1001), "send", 3, BEN, NOW)
    assert decision.conversation.owner == BEN
    assert decision.effects[-2:] == (SendHeld(31), ShowFate(PLACE))


def test_a_stale_answer_says_how_things_are_now() -> None:
    assert refusal(lambda: decide(WITH_ANA, HELD, "send", 3, BEN, NOW)) == (
        "Things have changed since this was asked; the message stays held. Now Ana has the conversation."
    )
    assert refusal(lambda: decide(QUEUED, HELD, "send", 2, BEN, NOW)).endswith("Nobody owns the conversation now.")


def test_what_was_decided_is_decided() -> None:
    told = refusal(lambda: decide(WITH_ANA, replace(HELD, state="note"), "send", 4, BEN, NOW))
    assert told == "You have already decided about this message."


def test_nobody_decides_about_another_s_words() -> None:
    told = refusal(lambda: decide(WITH_ANA, HELD, "send", 4, ANA, NOW))
    assert told == "Only the person who wrote this message can decide about it."


def test_a_demoted_author_can_only_keep_a_note() -> None:
    viewer = replace(BEN, role=Role.VIEWER)
    offered = the(TellAgent, writes(QUEUED, viewer, "Hello?")).choices
    assert [choice.label for choice in offered] == ["Keep as note"]
    assert refusal(lambda: decide(QUEUED, HELD, "send", 3, viewer, NOW)).startswith("Your role lets you watch.")
    assert the(Settle, decide(QUEUED, HELD, "note", 3, viewer, NOW)) == Settle(31, "note")


# -------------------------------------------------------------------------------------------------------------- changes


def test_a_change_is_carried_without_its_verb() -> None:
    assert changes(SENT, "!say It left today").effects == (Change(31, "It left today"),)


def test_the_same_words_are_no_change() -> None:
    assert changes(SENT, "!say On its way").effects == ()


def test_the_same_words_after_note_are_one() -> None:
    assert "cannot become a note" in refusal(lambda: changes(SENT, "!note On its way"))
    assert the(Settle, changes(HELD, "!note On its way", who=BEN)) == Settle(31, "note")


def test_where_nothing_can_be_changed_a_correction_is_offered() -> None:
    decision = changes(SENT, "It left today", can_edit=False)
    assert the(KeepChange, decision) == KeepChange(31, "It left today")
    told = the(TellAgent, decision)
    assert told.text == "Messages on Whatsapp cannot be changed: the customer still has the first text."
    assert told.choices == (Choice("correct", "Send as a correction", "31", "primary"),)


@pytest.mark.parametrize("text", ["!note It left today", "note: It left today", "!handback", "!sy It left", "!say"])
def test_what_was_read_cannot_become_anything_else(text: str) -> None:
    assert "cannot become a note" in refusal(lambda: changes(SENT, text))


def test_a_mention_does_not_slip_in_by_a_change() -> None:
    assert "because it mentions @Ben" in refusal(lambda: changes(SENT, "Ask @Ben", "@Ben"))
    assert changes(SENT, "!say Ask @Ben", "@Ben").effects == (Change(31, "Ask @Ben"),)


@pytest.mark.parametrize("text", ["It left today", "!say It left today", "!sy It left today"])
def test_a_note_does_not_become_a_reply_by_a_change_but_its_owner_is_asked(text: str) -> None:
    decision = changes(replace(SENT, state="note"), text)
    assert the(Settle, decision) == Settle(31, "held")
    assert ShowFate(PLACE) in decision.effects
    assert not [effect for effect in decision.effects if isinstance(effect, Say)]
    asked = the(TellAgent, decision)
    assert "Is it for the customer now?" in asked.text
    assert [(it.action, it.value) for it in asked.choices] == [("held_send", "31:4"), ("held_note", "31:4")]


@pytest.mark.parametrize("text", ["!note It left today", "!handback", "note: x"])
@pytest.mark.parametrize("who", [ANA, BEN])
def test_a_note_that_is_changed_stays_one(text: str, who: Agent) -> None:
    decision = changes(replace(SENT, state="note", agent_id=who.id), text, who=who)
    assert not [effect for effect in decision.effects if isinstance(effect, Settle | Say)]


def test_a_colleague_s_note_stays_one_whatever_it_becomes() -> None:
    decision = changes(replace(SENT, state="note", agent_id=BEN.id), "It left today", who=BEN)
    assert [type(effect) for effect in decision.effects] == [KeepMessage]


def test_an_order_that_is_not_quite_one_is_asked_about() -> None:
    asked = the(TellAgent, writes(WITH_ANA, ANA, "!note, she lies"))
    assert asked.text.startswith("`!note,` looks like a command")
    assert the(KeepMessage, writes(WITH_ANA, ANA, "Hello\n!note she lies")).state == "held"


def test_a_held_message_is_held_with_its_new_words() -> None:
    decision = changes(HELD, "!say It left today", who=BEN)
    assert the(KeepMessage, decision) == KeepMessage(Author("agent", "Ben"), BEN.id, "It left today", PLACE, "held")


@pytest.mark.parametrize("text", ["!note secret", "note: secret", "!end", "!handback", "!help"])
def test_a_held_message_whose_new_words_are_not_for_the_customer_is_a_note(text: str) -> None:
    decision = changes(HELD, text, who=BEN)
    assert the(Settle, decision) == Settle(31, "note")
    assert the(ShowFate, decision) == ShowFate(PLACE)


def test_what_is_held_is_asked_about_again() -> None:
    decision = agent_says(WITH_ANA, Typed(BEN, PLACE, THREAD, "!held"), 1001, [HELD])
    assert the(TellAgent, decision) == TellAgent(
        BEN.id,
        "Only Ana's messages reach the customer, so this was not sent.",
        HELD.text,
        (
            Choice("held_send", "Claim and send", "31:4"),
            Choice("held_note", "Keep as note", "31:4"),
            Choice("held_take", "Take over from Ana", "31:4"),
        ),
    )


def test_what_the_owner_has_held_can_be_sent_or_kept() -> None:
    decision = agent_says(WITH_ANA, Typed(ANA, PLACE, THREAD, "!held and more"), 1001, [HELD])
    assert [choice.label for choice in the(TellAgent, decision).choices] == ["Send", "Keep as note"]


def test_where_nothing_is_held_that_is_said() -> None:
    assert "No message of yours" in the(TellAgent, writes(WITH_ANA, BEN, "!held")).text


def test_a_correction_is_said_once() -> None:
    changed = replace(SENT, changed="It left today")
    assert correct(WITH_ANA, changed, ANA).effects == (
        KeepCorrection(31, "It left today"),
        Say(Author("agent", "Ana"), "It left today", corrects=31),
    )
    assert refusal(lambda: correct(WITH_ANA, SENT, ANA)) == "This correction was sent already."


@pytest.mark.parametrize(
    ("conversation", "who"),
    [
        (QUEUED, ANA),
        (replace(WITH_ANA, owner=BEN), ANA),
        (WITH_ANA, BEN),
        (replace(WITH_ANA, handoff=1002), ANA),
    ],
)
def test_a_correction_is_the_owner_s(conversation: Conversation, who: Agent) -> None:
    changed = replace(SENT, changed="It left today")
    assert "no longer yours" in refusal(lambda: correct(conversation, changed, who))


def test_what_has_no_words_left_is_not_sent() -> None:
    empty = replace(HELD, text=" ")
    refused = refusal(lambda: decide(WITH_ANA, empty, "send", WITH_ANA.epoch, BEN, NOW))
    assert refused == "There are no words in this that could be sent."


def test_what_a_guest_says_to_the_customer_is_kept_without_the_verb() -> None:
    assert the(KeepMessage, writes(WITH_ANA, GUS, "!say hello")).text == "hello"
