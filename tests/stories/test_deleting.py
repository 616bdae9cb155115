"""A reply that is deleted in Slack: taken back where that can be done, and else its author is told."""

import asyncio

import pytest

from bridge.content import Part, Presence
from bridge.demo.customers import Customer
from bridge.errors import Uncertain
from bridge.ports import Agent, Erased, Place, Received, Retyped
from bridge.sandbox.world import Entry
from bridge.store import messages
from bridge.store.tx import Tx

from ..conftest import Rig
from .test_drafts import drafted
from .test_files import PDF, uploads
from .test_windows import acts

LONG = "Every tea has its own story. " * 200  # two messages on Telegram
OOPS = "Oh dear"


async def replies(rig: Rig, customer: Customer, card: Entry, text: str) -> str:
    """Ana does, and it arrives; gives where she typed it."""
    ts = await rig.types("ana", card, text)
    await customer.hears(lambda heard: heard == text, "the reply")
    await rig.quiet()
    return ts


async def replied(rig: Rig, channel: str = "telegram", text: str = OOPS) -> tuple[Customer, Entry, str]:
    """A customer who has read a reply of Ana's: them, their card, and where she typed it."""
    customer, card = await rig.claimed(channel)
    return customer, card, await replies(rig, customer, card, text)


async def gone(rig: Rig, customer: Customer, text: str = OOPS) -> None:
    """Until the customer has it no more."""
    await rig.until(lambda: text not in customer.heard or None, "that it is gone")


async def is_(rig: Rig, ts: str, state: str) -> None:
    """Until the store knows what became of it."""
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = ? AND deleted", ts, state)


async def deleted(rig: Rig, ts: str) -> None:
    """Until the store knows of it."""
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND deleted", ts)


async def sending(rig: Rig, card: Entry, text: str, *, lost: bool = False) -> tuple[str, asyncio.Event]:
    """Ana says something, and it is on its way until it may arrive: where she typed it, and what lets it arrive."""
    await rig.quiet()
    channel, leaves, arrives = rig.bridge.channels["telegram"], asyncio.Event(), asyncio.Event()
    send = channel.send

    async def held(chat: str, part: Part | Presence, key: str) -> str:
        leaves.set()
        await arrives.wait()
        if lost:
            raise Uncertain("the answer was lost")
        return await send(chat, part, key)

    channel.send = held  # type: ignore[method-assign]
    ts = await rig.types("ana", card, text)
    await leaves.wait()
    return ts, arrives


def deletions(rig: Rig) -> list[str | None]:
    return [entry.id for entry in rig.history("telegram", "deleteMessage")]


# ----------------------------------------------------------------------------------------------------- it is taken back


@pytest.mark.parametrize("channel", ["telegram", "web"])
async def test_a_deleted_reply_is_taken_back_where_the_channel_can(rig: Rig, channel: str) -> None:
    customer, card, ts = await replied(rig, channel)
    after = rig.now
    await rig.team.deletes("ana", card, ts)
    await gone(rig, customer)
    await is_(rig, ts, "erased")
    assert OOPS not in await rig.hears_next(customer, "ana", card)
    await rig.quiet()
    assert not rig.history("slack", "chat.postEphemeral", after=after)

    def read(tx: Tx) -> list[str]:
        return [line.text for line in messages.heard(tx, 1)]

    assert OOPS not in await rig.read(read)  # so no model says it again
    assert OOPS not in str(rig.sandbox.telegram.view())  # what the sandbox's page shows


async def test_what_an_admin_deletes_is_taken_back_too(rig: Rig) -> None:
    customer, card, ts = await replied(rig)
    await rig.team.deletes("clea", card, ts)
    await gone(rig, customer)


async def test_all_of_a_long_reply_and_all_of_its_files_go(rig: Rig) -> None:
    customer, card = await rig.claimed()
    before = len(customer.heard)
    long = await rig.types("ana", card, LONG)
    await rig.team.sees_mark(long, "white_check_mark")
    several = await uploads(rig, "ana", card, ("1.pdf", PDF), ("2.pdf", PDF + b"2"), text="Both of them")
    await rig.team.sees_mark(several, "white_check_mark")
    await rig.quiet()
    for ts in (long, several):
        await rig.team.deletes("ana", card, ts)
        await is_(rig, ts, "erased")
    assert customer.heard[before:] == []
    assert len(deletions(rig)) == 4


async def test_what_is_told_twice_is_deleted_once(rig: Rig) -> None:
    customer, card, ts = await replied(rig)
    after = rig.now
    await rig.team.deletes("ana", card, ts)
    again = Received(("told once more",), Erased(Place(card.chat or "", ts)), b"{}")
    await rig.bridge.desk.agents_did([again])
    await rig.hears_next(customer, "ana", card)
    assert len(deletions(rig)) == 1
    await rig.quiet()
    assert not rig.history("slack", "chat.postEphemeral", after=after)


async def test_what_is_deleted_while_it_is_sent_is_taken_back_after_that(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts, arrives = await sending(rig, card, OOPS)
    await rig.team.deletes("ana", card, ts)
    await deleted(rig, ts)
    arrives.set()
    await is_(rig, ts, "erased")
    await rig.until(lambda: deletions(rig) or None, "the deletion")
    assert OOPS not in customer.heard
    assert [it.text for it in rig.history("telegram", "sendMessage")].count(OOPS) == 1


async def test_what_waits_for_the_platform_does_not_go_out(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp", "jonas")
    await rig.quiet()
    rig.fault("whatsapp", "messages", "429", times=1000)
    ts = await rig.types("ana", card, OOPS)
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'part' AND attempts > 0 AND state = 'pending'")
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "You deleted this in time")
    await is_(rig, ts, "suppressed")
    rig.sandbox.world.faults.clear()
    assert OOPS not in await rig.hears_next(customer, "ana", card)


async def test_the_correction_goes_with_what_it_corrects(rig: Rig) -> None:
    customer, card, ts = await replied(rig)
    await rig.team.edits("ana", card, ts, LONG)
    notice = await rig.team.sees_post(card, "This change did not reach the customer")
    before = len(customer.heard)
    await rig.team.presses("ana", notice.id or "", "correct")
    await rig.until(lambda: len(customer.heard) == before + 2 or None, "the correction")
    await rig.quiet()
    await rig.team.deletes("ana", card, ts)
    await rig.until(lambda: len(deletions(rig)) == 3 or None, "that all of it goes")
    await rig.finds("SELECT 1 FROM message WHERE state = 'erased' AND corrects IS NOT NULL")
    assert len(customer.heard) == before - 1


async def test_a_suggestion_that_was_sent_goes_with_what_shows_it(rig: Rig) -> None:
    customer, card = await rig.claimed()
    window, after = await drafted(rig, card), rig.now
    await acts(rig, "ana", "submit", window.id or "", values={"text": {"text": OOPS}})
    shown = await rig.team.sees_post(card, "Ana to the customer:", after)
    await rig.team.sees_mark(shown.id or "", "white_check_mark")
    await rig.team.deletes("clea", card, shown.id or "")
    await gone(rig, customer)


# ------------------------------------------------------------------------------------------------- it is not, and why


async def test_whatsapp_cannot_and_the_author_is_told(rig: Rig) -> None:
    customer, card, ts = await replied(rig, "whatsapp")
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "Messages on WhatsApp cannot be deleted: this stays with the customer.")
    assert OOPS in await rig.hears_next(customer, "ana", card)


@pytest.mark.parametrize("how", ["handback", "assigned"])
async def test_what_is_no_longer_ones_own_is_not_taken_back(rig: Rig, how: str) -> None:
    customer, card, ts = await replied(rig)
    if how == "handback":
        await rig.team.clicks("ana", card, "handback")
        await customer.hears(lambda text: "assistant is back" in text, "the bot's return")
    else:
        await rig.types("ana", card, "!assign <@U0BEN>")
        await rig.finds("SELECT 1 FROM conversation WHERE owner_id = 'U0BEN'")
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "it stays with the customer: this conversation is no longer yours")
    await rig.quiet()
    assert OOPS in customer.heard
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = 'sent' AND deleted", ts)


async def test_after_two_days_it_stays_and_only_its_author_is_told(rig: Rig) -> None:
    customer, card, ts = await replied(rig)
    [said] = [
        it for chat in rig.sandbox.telegram.chats.by_id.values() for it in chat.messages.values() if it.text == OOPS
    ]
    said.at -= 49 * 3600
    after = rig.now
    await rig.team.deletes("ana", card, ts)
    told = await rig.told("ana", "This was deleted here, but it stays with the customer: Telegram does not let us")
    assert OOPS in (told.text or "")
    assert OOPS in await rig.hears_next(customer, "ana", card)
    assert not [it for it in rig.history("slack", "chat.postMessage", after=after) if OOPS in (it.text or "")]
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = 'sent' AND deleted", ts)


async def test_of_what_cannot_all_be_taken_back_the_rest_is(rig: Rig) -> None:
    customer, card = await rig.claimed()
    before = len(customer.heard)
    ts = await rig.types("ana", card, LONG)
    await rig.team.sees_mark(ts, "white_check_mark")
    [chat] = [it for it in rig.sandbox.telegram.chats.by_id.values() if it.handle == "maria"]
    first = next(it for it in chat.messages.values() if it.text in customer.heard[before:])
    first.at -= 49 * 3600
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "it stays with the customer: Telegram does not let us")
    assert customer.heard[before:] == [first.text]


@pytest.mark.parametrize("fault", ["500", "429", "drop_after_accept", "disconnect", "garbage"])
async def test_a_deletion_is_tried_until_it_is_done(rig: Rig, fault: str) -> None:
    customer, card, ts = await replied(rig)
    after = rig.now
    rig.fault("telegram", "deleteMessage", fault, times=2, seconds=0.1)
    await rig.team.deletes("ana", card, ts)
    await is_(rig, ts, "erased")
    assert OOPS not in customer.heard
    await rig.quiet()
    assert not rig.history("slack", "chat.postEphemeral", after=after)


async def test_what_the_customer_has_deleted_is_gone_already(rig: Rig) -> None:
    _, card, ts = await replied(rig)
    [chat] = [it for it in rig.sandbox.telegram.chats.by_id.values() if it.handle == "maria"]
    chat.messages.clear()
    after = rig.now
    await rig.team.deletes("ana", card, ts)
    await is_(rig, ts, "erased")
    await rig.quiet()
    assert not rig.history("slack", "chat.postEphemeral", after=after)


# ------------------------------------------------------------------------------- what was deleted is not said any more


async def test_a_failed_reply_that_was_deleted_is_not_sent_again(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.sandbox.act("telegram", "maria", "block")
    ts = await rig.types("ana", card, OOPS)
    notice = await rig.team.sees_post(card, "This did not reach the customer")
    await rig.team.deletes("ana", card, ts)
    await is_(rig, ts, "failed")
    await rig.sandbox.act("telegram", "maria", "unblock")
    await rig.team.presses("ana", notice.id or "", "again")
    await rig.told("ana", "This was deleted in Slack. Write it as a new message.")
    assert OOPS not in await rig.hears_next(customer, "ana", card)


async def test_of_a_deleted_reply_nobody_is_asked_whether_it_arrived(rig: Rig) -> None:
    customer, card = await rig.claimed()
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    ts = await rig.types("ana", card, OOPS)
    question = await rig.team.sees_post(card, "This may not have reached the customer")
    await rig.types("ana", card, "Behind it")
    await rig.finds("SELECT 1 FROM message WHERE text = 'Behind it'")
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "it stays with the customer: Telegram has not told us which message this is")
    await customer.hears(lambda text: text == "Behind it", "what waited behind it")
    await rig.team.presses("ana", question.id or "", "resend")
    await rig.told("ana", "This was decided about already.")


async def test_that_a_deleted_reply_failed_is_not_said(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    ts, arrives = await sending(rig, card, OOPS)
    await rig.team.deletes("ana", card, ts)
    await deleted(rig, ts)
    await rig.sandbox.act("telegram", "maria", "block")
    arrives.set()
    await is_(rig, ts, "failed")
    await rig.quiet()
    assert not [it for it in rig.history("slack", "chat.postMessage", after=after) if OOPS in (it.text or "")]


async def test_that_a_change_of_a_deleted_reply_failed_is_not_said(rig: Rig) -> None:
    _, card, ts = await replied(rig)
    after = rig.now
    _, arrives = await sending(rig, card, "Something else")
    await rig.team.edits("ana", card, ts, LONG)
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'change'")
    await rig.team.deletes("ana", card, ts)
    await deleted(rig, ts)
    arrives.set()
    await is_(rig, ts, "erased")
    await rig.quiet()
    posts = rig.history("slack", "chat.postMessage", after=after)
    assert not [it for it in posts if "This change did not reach" in (it.text or "")]


async def test_what_is_in_doubt_only_after_its_deletion_is_not_asked_about(rig: Rig) -> None:
    _, card = await rig.claimed()
    after = rig.now
    ts, breaks = await sending(rig, card, OOPS, lost=True)
    await rig.team.deletes("ana", card, ts)
    await deleted(rig, ts)
    breaks.set()
    await rig.told("ana", "it stays with the customer: Telegram has not told us which message this is", after)
    await rig.quiet()
    assert not [it for it in rig.history("slack", "chat.postMessage", after=after) if OOPS in (it.text or "")]


async def test_what_else_is_in_doubt_is_still_asked_about(rig: Rig) -> None:
    _, card = await rig.claimed()
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    await rig.types("ana", card, "In doubt")
    question = await rig.team.sees_post(card, "This may not have reached the customer")
    ts = await rig.types("ana", card, OOPS)
    await rig.finds("SELECT 1 FROM message WHERE source_ts = ?", ts)
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "You deleted this in time")
    await rig.team.presses("ana", question.id or "", "arrived")
    await rig.finds("SELECT 1 FROM message WHERE text = 'In doubt' AND state = 'sent'")


async def test_that_a_deletion_waits_for_a_decision_is_said(rig: Rig) -> None:
    customer, card, ts = await replied(rig)
    rig.fault("telegram", "sendMessage", "drop_after_accept")
    await rig.types("ana", card, "In doubt")
    question = await rig.team.sees_post(card, "This may not have reached the customer")
    await rig.team.deletes("ana", card, ts)
    await rig.told("ana", "This is taken back as soon as somebody has decided")
    assert OOPS in customer.heard
    await rig.team.presses("ana", question.id or "", "arrived")
    await is_(rig, ts, "erased")


async def test_a_deleted_file_is_not_kept_for_the_web_chat(rig: Rig) -> None:
    _, card = await rig.claimed("web")
    ts = await uploads(rig, "ana", card, ("1.pdf", PDF), text="Not for you")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.finds("SELECT 1 FROM upload_piece")
    await rig.team.deletes("ana", card, ts)
    await is_(rig, ts, "erased")
    await rig.finds("SELECT 1 FROM upload_piece", none=True)
    await rig.finds("SELECT 1 FROM upload", none=True)
    await rig.finds("SELECT 1 FROM web_event WHERE event LIKE '%Not for you%'", none=True)


async def test_a_change_that_is_heard_of_after_the_deletion_changes_nothing(rig: Rig) -> None:
    customer, card, ts = await replied(rig)
    await rig.team.deletes("ana", card, ts)
    await is_(rig, ts, "erased")
    place, thread = Place(card.chat or "", ts), Place(card.chat or "", card.id or "")
    late = Retyped(Agent("U0ANA", "Ana"), place, thread, "Better words")
    await rig.bridge.desk.agents_did([Received(("a late change",), late, b"{}")])
    heard = await rig.hears_next(customer, "ana", card)
    assert not [text for text in heard if text in (OOPS, "Better words")]
    await rig.quiet()
    assert not rig.history("slack", "chat.postEphemeral")
