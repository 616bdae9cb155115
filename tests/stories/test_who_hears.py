"""What agents write in a thread: who hears it, who is asked, and what becomes of every answer."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bridge.demo.customers import Customer
from bridge.sandbox.world import Entry

from ..conftest import Rig

HELD = "raised_hand"
Happens = Callable[[Rig, Customer, Entry], Awaitable[None]]
SECRET = "It fell off the lorry"


async def asked(rig: Rig, who: str, card: Entry, text: str = SECRET) -> tuple[str, Entry]:
    """Somebody writes and is asked about it: the message's ts, and the question."""
    after = rig.now
    ts = await rig.types(who, card, text)
    await rig.team.sees_mark(ts, HELD, after)
    return ts, await rig.told(who, "", after)


async def unmarked(rig: Rig, ts: str) -> None:
    def fits() -> bool | None:
        return any(entry.id == ts and entry.text == HELD for entry in rig.history("slack", "reactions.remove")) or None

    await rig.until(fits, "the hand taken down")


def labels(question: Entry) -> list[str]:
    blocks = question.raw.get("blocks") or []
    return [part["text"]["text"] for block in blocks if block["type"] == "actions" for part in block["elements"]]


# --------------------------------------------------------------------------------------------------- the owner's words


async def test_the_owner_s_words_arrive_once_in_order_and_marked(rig: Rig) -> None:
    customer, card = await rig.claimed()
    stamps = [await rig.types("ana", card, f"Line {number}") for number in range(5)]
    for ts in stamps:
        await rig.team.sees_mark(ts, "white_check_mark")
    assert [text for text in customer.heard if text.startswith("Line")] == [f"Line {number}" for number in range(5)]


@pytest.mark.parametrize("text", ["!note ask the boss", "!NOTE ask the boss", "note: ask the boss", "Note : ask"])
async def test_a_note_stays(rig: Rig, text: str) -> None:
    customer, card = await rig.claimed()
    await rig.types("ana", card, text)
    assert not [heard for heard in await rig.hears_next(customer, "ana", card) if "ask" in heard]
    assert not rig.history("slack", "chat.postEphemeral")


async def test_say_is_for_the_customer_even_with_a_mention(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.types("ana", card, "!say Ask for @ben at the desk")
    await customer.hears(lambda text: text == "Ask for @Ben at the desk", "the words without the verb")


async def test_an_unknown_verb_is_held_and_sent_when_the_owner_says_so(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts, question = await asked(rig, "ana", card, "!hanback please")
    assert "`!hanback` is not a command" in (question.text or "")
    assert labels(question) == ["Send", "Keep as note"]
    assert "!hanback please" not in await rig.hears_next(customer, "ana", card)
    await rig.team.presses("ana", question.id or "", "held_send")
    await customer.hears(lambda text: text == "!hanback please", "the held words")
    await unmarked(rig, ts)
    await rig.team.sees_mark(ts, "white_check_mark")


async def test_a_mention_is_held_and_kept_as_a_note(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts, question = await asked(rig, "ana", card, "@ben can you check?")
    assert "This mentions @Ben" in (question.text or "")
    await asyncio.gather(*(rig.team.presses("ana", question.id or "", act) for act in ("held_note", "held_send")))
    await unmarked(rig, ts)
    await rig.told("ana", "already decided about")
    assert not [text for text in await rig.hears_next(customer, "ana", card) if "check" in text]


# ------------------------------------------------------------------------------------------------------- somebody else


async def test_before_a_claim_claim_and_send_does_both(rig: Rig) -> None:
    customer, card = await rig.waiting()
    ts, question = await asked(rig, "ben", card)
    assert labels(question) == ["Claim and send", "Keep as note"]
    await rig.team.presses("ben", question.id or "", "held_send")
    await customer.hears(lambda text: text == SECRET, "the held words")
    assert customer.heard[-2:] == ["You are now talking to Ben.", SECRET]
    await unmarked(rig, ts)


async def test_somebody_else_may_claim_and_send(rig: Rig) -> None:
    customer, card = await rig.claimed()
    _, question = await asked(rig, "ben", card)
    assert labels(question) == ["Claim and send", "Keep as note", "Take over from Ana"]
    assert SECRET not in await rig.hears_next(customer, "ana", card)
    await rig.team.presses("ben", question.id or "", "held_send")
    await customer.hears(lambda text: text == SECRET, "the held words")
    assert customer.heard[-2:] == ["You are now talking to Ben.", SECRET]
    await rig.team.sees_post(card, "Ben took over from Ana.")


async def test_somebody_else_may_take_over_without_sending(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts, question = await asked(rig, "ben", card)
    await rig.team.presses("ben", question.id or "", "held_take")
    await customer.hears(lambda text: text == "You are now talking to Ben.", "the handover")
    again = await rig.told("ben", "You have this conversation now.")
    assert labels(again) == ["Send", "Keep as note"]
    await rig.team.presses("ben", question.id or "", "held_note")
    await unmarked(rig, ts)
    assert SECRET not in await rig.hears_next(customer, "ben", card)


async def test_somebody_else_may_keep_a_note(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts, question = await asked(rig, "ben", card)
    await rig.team.presses("ben", question.id or "", "held_note")
    await unmarked(rig, ts)
    assert SECRET not in await rig.hears_next(customer, "ana", card)


async def hands_back(rig: Rig, customer: Customer, card: Entry) -> None:
    await rig.team.clicks("ana", card, "handback")
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return")


async def is_claimed_by_clea(rig: Rig, customer: Customer, card: Entry) -> None:
    _, question = await asked(rig, "clea", card, "Let me")
    await rig.team.presses("clea", question.id or "", "held_take")
    await customer.hears(lambda text: "talking to Clea" in text, "the handover")


@pytest.mark.parametrize("happens", [hands_back, is_claimed_by_clea])
@pytest.mark.parametrize("answer", ["held_send", "held_take"])
async def test_an_answer_to_an_old_question_sends_nothing(rig: Rig, answer: str, happens: Happens) -> None:
    customer, card = await rig.claimed()
    ts, question = await asked(rig, "ben", card)
    await happens(rig, customer, card)
    after = rig.now
    await rig.team.presses("ben", question.id or "", answer)
    await rig.told("ben", "Things have changed since this was asked", after)
    await rig.quiet()
    assert SECRET not in customer.heard
    await rig.team.presses("ben", question.id or "", "held_note")
    await unmarked(rig, ts)


async def test_a_deleted_held_message_is_decided(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts, question = await asked(rig, "ben", card)
    await rig.team.deletes("ben", card, ts)
    await rig.hears_next(customer, "ana", card)
    await rig.team.presses("ben", question.id or "", "held_send")
    await rig.told("ben", "already decided about")
    assert SECRET not in customer.heard


async def test_a_held_message_goes_out_with_its_newest_words(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts, question = await asked(rig, "ben", card)
    await rig.team.edits("ben", card, ts, "It is on its way")
    await rig.hears_next(customer, "ana", card)
    await rig.team.presses("ben", question.id or "", "held_send")
    await customer.hears(lambda text: text == "It is on its way", "the newest words")
    assert SECRET not in customer.heard


async def test_a_held_message_that_became_a_note_is_never_sent(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts, question = await asked(rig, "ben", card)
    await rig.team.edits("ben", card, ts, f"!note {SECRET}")
    await unmarked(rig, ts)
    await rig.team.presses("ben", question.id or "", "held_send")
    await rig.told("ben", "already decided about")
    assert not [text for text in await rig.hears_next(customer, "ana", card) if SECRET in text]


# ------------------------------------------------------------------------------------------------------------ strangers


@pytest.mark.parametrize("who", ["gus", "eve"])
async def test_guests_and_strangers_send_nothing_and_all_learn_it(rig: Rig, who: str) -> None:
    customer, card = await rig.claimed()
    await rig.types(who, card, SECRET)
    await rig.told(who, "does not reach the customer")
    await rig.team.sees_post(card, "what they write does not reach the customer")
    await rig.types(who, card, "And another thing")
    await rig.hears_next(customer, "ana", card)
    await rig.quiet()
    assert not [text for text in customer.heard if text in (SECRET, "And another thing")]
    posts = [entry.text or "" for entry in rig.history("slack", "chat.postMessage")]
    assert len([text for text in posts if "what they write does not reach" in text]) == 1


async def test_what_is_written_outside_the_threads_is_nobody_s_business(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.sandbox.act("slack", "ana", "type", card.chat or "", "Lunch?")
    await rig.sandbox.act("slack", "ana", "type", "C0GENERAL", "Lunch?")
    assert "Lunch?" not in await rig.hears_next(customer, "ana", card)
    assert not rig.history("slack", "chat.postEphemeral")


async def test_help_is_told_to_whoever_asks(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.types("ben", card, "!help")
    await rig.told("ben", "!handback")
    assert "!help" not in await rig.hears_next(customer, "ana", card)


async def test_a_question_that_scrolled_away_is_asked_again(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts, _ = await asked(rig, "ana", card, "Can <@U0BEN> look at this?")
    after = rig.now
    await rig.types("ana", card, "!held")
    question = await rig.told("ana", "This was held", after)
    await rig.team.presses("ana", question.id or "", "held_send")
    await customer.hears(lambda text: "look at this" in text, "what was held")
    await unmarked(rig, ts)
