"""Several queue channels: each handoff in its own, heard there, and in the fallback when its channel is lost."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bridge.app import built
from bridge.demo.customers import Customer
from bridge.errors import WrongSetting
from bridge.moving import new_card as new_card_for
from bridge.ports import Place
from bridge.sandbox.world import Entry
from bridge.session import House, Session
from bridge.settings import load
from bridge.store import lanes, outbox
from bridge.team_workspace import posting

from ..conftest import Desk, Rig, Rigs, number_of
from .test_restart import dies_while_sending
from .test_windows import all_text

ROUTES = """[roles]
admins = ["U0CLEA"]

[[routes]]
channel = "#billing"
keywords = ["refund"]

[[routes]]
channel = "C0VIPDESK"
languages = ["de"]

[[routes]]
channel = "C0VIPDESK"
labels = ["vip"]

[bots.shop]"""
REFUND = "I want to talk to a human about a refund"
BILLING, FALLBACK = "C0BILLING", "C0SUPPORT"


@pytest.fixture
def config(desk_with: Desk) -> str:
    return desk_with({"[bots.shop]": ROUTES})


async def channels(rig: Rig) -> None:
    await act(rig, "create_channel", "billing")
    await act(rig, "create_channel", "vip-desk", private=True)


async def act(rig: Rig, action: str, target: str, who: str = "clea", text: str = "", **more: bool) -> None:
    done = await rig.sandbox.act("slack", who, action, target, text, **more)
    assert done["ok"], done


@pytest.fixture
async def rig(rigs: Rigs, config: str) -> AsyncGenerator[Rig]:
    """A bridge with three queue channels, one of them private."""
    async with rigs(up=False, BRIDGE_CONFIG=config) as rig:
        await channels(rig)
        await rig.start()
        await rig.bridge._in_slack.wait()
        yield rig


async def asks(rig: Rig, text: str = REFUND, name: str = "maria", channel: str = "telegram") -> tuple[Customer, Entry]:
    """A customer who wants a person, and their card with the conversation so far below it."""
    customer, after = rig.customer(channel, name), rig.now
    await customer.says(text)
    card = await rig.team.card_of(customer.name, after)
    await rig.team.sees_post(card, text, after)
    return customer, card


async def claims(rig: Rig, customer: Customer, card: Entry, who: str = "ana") -> None:
    await rig.team.clicks(who, card, "claim")
    name = who.capitalize()
    told = (f"You are now talking to {name}.", f"Sie sprechen jetzt mit {name}.")  # by what their client speaks
    await customer.hears(lambda text: text in told, "the handover")


async def new_card(rig: Rig, customer: Customer, after: int, piece: str = "human") -> Entry:
    """The card that follows, with the conversation so far."""
    card = await rig.team.card_of(customer.name, after)
    await rig.team.sees_post(card, piece, after)
    return card


async def direct(rig: Rig, who: str, piece: str, after: int = 0) -> Entry:
    """A direct message from the bridge."""
    return await rig.watch.entry(
        "slack",
        lambda it: it.kind == "chat.postMessage" and it.chat == f"D0{who.upper()}" and piece in (it.text or ""),
        f"a direct message to {who}: {piece}",
        after,
    )


def directs(rig: Rig, who: str = "clea") -> list[str]:
    return [it.text or "" for it in rig.history("slack", "chat.postMessage") if it.chat == f"D0{who.upper()}"]


def cards(rig: Rig, after: int = 0) -> list[str]:
    """The channels of all cards."""
    entries = rig.history("slack", "chat.postMessage", after=after)
    return [it.chat or "" for it in entries if not it.thread and not (it.chat or "").startswith("D")]


def posts(rig: Rig, card: Entry) -> str:
    """Everything in a card's thread."""
    entries = rig.history("slack", "chat.postMessage")
    return "\n".join(it.text or "" for it in entries if it.thread == card.id)


async def conversation_goes_on(rig: Rig, customer: Customer, card: Entry, text: str = "Yes, of course.") -> None:
    """What the customer writes stands in this thread, and what the owner writes there reaches the customer."""
    after = rig.now
    await customer.says("Still there?")
    await rig.team.sees_post(card, "Still there?", after)
    await rig.hears_next(customer, "ana", card, text)


# ------------------------------------------------------------------------------------------------------ where they go


async def test_what_fits_a_route_goes_there_and_the_rest_to_the_fallback(rig: Rig) -> None:
    _, card = await asks(rig)
    _, other = await asks(rig, "I want to talk to a human", "jonas")
    assert (card.chat, other.chat) == (BILLING, FALLBACK)


async def test_a_customer_who_was_filed_under_a_label_goes_where_that_belongs(rig: Rig) -> None:
    customer, card = await asks(rig, "I want to talk to a human")
    await claims(rig, customer, card)
    after = rig.now
    await rig.types("ana", card, "!label vip")
    await rig.team.sees_card(card, "🏷 vip", after)
    await rig.types("ana", card, "!handback")
    await rig.team.sees_card(card, "Back with the bot", after)
    await customer.says("I want to talk to a human once more")
    following = await rig.team.card_of(customer.name, after)
    assert (card.chat, following.chat) == (FALLBACK, "C0VIPDESK")
    assert "🏷" not in all_text(following.raw["blocks"])


async def test_the_words_count_also_where_they_are_not_in_the_sentence_that_asks(rig: Rig) -> None:
    """Nor in the sentence by which the summary names it."""
    _, card = await asks(rig, "My parcel came with a dented lid. Let me talk to a human. It is about my REFUND.")
    assert card.chat == BILLING


async def test_who_works_in_a_routed_channel_is_heard(rig: Rig) -> None:
    customer, card = await asks(rig)
    await claims(rig, customer, card)
    await conversation_goes_on(rig, customer, card)
    ts = await rig.types("ana", card, "Wrong")
    await customer.hears(lambda text: text == "Wrong", "the words")
    await act(rig, "edit", f"{card.chat}:{ts}", "ana", text="Right")
    await customer.hears(lambda text: text == "Right", "the edited words")
    await rig.team.clicks("ana", card, "handback")
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return")


async def test_a_private_channel_is_heard_too(rig: Rig) -> None:
    customer = rig.customer("web", "priya")
    rig.session.headers["Accept-Language"] = "de-AT,en"
    await customer.says("I want to talk to a human")
    card = await new_card(rig, customer, 0)
    assert card.chat == "C0VIPDESK"
    await claims(rig, customer, card)
    await conversation_goes_on(rig, customer, card)


async def test_other_channels_are_not_heard(rig: Rig) -> None:
    customer, card = await asks(rig)
    await act(rig, "create_channel", "random")
    done = await rig.sandbox.act("slack", "ana", "type", "C0RANDOM", "Hello")
    await rig.sandbox.act("slack", "ana", "type", f"C0RANDOM:{done['id']}", "Hello again")
    await act(rig, "archive_channel", "C0RANDOM")
    await claims(rig, customer, card)
    await rig.quiet()
    assert cards(rig) == [BILLING]
    assert directs(rig) == []


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_card_in_doubt_is_looked_up_where_it_was_sent(rig: Rig, config: str, accepted: bool) -> None:
    """Also when the route leads elsewhere by then."""
    customer, before = rig.customer("telegram"), rig.now
    await dies_while_sending(rig, "slack", lambda: customer.says(REFUND), accepted=accepted, method="open_thread")
    Path(config).write_text(Path(config).read_text().replace("#billing", "#vip-desk"))
    await rig.start()
    card = await new_card(rig, customer, before)
    await claims(rig, customer, card)
    await conversation_goes_on(rig, customer, card)
    assert cards(rig) == [BILLING]


async def test_a_thread_whose_route_was_taken_out_is_still_heard(rig: Rig, config: str) -> None:
    customer, card = await asks(rig)
    await claims(rig, customer, card)
    await rig.stop()
    Path(config).write_text(Path(config).read_text().replace("#billing", "#vip-desk"))
    await rig.start()
    await rig.quiet()
    await conversation_goes_on(rig, customer, card)
    assert cards(rig) == [BILLING]


# ----------------------------------------------------------------------------------------------- a channel that is lost


LOST = [
    ("archive_channel", BILLING, "#billing is archived"),
    ("remove_bot", BILLING, "#billing does not have the app in it any more"),
    ("delete_channel", BILLING, "#billing is gone, or the app is not in it any more"),
]


@pytest.mark.parametrize(("action", "channel", "what"), LOST)
async def test_those_in_a_lost_channel_go_on_in_the_fallback(rig: Rig, action: str, channel: str, what: str) -> None:
    maria, card = await asks(rig)
    await claims(rig, maria, card)
    jonas, waiting = await asks(rig, name="jonas")
    await rig.quiet()
    after = rig.now
    await act(rig, action, channel)
    moved, also = await new_card(rig, maria, after), await new_card(rig, jonas, after)
    assert {moved.chat, also.chat} == {FALLBACK}
    assert (number_of(moved), number_of(also)) == (number_of(card), number_of(waiting))
    await rig.team.sees_post(moved, what, after)
    await conversation_goes_on(rig, maria, moved)
    await claims(rig, jonas, also, "ben")
    told = await direct(rig, "clea", what, after)
    assert told.text == f"{what}: 2 conversations went to #support-queue, and so do new ones."
    await direct(rig, "ana", f"Your conversation #{number_of(card)} goes on under a new card in #support-queue.")
    _, third = await asks(rig, name="priya")
    assert third.chat == FALLBACK
    await rig.quiet()
    assert len(directs(rig)) == 2  # that new ones go there, too, is news once


@pytest.mark.parametrize("channel", [BILLING, FALLBACK])
async def test_a_channel_that_another_company_joins_is_said_and_its_work_goes_on(rig: Rig, channel: str) -> None:
    customer, card = await asks(rig, REFUND if channel == BILLING else "I want to talk to a human")
    await claims(rig, customer, card)
    after = rig.now
    await act(rig, "share_channel", channel)
    told = await direct(rig, "clea", "is shared with another company now", after)
    assert "Stop sharing it" in (told.text or "")
    await conversation_goes_on(rig, customer, card)
    assert cards(rig, after) == []


async def test_without_admins_everybody_is_told_that_another_company_reads_along(rigs: Rigs, desk_with: Desk) -> None:
    config = desk_with({"[bots.shop]": ROUTES.replace('"U0CLEA"', "")})
    async with rigs(up=False, BRIDGE_CONFIG=config) as rig:
        await channels(rig)
        await rig.start()
        await rig.bridge._in_slack.wait()
        after = rig.now
        with capture_logs() as logs:
            await act(rig, "share_channel", BILLING)
            said = "#billing is shared with another company now"
            await rig.watch.entry(
                "slack",
                lambda it: it.chat == FALLBACK and said in (it.text or ""),
                "a word in the queue channel",
                after,
            )
        assert [line["event"] for line in logs if "queue_channel" in line["event"]] == ["queue_channel.exposed"]
        await rig.quiet()
        assert directs(rig) == []


@pytest.mark.parametrize(("action", "channel", "what"), LOST)
async def test_a_channel_whose_loss_nobody_tells_is_noticed_by_what_it_refuses(
    rig: Rig, action: str, channel: str, what: str
) -> None:
    maria, card = await asks(rig)
    await claims(rig, maria, card)
    jonas, _ = await asks(rig, name="jonas")
    await rig.quiet()
    rig.sandbox.slack.subscriptions = {"message.channels"}
    after = rig.now
    await act(rig, action, channel)
    for number in range(3):
        await maria.says(f"Line {number}")
    moved = await new_card(rig, maria, after, "Line 0")
    await new_card(rig, jonas, after)
    await conversation_goes_on(rig, maria, moved)
    await rig.quiet()
    assert [posts(rig, moved).count(f"Line {number}") for number in range(3)] == [1, 1, 1]
    await direct(rig, "clea", what, after)


async def test_a_new_handoff_finds_its_channel_lost(rig: Rig) -> None:
    rig.sandbox.slack.subscriptions = {"message.channels"}
    await act(rig, "archive_channel", BILLING)
    customer, card = await asks(rig)
    assert card.chat == FALLBACK
    told = await direct(rig, "clea", "#billing is archived")
    assert told.text == "#billing is archived: its conversations go to #support-queue."
    await claims(rig, customer, card)
    await conversation_goes_on(rig, customer, card)
    await rig.quiet()
    assert len(cards(rig)) == 1


async def test_a_card_in_doubt_in_a_channel_that_is_gone_is_posted_in_the_fallback(rig: Rig) -> None:
    customer, before = rig.customer("telegram"), rig.now
    await dies_while_sending(rig, "slack", lambda: customer.says(REFUND), accepted=False, method="open_thread")
    await act(rig, "delete_channel", BILLING)
    await rig.start()
    card = await new_card(rig, customer, before)
    assert card.chat == FALLBACK


async def test_a_channel_that_was_lost_while_nobody_listened_is_noticed_at_the_start(rig: Rig) -> None:
    customer, card = await asks(rig)
    await claims(rig, customer, card)
    await rig.quiet()
    await rig.stop()
    rig.sandbox.slack.subscriptions = {"message.channels"}
    await act(rig, "remove_bot", BILLING)
    after = rig.now
    await rig.start()
    moved = await new_card(rig, customer, after)
    assert moved.chat == FALLBACK
    await conversation_goes_on(rig, customer, moved)
    await direct(rig, "clea", "1 conversation went to #support-queue", after)
    await rig.quiet()
    wrong, _ = directs(rig)
    assert wrong == (
        "[[routes]] in bridge.toml: the bot is not in billing. Write /invite @ and its name there. "
        "Its conversations go to #support-queue."
    )


@pytest.mark.parametrize("how", ["missing", "archived", "without the app"])
async def test_a_route_that_is_wrong_at_the_start_is_told_and_stops_nothing(rigs: Rigs, config: str, how: str) -> None:
    async with rigs(up=False, BRIDGE_CONFIG=config) as rig:
        await act(rig, "create_channel", "vip-desk", private=True)
        if how != "missing":
            await act(rig, "create_channel", "billing", bot=how == "archived")
        if how == "archived":
            await act(rig, "archive_channel", BILLING)
        await rig.start()
        told = await direct(rig, "clea", "Its conversations go to #support-queue.")
        assert (told.text or "").startswith("[[routes]] in bridge.toml: ")
        _, card = await asks(rig)
        assert card.chat == FALLBACK
        await rig.stop()
        await rig.start()
        await rig.quiet()
        assert len(directs(rig)) == 1


async def test_a_fallback_that_is_wrong_stops_the_start(rigs: Rigs, config: str) -> None:
    async with rigs(up=False, BRIDGE_CONFIG=config) as rig:
        await act(rig, "remove_bot", FALLBACK)
        async with built(load(rig.env)) as bridge:
            with pytest.raises(WrongSetting, match="SLACK_QUEUE_CHANNEL: the bot is not in support-queue"):
                await bridge.workspace.start()


async def test_without_a_fallback_what_waits_is_kept_and_admins_hear_once_an_hour(rig: Rig) -> None:
    maria, card = await asks(rig, "I want to talk to a human")
    await claims(rig, maria, card)
    await rig.quiet()
    await act(rig, "archive_channel", FALLBACK)
    after, lane = rig.now, f"thread:{number_of(card)}"
    await maria.says("Line 0")
    told = await direct(rig, "clea", "#support-queue is archived")
    for _ in range(3):
        await tried(rig, lane)
    assert directs(rig) == [told.text]
    later = timedelta(hours=1, seconds=1)
    rig.bridge.desk.house = _later(rig, later)
    await tried(rig, lane)
    await rig.until(lambda: len(directs(rig)) == 2 or None, "a second word to the admin")
    assert cards(rig, after) == []
    await act(rig, "unarchive_channel", FALLBACK)
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, lane))
    await rig.team.sees_post(card, "Line 0", after)


def _later(rig: Rig, by: timedelta) -> House:
    clock = rig.bridge.desk.house.clock
    return replace(rig.bridge.desk.house, clock=lambda: clock() + by)


async def tried(rig: Rig, lane: str) -> None:
    """Try now what waits, and wait until it was refused."""
    row = await rig.read(lambda tx: tx.one("SELECT attempts FROM outbox WHERE lane = ? ORDER BY id", lane))
    assert row
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, lane))
    await rig.finds("SELECT 1 FROM outbox WHERE lane = ? AND attempts > ? AND state = 'pending'", lane, row[0])


async def test_without_admins_nobody_is_told_and_all_goes_on(rigs: Rigs, desk_with: Desk) -> None:
    config = desk_with({"[bots.shop]": ROUTES.replace('"U0CLEA"', "")})
    async with rigs(up=False, BRIDGE_CONFIG=config) as rig:
        await channels(rig)
        await rig.start()
        customer, _ = await asks(rig)
        after = rig.now
        await act(rig, "archive_channel", BILLING)
        assert (await new_card(rig, customer, after)).chat == FALLBACK
        await rig.quiet()
        assert directs(rig) == []


# --------------------------------------------------------------------------------------------- the thread that was left


async def test_what_is_written_in_the_old_thread_is_not_sent_and_its_writer_is_told(rig: Rig) -> None:
    customer, card = await asks(rig)
    await claims(rig, customer, card)
    before = await rig.types("ana", card, "Line 0")
    await customer.hears(lambda text: text == "Line 0", "the line")
    after = rig.now
    await act(rig, "delete", f"{card.chat}:{card.id}")
    new = await new_card(rig, customer, after)
    done = await rig.sandbox.act("slack", "ana", "type", f"{card.chat}:{card.id}", "Line 1")
    assert done["ok"]
    await rig.told("ana", f"This was not sent: #{number_of(card)} has a new card")
    await act(rig, "edit", f"{card.chat}:{before}", "ana", text="Line zero")
    await customer.hears(lambda text: text == "Line zero", "the edited line")
    await conversation_goes_on(rig, customer, new)
    assert "Line 1" not in customer.heard


async def test_a_card_that_is_deleted_comes_back_in_its_channel_once(rig: Rig) -> None:
    customer, card = await asks(rig)
    await claims(rig, customer, card)
    await rig.quiet()
    after = rig.now
    rig.fault("slack", "events", "duplicate", times=10)
    await act(rig, "delete", f"{card.chat}:{card.id}")
    new = await new_card(rig, customer, after)
    assert (new.chat, number_of(new)) == (BILLING, number_of(card))
    assert "Ana has this" in (new.text or "")
    await conversation_goes_on(rig, customer, new)
    await rig.stop()
    await rig.start()  # reads the threads again
    await conversation_goes_on(rig, customer, new, "Twice.")
    await rig.quiet()
    assert cards(rig, after) == [BILLING]
    assert len(directs(rig, "ana")) == 1


async def test_a_card_that_was_deleted_while_nobody_listened_comes_back(rig: Rig) -> None:
    customer, card = await asks(rig)
    await claims(rig, customer, card)
    await rig.quiet()
    await rig.stop()
    rig.sandbox.slack.subscriptions = set()
    after = rig.now
    await act(rig, "delete", f"{card.chat}:{card.id}")
    rig.sandbox.slack.subscriptions = None
    await rig.start()
    new = await new_card(rig, customer, after)
    await conversation_goes_on(rig, customer, new)


async def test_a_thread_of_which_nothing_is_left_is_noticed_by_what_it_refuses(rig: Rig) -> None:
    customer, card = await asks(rig)
    await claims(rig, customer, card)
    await rig.quiet()
    rig.sandbox.slack.subscriptions = set()
    channel = rig.sandbox.slack.workspace.channels[BILLING]
    for ts in [*channel.threads[card.id or ""].replies, card.id]:
        await act(rig, "delete", f"{BILLING}:{ts}")
    rig.sandbox.slack.subscriptions = None
    after = rig.now
    await customer.says("Line 0")
    new = await new_card(rig, customer, after, "Line 0")
    assert new.chat == BILLING
    await conversation_goes_on(rig, customer, new)
    assert posts(rig, new).count("Line 0") == 1


async def test_the_card_of_a_handoff_that_is_over_stays_deleted(rig: Rig) -> None:
    customer, card = await asks(rig)
    await claims(rig, customer, card)
    await rig.team.clicks("ana", card, "handback")
    await customer.hears(lambda text: "assistant is back" in text, "the bot's return")
    await rig.quiet()
    after = rig.now
    await act(rig, "delete", f"{card.chat}:{card.id}")
    _, other = await asks(rig, name="jonas")
    await rig.quiet()
    assert cards(rig, after) == [other.chat]


async def test_a_notice_that_waits_comes_along(rig: Rig) -> None:
    customer, card = await asks(rig)
    await claims(rig, customer, card)
    await rig.quiet()
    rig.sandbox.slack.subscriptions = {"message.channels"}
    await act(rig, "archive_channel", BILLING)
    rig.fault("slack", "chat.postMessage", "429", times=1, seconds=0.3)
    after = rig.now
    await rig.sandbox.act("telegram", "maria", "block", "", "")
    moved = await new_card(rig, customer, after)
    await rig.team.sees_post(moved, "has blocked the bot", after)
    await rig.quiet()
    assert posts(rig, moved).count("has blocked the bot") == 1


async def test_what_was_put_in_just_then_waits_for_the_new_card(rig: Rig) -> None:
    """Another process's transaction may have put it in before the card, and be seen only afterwards."""
    customer, card = await asks(rig)
    await rig.quiet()
    after, number = rig.now, int(number_of(card))

    def at_once(session: Session) -> None:
        assert new_card_for(session, number, Place(BILLING, card.id or ""))
        notice = {"text": "Line 0", "quote": "", "choices": []}
        outbox.put(session.tx, f"thread:{number}", "notice", notice, "k", session.now)
        session.tx.run("UPDATE outbox SET id = (SELECT MIN(id) FROM outbox) - 1 WHERE key = 'k'")

    await rig.bridge.desk.within(at_once)
    new = await new_card(rig, customer, after)
    await rig.quiet()
    assert posts(rig, new).startswith("Line 0")
    assert cards(rig, after) == [BILLING]


async def test_what_may_have_arrived_in_the_fallback_is_not_posted_twice(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it cannot be looked for, because the app is not there, it stays in doubt."""
    customer, card = await asks(rig, "I want to talk to a human")
    await rig.quiet()
    rig.sandbox.slack.subscriptions = set()
    monkeypatch.setattr(posting, "ECHO", 0.0)
    rig.fault("slack", "chat.postMessage", "drop_after_accept")
    rig.fault("slack", "conversations.replies", "500")
    await customer.says("Line 0")
    await rig.team.sees_post(card, "Line 0")
    await act(rig, "remove_bot", FALLBACK)
    await direct(rig, "clea", "#support-queue does not have the app in it any more")
    await act(rig, "invite_bot", FALLBACK)
    rig.sandbox.slack.subscriptions = None
    after = rig.now
    await rig.bridge.store.write(lambda tx: lanes.wake(tx, f"thread:{number_of(card)}"))
    await customer.says("Line 1")
    await rig.team.sees_post(card, "Line 1", after)
    await rig.quiet()
    assert posts(rig, card).count("Line 0") == 1


@pytest.mark.postgres
async def test_the_same_on_postgresql(rigs: Rigs, config: str, postgres: str) -> None:
    async with rigs(up=False, BRIDGE_CONFIG=config, DATABASE_URL=postgres) as rig:
        await channels(rig)
        await rig.start()
        customer, card = await asks(rig)
        await claims(rig, customer, card)
        after = rig.now
        await act(rig, "archive_channel", BILLING)
        moved = await new_card(rig, customer, after)
        assert (card.chat, moved.chat) == (BILLING, FALLBACK)
        await conversation_goes_on(rig, customer, moved)
        await direct(rig, "clea", "1 conversation went to #support-queue")
        before = rig.now
        await act(rig, "delete", f"{FALLBACK}:{moved.id}")
        await conversation_goes_on(rig, customer, await new_card(rig, customer, before))
