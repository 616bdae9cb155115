"""Everybody reads the bridge in their own language; what all see is in the desk's."""

import json

import pytest

from bridge.sandbox.world import Entry

from ..conftest import Desk, Rig, Rigs, number_of
from .test_desk_settings import filled, form
from .test_windows import acts, all_text, home_of, opened


async def reads(rig: Rig, who: str, locale: str) -> None:
    """Somebody sets another language in Slack."""
    await acts(rig, "clea", "change_user", f"U0{who.upper()}", locale=locale)


async def page_of(rig: Rig, who: str) -> str:
    return all_text((await home_of(rig, who)).raw["view"]["blocks"])


@pytest.fixture
async def card(rig: Rig) -> Entry:
    """Ana reads German, and has a conversation."""
    await reads(rig, "ana", "de-DE")
    return (await rig.claimed())[1]


async def test_a_refusal_is_in_the_language_of_who_is_refused(rig: Rig, card: Entry) -> None:
    after = rig.now
    await rig.types("ben", card, "!end")
    await rig.told("ben", "Only Ana or an admin can end this conversation.", after)
    await rig.types("ana", card, "!wisper")
    await rig.told("ana", "ist kein Befehl, deshalb wurde das nicht gesendet.", after)


async def test_a_question_and_what_came_of_it_are_in_the_language_of_who_decides(rig: Rig, card: Entry) -> None:
    after = rig.now
    await rig.types("ana", card, "<@U0BEN> can you look?")
    question = await rig.told("ana", "Hier ist @Ben erwähnt, deshalb wurde es nicht gesendet.", after)
    assert "Als Notiz behalten" in all_text(question.raw["blocks"])
    await rig.team.presses("ana", question.id or "", "held_note")
    await rig.watch.entry(
        "slack", lambda entry: "Bleibt als Notiz hier." in all_text(entry.raw.get("blocks")), "what came of it", after
    )


async def test_what_stands_in_the_place_of_a_notice_is_for_everybody(rig: Rig, card: Entry) -> None:
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    await rig.types("ana", card, "Your parcel is on its way.")
    asked = await rig.team.sees_post(card, "This may not have reached the customer")
    after = rig.now
    await rig.team.presses("ana", asked.id or "", "arrived")
    said = await rig.watch.entry("slack", lambda entry: entry.kind == "response_url", "the answer", after)
    assert "Ana says that this arrived." in (said.text or "")


async def test_windows_and_the_app_s_page_are_too(rig: Rig, card: Entry) -> None:
    after = rig.now
    await rig.team.clicks("ana", card, "assign")
    window = await opened(rig, f"#{number_of(card)} zuweisen", after)
    assert window.raw["view"]["close"]["text"] == "Abbrechen"
    assert "Bei dir: 1" in await page_of(rig, "ana")
    assert "You have no conversation." in await page_of(rig, "clea")


async def test_what_is_wrong_in_a_form_is_said_in_its_language(rig: Rig) -> None:
    window = await form(rig, "triggers")
    await reads(rig, "clea", "de-DE")
    await rig.quiet()
    done = await rig.sandbox.act("slack", "clea", "submit", window, **filled(after_unsure="oft"))
    assert json.loads(done["error"]) == {"after_unsure": "Das muss eine ganze Zahl von 0 bis 100 sein."}


async def test_what_all_see_is_in_the_language_of_the_desk(rigs: Rigs, desk_with: Desk) -> None:
    config = desk_with({'bots = ["shop"]': 'bots = ["shop"]\nlanguage = "es"'})
    async with rigs(BRIDGE_CONFIG=config, board=True) as rig:
        await reads(rig, "ben", "pt-BR")
        customer, card = await rig.waiting()
        assert "En espera de una persona" in all_text(card.raw["blocks"])
        assert "Asumir" in all_text(card.raw["blocks"])
        await rig.watch.entry("slack", lambda it: "Hablar con una persona." in (it.text or ""), "the summary")
        after = rig.now
        await rig.team.clicks("ben", card, "claim")
        await customer.hears(lambda text: text == "You are now talking to Ben.", "the handover")  # the desk's own words
        await rig.types("ben", card, "!wisper")
        await rig.told("ben", "não é um comando, então isto não foi enviado.", after)
        await rig.types("ana", card, "!end")
        await rig.told("ana", "Only Ben or an admin can end this conversation.", after)
        await rig.types("ben", card, "!handback")
        await rig.team.sees_post(card, "Ben devolvió la conversación al bot.", after)
        await rig.watch.entry("slack", lambda it: "Nadie espera." in all_text(it.raw.get("blocks")), "the board", after)


async def test_who_changes_their_language_reads_the_new_one_at_once(rig: Rig, card: Entry) -> None:
    await reads(rig, "ana", "es-LA")
    await rig.quiet()
    after = rig.now
    await rig.types("ana", card, "!wisper")
    await rig.told("ana", "no es un comando, así que esto no se envió.", after)
