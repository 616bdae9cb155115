"""The web chat tells who a visitor certainly is, and what they have read."""

import time
from datetime import timedelta

from bridge.demo.customers import WebCustomer
from bridge.sandbox.world import Entry
from bridge.store import journal

from ..conftest import Rig, Rigs
from ..customer_channels.web.test_identity import SECRET, signed


def a_visitor(rig: Rig, identity: str = "") -> WebCustomer:
    return WebCustomer(rig.url, "priya@example.com", rig.session, rig.watch, identity=identity)


async def asks(rig: Rig, visitor: WebCustomer, name: str) -> str:
    """For a person; the card that it makes for somebody of this name."""
    after = rig.now
    await visitor.says("I want to talk to a human")
    card: Entry = await rig.team.card_of(name, after)
    return card.text or ""


async def test_the_card_says_for_whom_the_site_vouches_and_nothing_of_what_was_typed(rigs: Rigs) -> None:
    claims = {"sub": "user 7", "name": "Priya", "email": "priya@example.com", "exp": time.time() + 600}
    async with rigs(WEB_IDENTITY_SECRET=SECRET) as rig:
        known, stranger = a_visitor(rig, signed(claims)), a_visitor(rig)
        assert "✓ verified: priya@example.com\n" in await asks(rig, known, "Priya")
        assert "verified" not in await asks(rig, stranger, "priya@example.com")
        assert known.chat != stranger.chat
        await known.close()
        await stranger.close()


async def test_the_agent_sees_that_a_reply_was_read_once_the_visitor_looked(rig: Rig) -> None:
    customer, card = await rig.claimed("web")
    assert isinstance(customer, WebCustomer)
    first = await rig.types("ana", card, "One moment, please.")
    await customer.hears(lambda text: text == "One moment, please.", "the reply")
    await rig.quiet()

    def marks(ts: str) -> list[str]:
        return [str(entry.text) for entry in rig.history("slack", "reactions.add") if entry.id == ts]

    assert marks(first) == ["white_check_mark"]
    await customer.looks()
    await rig.until(lambda: "eyes" in marks(first) or None, "that it was read")
    second = await rig.types("ana", card, "Are you still there?")
    await customer.hears(lambda text: text == "Are you still there?", "the question")
    await rig.quiet()
    assert marks(second) == ["white_check_mark"]


async def test_tokens_that_are_over_are_swept(rig: Rig) -> None:
    customer = rig.customer("web")
    await customer.says("Hello")
    await rig.finds("SELECT 1 FROM visitor_token")
    later = rig.bridge.desk.house.clock() + timedelta(days=61)
    assert await rig.bridge.store.write(lambda tx: journal.forget(tx, later)) == 1


async def test_what_a_visitor_changes_and_takes_back_is_told_in_the_thread(rig: Rig) -> None:
    customer, card = await rig.claimed("web")
    assert isinstance(customer, WebCustomer)
    await customer.says("My number is 1234")
    await rig.team.sees_post(card, "My number is 1234")
    own = "My number is 1234"
    said = await rig.until(lambda: next((it["id"] for it in customer.events if it["text"] == own), None), "their line")
    await customer.rewrites(said, "My number is 1243")
    await rig.team.sees_post(card, "My number is 1243 (edited)")
    await customer.rewrites(said, None)
    await rig.team.sees_post(card, "The customer deleted this message:")
    await rig.until(lambda: "delete" in [it["kind"] for it in customer.events] or None, "that it is gone")
    await rig.finds("SELECT 1 FROM web_event WHERE event LIKE '%My number%'", none=True)
