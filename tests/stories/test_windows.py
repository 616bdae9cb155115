"""Windows, lists, the app's page and the board: what agents and managers do beside the thread."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from bridge.sandbox.world import Entry

from ..conftest import Rig, Rigs, number_of


def all_text(node: Any) -> str:
    """Every word of some blocks."""
    if isinstance(node, list):
        return " ".join(map(all_text, node))
    if isinstance(node, dict):
        own = node["text"] if isinstance(node.get("text"), str) else ""
        return f"{own} " + " ".join(all_text(value) for value in node.values() if isinstance(value, list | dict))
    return ""


def options(view: Any) -> dict[str, str]:
    """What the menus of a window offer: its value, by what is read."""
    menus = [it for block in view["blocks"] if block["type"] == "actions" for it in block["elements"]]
    return {option["text"]["text"]: option["value"] for it in menus for option in it["options"]}


def fields(view: Any) -> list[str]:
    """What is to be filled in there."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


async def opened(rig: Rig, title: str, after: int, kind: str = "views.open") -> Entry:
    """A window with this title."""

    def fits(entry: Entry) -> bool:
        return entry.kind == kind and title in all_text(entry.raw["view"].get("title") or entry.raw["view"]["blocks"])

    return await rig.watch.entry("slack", fits, f"a window {title}", after)


def summed_up(entry: Entry) -> str:
    """What a card says that it is about."""
    return "\n".join(line for line in (entry.text or "").splitlines() if line.startswith(("Asked", "Wants")))


def links(entry: Entry) -> dict[str, str]:
    """Where the words of a message lead."""
    parts = [
        it
        for block in entry.raw.get("blocks", ())
        for section in block.get("elements", ())
        for it in section.get("elements", ())
    ]
    return {part["text"]: part["url"] for part in parts if part.get("type") == "link"}


async def acts(rig: Rig, who: str, action: str, target: str, text: str = "", **more: Any) -> None:
    done = await rig.sandbox.act("slack", who, action, target, text, **more)
    assert done["ok"], done


async def home_of(rig: Rig, who: str, says: str = "") -> Entry:
    """The app's own page, once it says this to somebody who opens it."""
    after = rig.now
    await acts(rig, who, "open_home", "")
    return await opened(rig, says, after, "views.publish")


async def queue_of(rig: Rig, words: str, who: str = "clea") -> str:
    """What /queue shows."""
    after = rig.now
    await rig.team.commands(who, f"/queue {words}")
    return all_text((await opened(rig, "Queue", after)).raw["view"]["blocks"])


async def test_a_conversation_is_assigned_in_a_window_and_both_are_told(rig: Rig) -> None:
    customer, card = await rig.claimed()
    after = rig.now
    await rig.team.clicks("ana", card, "assign")
    window = await opened(rig, f"Assign #{number_of(card)}", after)
    await acts(rig, "ana", "submit", window.id or "", values={"to": {"to": "U0BEN"}})
    await rig.team.sees_card(card, "Ben has this", after)
    told = await rig.team.sees_post(card, "Ana assigned this to Ben", after)
    assert {"type": "user", "user_id": "U0BEN"} in told.raw["blocks"][0]["elements"][0]["elements"]
    await customer.hears(lambda text: text == "You are now talking to Ben.", "the handover")
    heard = await rig.hears_next(customer, "ben", card)
    assert heard[-1] == "And so on."
    await rig.types("ana", card, "Still me?")
    await rig.told("ana", "Only Ben's messages reach the customer", after)
    assert "Still me?" not in " ".join(await rig.hears_next(customer, "ben", card, "No, me."))


async def test_what_is_put_back_waits_for_the_next_to_claim_it(rig: Rig) -> None:
    customer, card = await rig.claimed()
    after = rig.now
    await rig.team.clicks("ana", card, "assign")
    window = await opened(rig, "Assign", after)
    await acts(rig, "ana", "click", window.id or "", action_id="requeue")
    await rig.team.sees_card(card, "Waiting for a person", after)
    await rig.types("ana", card, "Am I heard?")
    await rig.told("ana", "Nobody has claimed this conversation", after)
    await rig.team.clicks("ben", card, "claim")
    await rig.team.sees_card(card, "Ben has this", after)
    assert "Am I heard?" not in " ".join(await rig.hears_next(customer, "ben", card))


async def test_a_verb_assigns_to_the_one_who_is_named(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    await rig.types("ana", card, "!assign @ben")
    await rig.team.sees_card(card, "Ben has this", after)


async def test_a_form_that_came_too_late_says_so_in_its_place(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    await rig.team.clicks("ana", card, "assign")
    window = await opened(rig, "Assign", after)
    await rig.team.clicks("ana", card, "handback")
    await rig.team.sees_card(card, "Back with the bot", after)
    await acts(rig, "ana", "submit", window.id or "", values={"to": {"to": "U0BEN"}})

    def shown() -> str | None:
        view = rig.sandbox.slack.views.open_views[window.id or ""].view
        text = all_text(view["blocks"])
        return text if "The bot is answering here" in text else None

    await rig.until(shown, "the refusal in the window")
    await rig.quiet()
    assert not [it for it in rig.history("slack", "chat.update", after=after) if "Ben has this" in (it.text or "")]


async def test_labels_stand_on_the_card_and_the_queue_is_filtered_by_them(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    await rig.team.clicks("ana", card, "labels")
    window = await opened(rig, "Labels", after)
    await acts(rig, "ana", "submit", window.id or "", values={"labels": {"labels": "Refund, #VIP refund"}})
    await rig.team.sees_card(card, "🏷 refund 🏷 vip", after)
    assert f"#{number_of(card)} Maria" in await queue_of(rig, "claimed label:vip")
    assert "Nothing here." in await queue_of(rig, "label:other")


async def test_the_transcript_says_what_was_said_and_who_did_what(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    await rig.team.clicks("ben", card, "transcript")
    shown = all_text((await opened(rig, f"#{number_of(card)}", after)).raw["view"]["blocks"])
    assert "I want to talk to a human" in shown
    assert "A person was wanted" in shown
    assert "Ana claimed it" in shown


async def test_the_queue_window_lets_somebody_claim_and_shows_it(rig: Rig) -> None:
    _, card = await rig.waiting()
    after = rig.now
    await rig.team.commands("ben", "/queue")
    window = await opened(rig, "Queue", after)
    await acts(rig, "ben", "click", window.id or "", action_id="claim")
    await rig.team.sees_card(card, "Ben has this", after)
    drawn = await opened(rig, "Queue", after, "views.update")
    assert "Ben has it" in all_text(drawn.raw["view"]["blocks"])
    before = rig.now
    await acts(rig, "ben", "click", window.id or "", action_id="state", value="queued")
    drawn = await opened(rig, "Queue", before, "views.update")
    assert "Nothing here." in all_text(drawn.raw["view"]["blocks"])


async def test_the_queue_window_shows_what_any_person_has(rig: Rig) -> None:
    _, maria = await rig.claimed()
    _, jonas = await rig.claimed(name="jonas", by="ben")
    after = rig.now
    await rig.team.commands("clea", "/queue")
    window = (await opened(rig, "Queue", after)).id or ""

    async def chosen(menu: str, value: str) -> str:
        before = rig.now
        await acts(rig, "clea", "click", window, action_id=menu, value=value)
        return all_text((await opened(rig, "Queue", before, "views.update")).raw["view"]["blocks"])

    shown = await chosen("person", "U0BEN")
    assert f"#{number_of(jonas)} Jonas" in shown
    assert "Maria" not in shown
    assert "Somebody else" in shown
    shown = await chosen("state", "queued")
    assert "Nothing here." in shown, "the other filters go on"
    await chosen("state", "open")
    shown = await chosen("owner", "-")
    assert f"#{number_of(jonas)} Jonas" in shown
    assert f"#{number_of(maria)} Maria" in shown
    assert "Nothing here." in await chosen("owner", "U0CLEA")


async def test_an_agent_takes_over_from_the_bot_in_one_step(rig: Rig) -> None:
    maria, after = rig.customer("telegram"), rig.now
    await maria.says("Do you ship to Norway?")
    await maria.hears(lambda text: bool(text), "the bot's answer")
    await rig.team.commands("ana", "/takeover norway")
    window = await opened(rig, "With the bot", after)
    assert "Do you ship to Norway?" in all_text(window.raw["view"]["blocks"])
    await acts(rig, "ana", "click", window.id or "", action_id="takeover")
    card = await rig.team.card_of("Maria", after)
    assert "Ana has this" in (card.text or "")
    await maria.hears(lambda text: text == "You are now talking to Ana.", "the handover")
    assert not [text for text in maria.heard if "will join you" in text]
    await rig.hears_next(maria, "ana", card)


async def test_what_has_ended_is_reopened_under_a_new_number_linked_both_ways(rig: Rig) -> None:
    customer, card = await rig.claimed()
    after = rig.now
    await rig.types("ana", card, "!label refund")
    await rig.team.clicks("ana", card, "end")
    await rig.team.sees_card(card, "Ended", after)
    await rig.team.clicks("ben", card, "reopen")
    second = await rig.team.card_of("Maria", after)
    assert "🏷 refund" in all_text(second.raw["blocks"])
    assert number_of(second) != number_of(card)
    assert f"Earlier: #{number_of(card)}" in (second.text or "")
    await rig.team.sees_card(card, f"Goes on as #{number_of(second)}", after)
    await rig.watch.entry(
        "slack",
        lambda it: it.id == card.id and f"#{number_of(second)}" in links(it),
        "a way to the new one",
        after,
    )
    assert "Ben reopened this" in all_text(second.raw["blocks"])
    assert summed_up(second) == summed_up(card) != ""  # nothing was said since
    await rig.hears_next(customer, "ben", second)
    before = rig.now
    await rig.team.clicks("ana", card, "transcript")
    await opened(rig, f"#{number_of(card)}", before)


async def test_what_was_noted_last_stands_on_the_next_card_while_somebody_works_on_it(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    await rig.types("ana", card, "!handback Waits for the carrier")
    await rig.team.sees_card(card, "Back with the bot", after)
    await rig.team.clicks("ben", card, "reopen")
    second = await rig.team.card_of("Maria", after)
    assert f"Note on #{number_of(card)} Waits for the carrier" in " ".join(all_text(second.raw["blocks"]).split())
    (end,) = [it for it in second.raw["blocks"][-1]["elements"] if it["action_id"] == "end"]
    assert end["confirm"]["text"]["text"].startswith("Ben has this. ")
    await rig.team.clicks("ben", second, "end")
    over = await rig.team.sees_card(second, "Ended", after)
    assert "Waits for the carrier" not in all_text(over.raw["blocks"])


async def test_a_note_is_said_to_the_customer_by_the_owner_s_shortcut_and_only_by_theirs(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts = await rig.types("ben", card, "!note The parcel left on Monday")
    after = rig.now
    await acts(rig, "ben", "shortcut", f"{card.chat}:{ts}", callback_id="send_message")
    await rig.told("ben", "Only Ana can send something", after)
    await acts(rig, "ana", "shortcut", f"{card.chat}:{ts}", callback_id="send_message")
    await customer.hears(lambda text: text == "The parcel left on Monday", "Ben's words")
    await acts(rig, "ana", "shortcut", f"{card.chat}:{ts}", callback_id="handback_message")
    await rig.team.sees_card(card, "Back with the bot", after)


async def test_a_whisper_calls_the_owner_and_nobody_else_hears(rig: Rig) -> None:
    customer, card = await rig.claimed()
    after = rig.now
    await rig.types("clea", card, "!whisper offer her a refund")
    told = await rig.team.sees_post(card, "offer her a refund", after)
    assert {"type": "user", "user_id": "U0ANA"} in told.raw["blocks"][0]["elements"][0]["elements"]
    assert "offer her a refund" not in " ".join(await rig.hears_next(customer, "ana", card))


async def test_the_app_s_page_shows_what_is_mine_and_hands_it_back(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    page = await home_of(rig, "ana", "Yours: 1")
    shown = all_text(page.raw["view"]["blocks"])
    assert f"#{number_of(card)} Maria" in shown
    await acts(rig, "ana", "click", page.id or "", action_id="handback")
    await rig.team.sees_card(card, "Back with the bot", after)
    await opened(rig, "You have no conversation.", after, "views.publish")


async def test_who_is_away_is_shown_as_that_and_told_of_when_assigned_to(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    await rig.team.commands("ben", "/desk away")
    await rig.told("ben", "You are shown as away now.", after)
    await rig.types("ana", card, "!assign @ben")
    await rig.told("ana", "Ben is away since", after)
    await rig.team.sees_card(card, "Ben has this", after)
    before = rig.now
    await rig.team.commands("ana", "/desk")
    assert "Away: Ben." in all_text((await opened(rig, "Desk", before)).raw["view"]["blocks"])


async def test_a_click_on_away_is_seen_where_it_was_clicked(rig: Rig) -> None:
    before = rig.now
    await rig.team.commands("ben", "/desk")
    window = await opened(rig, "Desk", before)
    await acts(rig, "ben", "click", window.id or "", action_id="away")
    shown = all_text((await opened(rig, "Desk", before, "views.update")).raw["view"]["blocks"])
    assert "You are away since" in shown
    assert "<time" not in shown
    page = await home_of(rig, "ben", "You are away since")
    before = rig.now
    await acts(rig, "ben", "click", page.id or "", action_id="back")
    await opened(rig, "You are shown as there.", before, "views.publish")
    await rig.quiet()
    assert not rig.history("slack", "views.open", after=before)


async def test_a_word_that_the_desk_does_not_know_explains_itself(rig: Rig) -> None:
    await rig.team.commands("ana", "/desk setings")
    await rig.told("ana", "`/desk away` and `/desk back` say whether you are there")
    assert not rig.history("slack", "views.open")
    after = rig.now
    await rig.team.commands("ana", "/desk Help")
    await opened(rig, "Desk", after)


async def test_a_window_that_slack_opens_no_more_is_said(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    _, card = await rig.claimed()
    after = rig.now
    monkeypatch.setattr(rig.sandbox.slack.triggers, "trigger", lambda *_: "1.1.0")
    await rig.team.clicks("ana", card, "assign")
    await rig.told("ana", "That took too long", after)


@pytest.fixture
async def with_board(rigs: Rigs) -> AsyncGenerator[Rig]:
    async with rigs(board=True) as rig:
        yield rig


async def test_the_board_is_one_pinned_message_that_is_edited_in_place(with_board: Rig) -> None:
    rig = with_board

    def boards(entry: Entry) -> bool:
        return entry.kind == "chat.postMessage" and "Nobody waits." in (entry.text or "")

    board = await rig.watch.entry("slack", boards, "the board", 0)
    _, card = await rig.claimed()

    def shows(entry: Entry) -> bool:
        shown = all_text(entry.raw.get("blocks"))
        return entry.kind == "chat.update" and entry.id == board.id and f"#{number_of(card)} Maria" in shown

    await rig.watch.entry("slack", shows, "the conversation on the board", 0)
    assert [it.id for it in rig.history("slack", "pins.add")] == [board.id]
    await rig.stop()
    await rig.start()
    await rig.quiet()
    assert len([it for it in rig.history("slack", "chat.postMessage") if boards(it) or it.id == board.id]) == 1


async def test_a_claim_five_replies_and_a_hand_back_take_at_most_twelve_calls(with_board: Rig) -> None:
    """Beside the marks on the replies. Slack allows about fifty redraws and sixty posts a minute, for all together."""
    rig, after = with_board, with_board.now
    customer, card = await rig.claimed()
    for number in range(5):
        await rig.hears_next(customer, "ana", card, f"Reply {number}.")
    await rig.team.clicks("ana", card, "handback")
    await rig.team.sees_post(card, "handed back to the bot", after)
    await rig.quiet()
    ours = ("chat.", "views.", "pins.")  # the others are how we begin
    called = [
        it.kind for it in rig.sandbox.world.history[after:] if it.platform == "slack" and it.kind.startswith(ours)
    ]
    assert len(called) <= 12, called
