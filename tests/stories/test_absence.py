"""Waiting, and what customers are told meanwhile: the truth when nobody is there, and a way back to the bot."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.customer_events import MOST_BACK
from bridge.demo.customers import Customer
from bridge.hours import Hours
from bridge.sandbox.world import Entry
from bridge.store import timeline
from bridge.store.tx import Tx
from bridge.windows.desk import board

from ..conftest import Desk, Rig, Rigs, number_of
from .test_windows import acts, all_text, opened

ASKS = "I want to talk to a human"
RESUMES = "Our assistant is back. Just write if you need anything else."


def closed_now() -> str:
    """The table of a desk that is closed today and the days around it."""
    today = datetime.now(UTC).date()
    days = ", ".join(f'"{today + timedelta(days)}"' for days in range(-2, 4))
    return f"[hours]\nclosed = [{days}]\n\n"


@pytest.fixture
async def night(rigs: Rigs, desk_with: Desk) -> AsyncGenerator[Rig]:
    config = desk_with({"[texts]": f"{closed_now()}[texts]", "[desk]": "[desk]\nask_address = true"})
    async with rigs(BRIDGE_CONFIG=config) as rig:
        yield rig


async def asks(rig: Rig, channel: str, piece: str, name: str = "maria") -> tuple[Customer, Entry]:
    """A customer who asks for a person and hears this."""
    customer, after = rig.customer(channel, name), rig.now
    await customer.says(ASKS)
    await customer.hears(lambda text: piece in text, piece)
    card = await rig.team.card_of(customer.name, after)
    await rig.team.sees_post(card, ASKS, after)
    return customer, card


async def events(rig: Rig, card: Entry) -> list[tuple[str, str]]:
    found = await rig.read(lambda tx: timeline.of_handoff(tx, int(number_of(card))))
    return [(entry.event, entry.note) for entry in found if entry.event != "escalated"]


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "web"])
async def test_out_of_hours_the_customer_hears_the_truth(night: Rig, channel: str) -> None:
    maria, card = await asks(night, channel, "Nobody is here right now. We will read this on ")
    assert " at 00:00 and answer you here." in maria.heard[-1]
    assert not [text for text in maria.heard if "A person from our team" in text]
    shown = await night.team.sees_card(card, "nobody is here, and that somebody will be from")
    assert "Waiting for a person" in (shown.text or "")
    assert number_of(card) in str(await night.bridge.desk.within(board)), "it waits on the board as ever"
    assert await events(night, card) == [("told_absent", "")]
    before = len(maria.heard)
    night.bridge.desk.house = replace(night.bridge.desk.house, hours=Hours())  # they begin: nothing is sent by itself
    await night.quiet()
    await night.team.clicks("ana", card, "claim")
    await maria.hears(lambda text: text == "You are now talking to Ana.", "the handover")
    assert len(maria.heard) == before + 1
    shown = await night.team.sees_card(card, "Ana has this")
    assert "nobody is here" not in (shown.text or "")


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
async def test_who_finds_nobody_may_leave_an_address_once(night: Rig, channel: str) -> None:
    maria, card = await asks(night, channel, "leave an e-mail address or a phone number")
    await maria.says("My order is MK-20417")
    await maria.says("Write to maria@example.com please")
    await maria.hears(lambda text: text == "Thank you, we have noted that.", "the answer")
    await night.team.sees_card(card, "Can be reached at maria@example.com")
    await maria.says("or to other@example.com")
    await night.team.sees_post(card, "or to other@example.com")
    await night.quiet()
    assert await events(night, card) == [("told_absent", ""), ("left_address", "maria@example.com")]
    assert maria.heard.count("Thank you, we have noted that.") == 1


async def test_in_the_hours_an_address_is_a_word_like_any_other(rigs: Rigs, desk_with: Desk) -> None:
    async with rigs(BRIDGE_CONFIG=desk_with({"[desk]": "[desk]\nask_address = true"})) as rig:
        maria, card = await rig.waiting()
        await maria.says("maria@example.com")
        await rig.team.sees_post(card, "maria@example.com")
        await rig.quiet()
        assert await events(rig, card) == []
        assert maria.heard[-1] == "A person from our team will join you here shortly."


async def test_when_all_responders_are_away_the_customer_is_told(rigs: Rigs, desk_with: Desk) -> None:
    config = desk_with({"[texts]": '[roles]\nadmins = ["U0CLEA"]\nresponders = ["U0ANA", "U0BEN"]\n\n[texts]'})
    async with rigs(BRIDGE_CONFIG=config) as rig:
        await rig.team.commands("ana", "/desk away")
        await rig.told("ana", "away now")
        await rig.waiting(name="jonas")  # Ben is there
        await rig.team.commands("ben", "/desk away")
        await rig.told("ben", "away now")
        _, card = await asks(rig, "telegram", "Nobody is here right now. We will read this and answer you here.")
        assert "The customer was told that nobody is here\n" in (card.text or "")


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "web"])
async def test_who_waits_may_go_back_to_the_bot(rig: Rig, channel: str) -> None:
    maria, card = await rig.waiting(channel)
    after, heard = rig.now, len(maria.heard)
    await maria.says("back to the BOT!")
    await maria.hears(lambda text: text == RESUMES, "the bot again", heard)
    await rig.team.sees_card(card, "Back with the bot, for the customer did not want to wait", after)
    await rig.team.sees_post(card, "did not want to wait and went back to the bot", after)
    assert await events(rig, card) == [("went_back", "")]
    await maria.says("How long does delivery take?")
    await maria.hears(lambda text: "working day" in text, "the bot's answer", heard)
    heard = len(maria.heard)
    await maria.says("Zurück zum Bot")  # twice is harmless
    await maria.hears(lambda text: text == RESUMES, "the bot once more", heard)


async def test_who_goes_to_and_fro_does_not_fill_the_queue_channel(rig: Rig) -> None:
    maria, card, after = rig.customer("telegram"), None, 0
    for _ in range(MOST_BACK + 1):
        after, heard = rig.now, len(maria.heard)
        await maria.says(ASKS)
        card = await rig.team.card_of("Maria", after)
        await maria.hears(lambda text: "join you here" in text, "the waiting text", heard)
        await maria.says("back to the bot")
        await rig.finds(
            """SELECT 1 FROM message WHERE text = 'back to the bot'
               AND id = (SELECT MAX(id) FROM message WHERE author = 'customer')"""
        )
    assert card
    await rig.team.sees_post(card, "back to the bot", after)
    await rig.finds("SELECT 1 FROM handoff WHERE number = ? AND state = 'queued'", int(number_of(card)))


async def test_with_an_agent_these_words_are_words(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await maria.says("Back to the bot")
    await rig.team.sees_post(card, "Back to the bot")
    heard = await rig.hears_next(maria, "ana", card)
    assert RESUMES not in heard
    assert await events(rig, card) == [("claimed", "")]


async def test_the_button_is_below_the_waiting_text_and_can_be_pressed(rig: Rig) -> None:
    await rig.waiting("telegram")
    (sent,) = [it for it in rig.history("telegram", "sendMessage") if "A person from our team" in (it.text or "")]
    assert "Back to the bot" in str(sent.raw["reply_markup"])
    await rig.waiting("whatsapp", "jonas")
    (sent,) = [it for it in rig.history("whatsapp", "messages") if "A person from our team" in (it.text or "")]
    assert "Back to the bot" in str(sent.raw["interactive"])


async def test_a_desk_without_its_words_has_no_button(rigs: Rigs, desk_with: Desk) -> None:
    async with rigs(BRIDGE_CONFIG=desk_with({"[texts]": '[texts]\nback = ""'})) as rig:
        maria, card = await rig.waiting()
        assert "Back to the bot" not in str([it.raw for it in rig.history("telegram", "sendMessage")])
        await maria.says("Back to the bot")
        await rig.team.sees_post(card, "Back to the bot")
        await rig.team.clicks("ana", card, "claim")
        await rig.team.sees_card(card, "Ana has this")


async def test_a_wait_is_estimated_from_ten_on(rigs: Rigs, desk_with: Desk) -> None:
    config = desk_with({'here shortly."': 'here shortly ({{wait}})."'})
    async with rigs(BRIDGE_CONFIG=config) as rig:
        maria, _ = await rig.claimed(name="maria")
        assert maria.heard[0] == "A person from our team will join you here shortly."
        ago = timedelta(minutes=8) // timedelta(microseconds=1)
        await rig.bridge.store.write(
            lambda tx: tx.run("UPDATE timeline SET at = at - ? WHERE event = 'escalated'", ago)
        )
        for copy in range(8):
            await rig.bridge.store.write(lambda tx, copy=copy: _again(tx, copy))
        jonas, _ = await rig.waiting(name="jonas")
        assert jonas.heard[0] == maria.heard[0], "from nine nothing can be told"
        await rig.bridge.store.write(lambda tx: _again(tx, 9))
        nina, _ = await rig.waiting(name="nina")
        assert nina.heard[0] == "A person from our team will join you here shortly (about 9 minutes)."


def _again(tx: Tx, copy: int) -> None:
    """The first handoff once more, under another number and without a thread."""
    number = 101 + copy
    tx.run(
        """INSERT INTO handoff (number, conversation_id, state, reason, quote, since, opened, summary, note, upto)
           SELECT ?, conversation_id, 'ended', reason, quote, since, opened, '', '', 0
           FROM handoff WHERE number = 1001""",
        number,
    )  # fmt: skip
    tx.run(
        """INSERT INTO timeline (conversation_id, handoff, at, event, who, name, note)
           SELECT conversation_id, ?, at, event, who, name, note FROM timeline WHERE handoff = 1001""",
        number,
    )  # fmt: skip


async def test_texts_for_a_channel_and_a_language_are_heard_there_only(rigs: Rigs, desk_with: Desk) -> None:
    english = '[texts.en]\nwaiting = "In English, soon: A person from our team comes."\n'
    some = f'{english}\n[texts.whatsapp]\nhandover = "Ana hier."\n'
    async with rigs(BRIDGE_CONFIG=desk_with({"[bots.shop]": f"{some}\n[bots.shop]"})) as rig:
        maria, card = await rig.waiting("telegram")
        jonas, other = await rig.waiting("whatsapp", "jonas")  # who never says in which language
        assert maria.heard[0] == "In English, soon: A person from our team comes."
        assert jonas.heard[0] == "A person from our team will join you here shortly."
        await rig.team.clicks("ana", card, "claim")
        await rig.team.clicks("ana", other, "claim")
        await maria.hears(lambda text: text == "You are now talking to Ana.", "the desk's text")
        await jonas.hears(lambda text: text == "Ana hier.", "the channel's text")
        after = rig.now
        await rig.team.commands("clea", "/desk")
        window = (await opened(rig, "Desk", after)).id or ""
        await acts(rig, "clea", "click", window, action_id="settings")
        shown = all_text((await opened(rig, "Settings", after, "views.update")).raw["view"]["blocks"])
        assert "and for some customers in bridge.toml: texts.en , texts.whatsapp" in " ".join(shown.split())
