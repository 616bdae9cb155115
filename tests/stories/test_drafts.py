"""A suggested reply: it opens at once, the words follow, only the owner sends it, and nothing is sent by itself."""

from collections.abc import AsyncGenerator

import pytest

from bridge import to_agents
from bridge.courier import agents
from bridge.sandbox.world import Entry

from ..conftest import Rig, Rigs, number_of
from .test_windows import acts, all_text, opened


@pytest.fixture
async def with_model(rigs: Rigs) -> AsyncGenerator[Rig]:
    """A bridge with a model, which is the sandbox's."""
    async with rigs(up=False) as rig:
        await rig.start(OPENAI_BASE_URL=f"{rig.sandbox_url}/openai/v1", OPENAI_API_KEY="sk-test")
        yield rig


async def drafted(rig: Rig, card: Entry, who: str = "ana") -> Entry:
    """The window, when the words are in it."""
    after = rig.now
    await rig.team.clicks(who, card, "draft")
    await opened(rig, f"Reply in #{number_of(card)}", after)
    return await opened(rig, f"Reply in #{number_of(card)}", after, "views.update")


def field(window: Entry) -> str:
    (found,) = [it["element"] for it in window.raw["view"]["blocks"] if it["type"] == "input"]
    return found.get("initial_value", "")


async def test_a_model_suggests_and_the_owner_sends_what_they_made_of_it(with_model: Rig) -> None:
    rig = with_model
    customer, card = await rig.claimed()
    window = await drafted(rig, card)
    assert field(window)
    assert "Suggested by a model" in all_text(window.raw["view"]["blocks"])
    assert field(window) not in customer.heard
    after = rig.now
    await acts(rig, "ana", "submit", window.id or "", values={"text": {"text": "It comes on Monday."}})
    await customer.hears(lambda text: text == "It comes on Monday.", "the reply")
    shown = await rig.team.sees_post(card, "Ana to the customer:", after)
    await rig.team.sees_mark(shown.id or "", "white_check_mark")
    asked = [it for it in rig.history("openai", "chat.completions") if "suggest the next reply" in str(it.raw)]
    assert len(asked) == 1


async def test_what_the_customer_never_got_is_not_what_was_said(with_model: Rig) -> None:
    rig = with_model
    _, card = await rig.claimed()
    await rig.sandbox.act("telegram", "maria", "block")
    await rig.types("ana", card, "This fails.")
    await rig.finds("SELECT 1 FROM message WHERE text = 'This fails.' AND state = 'failed'")
    await drafted(rig, card)
    (asked,) = [it for it in rig.history("openai", "chat.completions") if "suggest the next reply" in str(it.raw)]
    assert "talk to a human" in str(asked.raw)
    assert "This fails." not in str(asked.raw)


async def test_a_hint_goes_to_the_model(with_model: Rig) -> None:
    rig = with_model
    _, card = await rig.claimed()
    after = rig.now
    await rig.types("ana", card, "!draft offer her a refund")
    question = await rig.told("ana", "This opens in a window.", after)
    after = rig.now
    await rig.team.presses("ana", question.id or "", "draft")
    await opened(rig, f"Reply in #{number_of(card)}", after, "views.update")
    assert [it for it in rig.history("openai", "chat.completions") if "offer her a refund" in str(it.raw)]


@pytest.mark.parametrize("fault", ["500", "garbage"])
async def test_a_model_that_is_away_is_replaced_by_the_bot_and_that_is_said(with_model: Rig, fault: str) -> None:
    rig = with_model
    customer, card = await rig.claimed()
    after = rig.now
    await customer.says("How long does delivery take?")
    await rig.team.sees_post(card, "How long does delivery take?", after)
    rig.fault("openai", "chat.completions", fault, times=100)
    window = await drafted(rig, card)
    assert "working day" in field(window)
    assert "Without a model" in all_text(window.raw["view"]["blocks"])


async def test_without_a_model_the_bot_is_asked_and_its_state_is_not_touched(rig: Rig) -> None:
    customer, card = await rig.claimed()
    after = rig.now
    await customer.says("How long does delivery take?")
    await rig.team.sees_post(card, "How long does delivery take?", after)
    heard = len(customer.heard)
    window = await drafted(rig, card)
    assert "working day" in field(window)
    await rig.quiet()
    assert customer.heard[heard:] == []


async def test_without_a_model_nobody_reads_what_is_to_be_said_and_that_is_told(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    await rig.types("ana", card, "!draft offer her a refund")
    question = await rig.told("ana", "This opens in a window.", after)
    await rig.team.presses("ana", question.id or "", "draft")
    window = await opened(rig, f"Reply in #{number_of(card)}", after, "views.update")
    assert "No model has read what you wrote" in all_text(window.raw["view"]["blocks"])


async def test_right_after_a_person_was_asked_for_the_question_before_is_answered(rig: Rig) -> None:
    customer = rig.customer("telegram")
    await customer.says("How long does delivery take?")
    await customer.hears(lambda text: "working day" in text, "the bot's answer")
    after = rig.now
    await customer.says("I want to talk to a human")
    await customer.says("Hello??")
    card = await rig.team.card_of("Maria", after)
    await rig.team.clicks("ana", card, "claim")
    await rig.team.sees_card(card, "Ana", after)
    window = await drafted(rig, card)
    assert "working day" in field(window)
    assert "this is what the bot would say" in all_text(window.raw["view"]["blocks"])


async def test_where_a_person_is_all_that_was_asked_for_there_is_no_suggestion(rig: Rig) -> None:
    _, card = await rig.claimed()
    window = await drafted(rig, card)
    assert field(window) == ""
    assert "There is no suggestion" in all_text(window.raw["view"]["blocks"])


async def test_a_suggestion_that_does_not_arrive_is_marked_and_can_be_sent_again(rig: Rig) -> None:
    customer, card = await rig.claimed()
    window, after = await drafted(rig, card), rig.now
    await rig.sandbox.act("telegram", "maria", "block")
    await acts(rig, "ana", "submit", window.id or "", values={"text": {"text": "It comes on Monday."}})
    shown = await rig.team.sees_post(card, "Ana to the customer:", after)
    await rig.team.sees_mark(shown.id or "", "warning")
    notice = await rig.team.sees_post(card, "This did not reach the customer", after)
    await rig.sandbox.act("telegram", "maria", "unblock")
    await rig.team.presses("ana", notice.id or "", "again")
    await customer.hears(lambda text: text == "It comes on Monday.", "the reply")
    await rig.team.sees_mark(shown.id or "", "white_check_mark")


async def test_a_suggestion_that_is_on_its_way_for_long_is_marked_however_late_it_is_shown(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (to_agents, agents):
        monkeypatch.setattr(module, "SLOW", to_agents.MARKS_WAIT)
    _, card = await rig.claimed()
    window, after = await drafted(rig, card), rig.now
    rig.fault("telegram", "sendMessage", "429", seconds=5)
    rig.fault("slack", "chat.postMessage", "429", seconds=2)
    await acts(rig, "ana", "submit", window.id or "", values={"text": {"text": "It comes on Monday."}})
    shown = await rig.team.sees_post(card, "Ana to the customer:", after)
    await rig.team.sees_mark(shown.id or "", "hourglass_flowing_sand")
    await rig.team.sees_mark(shown.id or "", "white_check_mark")


async def test_what_never_arrived_is_not_said_to_be_sent(rig: Rig) -> None:
    _, card = await rig.claimed()
    await rig.sandbox.act("telegram", "maria", "block")
    ts, after = await rig.types("ana", card, "Hello"), rig.now
    await rig.finds("SELECT 1 FROM message WHERE text = 'Hello' AND state = 'failed'")
    await acts(rig, "ana", "shortcut", f"{card.chat}:{ts}", callback_id="send_message")
    await rig.told("ana", "This did not reach the customer.", after)


async def test_only_the_owner_gets_a_suggestion(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    await rig.team.clicks("ben", card, "draft")
    await rig.told("ben", "Only Ana can say something to the customer here.", after)
    assert not rig.history("slack", "views.open", after=after)


async def test_what_is_sent_off_after_the_hand_back_reaches_nobody(rig: Rig) -> None:
    customer, card = await rig.claimed()
    window, after = await drafted(rig, card), rig.now
    await rig.team.clicks("ana", card, "handback")
    await rig.team.sees_card(card, "Back with the bot", after)
    await acts(rig, "ana", "submit", window.id or "", values={"text": {"text": "Too late."}})
    await rig.quiet()
    assert "Too late." not in customer.heard


@pytest.mark.parametrize("text", ["Once.", "half \ud83d emoji"])
async def test_a_window_that_is_sent_off_twice_says_it_once(rig: Rig, text: str) -> None:
    """Slack leaves it open when our answer is late, and people press again."""
    customer, card = await rig.claimed()
    window, before = await drafted(rig, card), len(customer.heard)
    said = {"text": {"text": {"type": "plain_text_input", "value": text}}}
    view = {"id": window.id, "callback_id": "draft", "private_metadata": number_of(card), "state": {"values": said}}
    intake = rig.bridge.workspace._intakes[0]
    for trigger in ("t1", "t2"):
        body = {"type": "view_submission", "trigger_id": trigger, "team": {"id": "T1"}, "user": {"id": "U0ANA"}}
        stored = await intake.take({**body, "view": view})
        assert stored
        assert not stored.told
    await customer.hears(lambda _: True, "the reply", before)
    await rig.quiet()
    assert len(customer.heard) == before + 1
