"""The web chat tells who a visitor certainly is, and what they have read."""

import time
from datetime import timedelta

from bridge.demo.customers import WebCustomer
from bridge.sandbox.world import Entry
from bridge.store import journal

from ..conftest import Rig, Rigs
from ..customer_channels.web.test_identity import SECRET, signed
from .test_files import sees, shared


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


async def test_a_file_that_a_visitor_took_back_is_in_no_new_thread(rig: Rig) -> None:
    customer = a_visitor(rig)
    for name in ("first.pdf", "second.pdf"):
        await customer.sends(name, b"%PDF-1.4 " + name.encode())
    said = await rig.until(lambda: next((it for it in customer.events if it.get("files")), None), "the first file")
    await customer.rewrites(said["id"], None)
    await rig.finds("SELECT 1 FROM message WHERE deleted")
    await customer.says("I want to talk to a human")
    card = await rig.team.card_of("priya@example.com")
    assert [file["_content"] for file in await sees(rig, card)] == [b"%PDF-1.4 second.pdf"]
    await rig.quiet()
    assert len(shared(rig, card)) == 1
    await customer.close()


async def test_the_files_of_what_a_visitor_takes_back_are_given_to_nobody_any_more(rig: Rig) -> None:
    customer, card = await rig.claimed("web")
    assert isinstance(customer, WebCustomer)
    await customer.sends("kettle.pdf", b"%PDF-1.4 kettle", "It looks like this")
    await rig.team.sees_post(card, "It looks like this")
    said = await rig.until(lambda: next((it for it in customer.events if it.get("files")), None), "their file")
    address = f"{rig.url}/web/files/{said['files'][0]['id']}"
    async with rig.session.get(address) as response:
        assert (response.status, await response.read()) == (200, b"%PDF-1.4 kettle")
    await customer.rewrites(said["id"], None)
    await rig.team.sees_post(card, "The customer deleted this message:")
    async with rig.session.get(address) as response:
        assert response.status == 404
