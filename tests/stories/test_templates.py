"""A day after the customer wrote, WhatsApp takes only templates: the owner chooses one, fills it in, and it arrives."""

from typing import Any

import pytest

from bridge.sandbox.whatsapp.errors import WINDOW_SHUT
from bridge.sandbox.whatsapp.templates import Template
from bridge.sandbox.world import Entry

from ..conftest import Rig, Rigs, number_of
from .test_reply_window import LATE, looks, offers, passes
from .test_windows import acts, all_text, fields, opened, options


async def offered(rig: Rig, after: int) -> Entry:
    """The window, when the templates are in it."""

    def fits(entry: Entry) -> bool:
        return entry.kind == "views.update" and bool(menu(entry) or "emplate" in all_text(entry.raw["view"]["blocks"]))

    return await rig.watch.entry("slack", fits, "the templates", after)


def menu(window: Entry) -> dict[str, str]:
    """What can be chosen: its value, by what is read."""
    return options(window.raw["view"])


def blanks(window: Entry) -> list[str]:
    return fields(window.raw["view"])


async def late(rig: Rig) -> tuple[Any, Entry]:
    """Ana has Maria, who wrote long ago."""
    customer, card = await rig.claimed("whatsapp")
    await passes(rig, LATE)
    await looks(rig)
    return customer, card


async def opens(rig: Rig, card: Entry) -> Entry:
    """Ana opens the window from the card's menu."""
    after = rig.now
    await rig.team.presses("ana", card.id or "", "more", f"template:{number_of(card)}")
    await opened(rig, f"Template in #{number_of(card)}", after)
    return await offered(rig, after)


async def chooses(rig: Rig, window: Entry, label: str) -> Entry:
    """Ana chooses one."""
    after = rig.now
    await acts(rig, "ana", "click", window.id or "", action_id="which", value=menu(window)[label])
    return await offered(rig, after)


async def fills_in(rig: Rig, window: Entry, *values: str) -> Any:
    """Ana fills in what is asked for and goes on; gives what she sees then."""
    said = {name: {name: value} for name, value in zip(blanks(window), values, strict=True)}
    await acts(rig, "ana", "submit", window.id or "", values=said)
    shown = rig.sandbox.slack.views.open_views.get(window.id or "")
    return shown and shown.view


async def test_a_template_is_chosen_filled_in_read_and_sent(rig: Rig) -> None:
    customer, card = await late(rig)
    before = rig.now
    ts = await rig.types("ana", card, "I have found your parcel.")
    asked = await rig.told("ana", "Until then a template reaches them", before)
    await rig.team.presses("ana", asked.id or "", "held_template")
    window = await offered(rig, before)
    assert list(menu(window)) == ["hello (en)", "parcel_found (de)", "parcel_found (en)", "still_there (en_US)"]
    window = await chooses(rig, window, "parcel_found (en)")
    assert "Hello [1], we have news about your parcel [2]." in all_text(window.raw["view"]["blocks"])
    read = await fills_in(rig, window, " Maria ", "MK-1\n")
    text = "Hello Maria, we have news about your parcel MK-1. Shall we write to you?"
    assert text in all_text(read["blocks"])
    assert text not in customer.heard
    await acts(rig, "ana", "submit", window.id or "")
    await customer.hears(lambda heard: heard == text, "the template")
    shown = await rig.team.sees_post(card, "Ana to the customer, by the template parcel_found:", before)
    assert text in (shown.text or "") + all_text(shown.raw["blocks"])
    await rig.team.sees_mark(shown.id or "", "white_check_mark", before)
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = 'held'", ts)
    assert not rig.history("whatsapp", "rejected")


async def test_names_in_a_template_are_filled_in_by_name(rig: Rig) -> None:
    customer, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "still_there (en_US)")
    await fills_in(rig, window, "Maria", "a teapot")
    await acts(rig, "ana", "submit", window.id or "")
    await customer.hears(lambda text: text == "Hi Maria, are you still interested in a teapot?", "the template")


async def test_one_without_blanks_is_sent_at_once(rig: Rig) -> None:
    customer, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "hello (en)")
    assert await fills_in(rig, window) is None
    await customer.hears(lambda text: text.startswith("Hello! May we come back"), "the template")


async def test_another_one_that_was_just_chosen_is_not_taken_for_the_one_that_is_shown(rig: Rig) -> None:
    customer, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "hello (en)")
    heard = len(customer.heard)
    (block,) = [it["block_id"] for it in window.raw["view"]["blocks"] if it["type"] == "actions"]
    other = {block: {"which": menu(window)["still_there (en_US)"]}}
    await acts(rig, "ana", "submit", window.id or "", values=other)
    shown = all_text(rig.sandbox.slack.views.open_views[window.id or ""].view["blocks"])
    assert "You had just chosen another template" in shown
    await rig.quiet()
    assert len(customer.heard) == heard


async def test_the_card_has_it_in_its_menu_only_when_it_is_of_use(rig: Rig) -> None:
    _, _card = await rig.claimed("whatsapp")
    await rig.quiet()
    assert "template:" not in str(rig.history("slack", "chat.update")[-1].raw)
    await passes(rig, LATE)
    await looks(rig)
    assert "template:" in str(rig.history("slack", "chat.update")[-1].raw)


async def test_a_word_opens_it_and_finds_by_name(rig: Rig) -> None:
    _, card = await late(rig)
    after = rig.now
    await rig.types("ana", card, "!template Parcel")
    question = await rig.told("ana", "This opens in a window.", after)
    await rig.team.presses("ana", question.id or "", "template")
    window = await offered(rig, after)
    assert list(menu(window)) == ["parcel_found (de)", "parcel_found (en)"]
    window = await chooses(rig, window, "parcel_found (de)")
    assert list(menu(window)) == ["parcel_found (de)", "parcel_found (en)"]
    after = rig.now
    await rig.types("ana", card, "!template zeppelin")
    question = await rig.told("ana", "This opens in a window.", after)
    await rig.team.presses("ana", question.id or "", "template")
    assert "No template has “zeppelin” in its name." in all_text((await offered(rig, after)).raw["view"]["blocks"])


async def test_far_more_than_a_page_of_them_are_read_once_in_ten_minutes(rig: Rig) -> None:
    _, card = await late(rig)
    rig.sandbox.whatsapp.templates.all = [Template(f"news_{n:03}", "en", "News.") for n in range(230)]
    window = await opens(rig, card)
    assert len(menu(window)) == 100
    assert "These are 100 of 230." in all_text(window.raw["view"]["blocks"])
    await chooses(rig, window, "news_007 (en)")
    assert len(rig.history("whatsapp", "message_templates")) == 3  # pages


async def test_one_that_was_paused_since_is_refused_in_words_and_forgotten(rig: Rig) -> None:
    _, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "hello (en)")
    rig.sandbox.whatsapp.templates.all[0].status = "PAUSED"
    before = rig.now
    await fills_in(rig, window)
    failed = await rig.team.sees_post(card, "WhatsApp has paused this template because customers complained.", before)
    assert offers(failed) == ["template"]
    after = rig.now
    await rig.team.presses("ana", failed.id or "", "template")
    assert "hello (en)" not in menu(await offered(rig, after))


async def test_what_a_template_fails_of_is_said(rig: Rig) -> None:
    _customer, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "hello (en)")
    await rig.sandbox.act("whatsapp", "maria", "block")
    before = rig.now
    await fills_in(rig, window)
    failed = await rig.team.sees_post(card, "This did not reach the customer: WhatsApp cannot deliver", before)
    assert "template" in offers(failed)


async def test_blanks_and_too_much_in_them_are_asked_for_again(rig: Rig) -> None:
    customer, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "parcel_found (en)")
    names = blanks(window)

    async def refused(*values: str) -> str:
        said = {name: {name: value} for name, value in zip(names, values, strict=True)}
        return (await rig.sandbox.act("slack", "ana", "submit", window.id or "", values=said))["error"]

    assert "Fill this in." in await refused(" ", "MK-1")
    assert "1024 characters at most" in await refused("Maria", "M" * 1_000)
    await rig.quiet()
    assert not [text for text in customer.heard if "parcel" in text]


async def test_a_list_that_cannot_be_had_is_said_so(rig: Rig) -> None:
    _, card = await late(rig)
    rig.fault("whatsapp", "message_templates", "500", times=5)
    window = await opens(rig, card)
    assert "The templates cannot be shown now: WhatsApp" in all_text(window.raw["view"]["blocks"])


async def test_pressed_twice_it_is_sent_once(rig: Rig) -> None:
    customer, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "parcel_found (en)")
    await fills_in(rig, window, "Maria", "MK-1")
    view = rig.sandbox.slack.views.open_views[window.id or ""]
    await acts(rig, "ana", "submit", window.id or "")
    rig.sandbox.slack.views.open_views[window.id or ""] = view
    rig.sandbox.slack.views.stacks["U0ANA"] = [window.id or ""]
    await rig.sandbox.act("slack", "ana", "submit", window.id or "")
    await customer.hears(lambda text: "MK-1" in text, "the template")
    await rig.quiet()
    assert len([text for text in customer.heard if "MK-1" in text]) == 1


@pytest.mark.parametrize("how", ["menu", "word"])
async def test_only_the_owner_sends_one(rig: Rig, how: str) -> None:
    _, card = await late(rig)
    before = rig.now
    if how == "menu":
        await rig.team.presses("ben", card.id or "", "more", f"template:{number_of(card)}")
    else:
        await rig.types("ben", card, "!template")
    await rig.told("ben", "Only Ana can say something to the customer here.", before)


async def test_a_window_that_somebody_lost_sends_nothing(rig: Rig) -> None:
    customer, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "parcel_found (en)")
    await fills_in(rig, window, "Maria", "MK-1")
    before = rig.now
    await rig.types("clea", card, "!assign @ben")
    await rig.team.sees_card(card, "Ben has this", before)
    await rig.sandbox.act("slack", "ana", "submit", window.id or "")
    shown = rig.sandbox.slack.views.open_views[window.id or ""].view
    assert "Only Ben can say something" in all_text(shown["blocks"])
    await rig.quiet()
    assert not [text for text in customer.heard if "MK-1" in text]


async def test_where_nobody_said_which_account_there_are_none(rigs: Rigs) -> None:
    async with rigs(WHATSAPP_BUSINESS_ID="") as rig:
        _, card = await late(rig)
        assert "template:" not in str(rig.history("slack", "chat.update")[-1].raw)
        before = rig.now
        await rig.types("ana", card, "I have found your parcel.")
        asked = await rig.told("ana", "takes replies again when they write.", before)
        assert offers(asked) == ["held_note"]
        before = rig.now
        await rig.types("ana", card, "!template")
        await rig.told("ana", "There are no templates for WhatsApp here.", before)


@pytest.mark.parametrize("channel", ["telegram", "web"])
async def test_no_other_channel_has_them(rig: Rig, channel: str) -> None:
    _, card = await rig.claimed(channel)
    before = rig.now
    await rig.types("ana", card, "!template")
    await rig.told("ana", "There are no templates for", before)


async def test_a_connection_that_broke_is_not_a_template_twice(rig: Rig) -> None:
    customer, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "hello (en)")
    rig.fault("whatsapp", "messages", "drop_after_accept")
    before = rig.now
    await fills_in(rig, window)
    shown = await rig.team.sees_post(card, "by the template hello", before)
    await rig.team.sees_mark(shown.id or "", "white_check_mark", before)  # the status brought our key back
    assert len([text for text in customer.heard if text.startswith("Hello! May we")]) == 1


async def test_where_whatsapp_refuses_only_later_a_template_is_offered_as_well(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    ts = await rig.types("ana", card, "I have found your parcel.")
    await rig.team.sees_mark(ts, "white_check_mark")
    before, whatsapp = rig.now, rig.sandbox.whatsapp
    known = whatsapp.customers.find(customer.chat)
    assert known
    sent = next(it for it in known.messages.values() if it.text == "I have found your parcel.")
    await rig.bridge.store.write(lambda tx: tx.run("UPDATE delivery SET state = 'sent'"))  # as if not yet delivered
    whatsapp.webhooks.status(known, sent, "failed", WINDOW_SHUT)
    failed = await rig.team.sees_post(card, "This did not reach the customer: More than 24 hours", before)
    assert offers(failed) == ["again", "template"]


async def test_one_that_whatsapp_reports_as_failed_is_offered_again_and_never_as_plain_words(rig: Rig) -> None:
    customer, card = await late(rig)
    window = await chooses(rig, await opens(rig, card), "hello (en)")
    await rig.sandbox.act("whatsapp", "maria", "block")
    await fills_in(rig, window)
    failed = await rig.team.sees_post(card, "This did not reach the customer: WhatsApp cannot deliver")
    assert offers(failed) == ["template"]
    await rig.sandbox.act("whatsapp", "maria", "unblock")
    after = rig.now
    await rig.team.presses("ana", failed.id or "", "template")
    await fills_in(rig, await chooses(rig, await offered(rig, after), "hello (en)"))
    await customer.hears(lambda text: text.startswith("Hello! May we come back"), "the template")
