"""What becomes of WhatsApp messages, told by statuses that come late, early, twice, in any order, or for nothing."""

import hashlib
import hmac
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bridge.demo.stage import APP_SECRET

if TYPE_CHECKING:
    from bridge.demo.customers import Customer
    from bridge.sandbox.world import Entry

    from ..conftest import Rig, Rigs

TEXT = "Your parcel arrives tomorrow."


@dataclass(frozen=True, slots=True)
class Talk:
    """A customer on WhatsApp who talks to Ana."""

    rig: "Rig"
    customer: "Customer"
    card: "Entry"

    async def status(self, state: str, id: str = "wamid.UNKNOWN", key: str = "", **more: Any) -> int:
        """Meta posts one status; what it is answered."""
        told = {"id": id, "status": state, "timestamp": "1763700000", "recipient_id": "1", **more}
        value = {"metadata": {}, "statuses": [told | ({"biz_opaque_callback_data": key} if key else {})]}
        body = json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()
        signature = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}"}
        async with self.rig.session.post(f"{self.rig.url}/whatsapp/webhook", data=body, headers=headers) as response:
            return response.status

    async def says(self) -> tuple[str, str]:
        """Ana says something that arrives; our key and WhatsApp's id of it."""
        await self.rig.types("ana", self.card, TEXT)
        await self.customer.hears(lambda heard: heard == TEXT, TEXT)
        await self.reads("delivered")
        return await self.delivery()

    async def delivery(self) -> tuple[str, str]:
        row = await self.rig.read(lambda tx: tx.one(f"SELECT d.key, d.platform_id {OF_TEXT}"))
        assert row
        return row[0], row[1]

    async def reads(self, state: str) -> None:
        """Our store says this of the message."""
        await self.rig.finds(f"SELECT 1 {OF_TEXT} AND d.state = '{state}'")

    def sent(self) -> list[str]:
        return [entry.text or "" for entry in self.rig.history("whatsapp", "messages")]

    def posts(self) -> str:
        return "\n".join(entry.text or "" for entry in self.rig.history("slack", "chat.postMessage"))


OF_TEXT = f"FROM delivery d JOIN message m ON m.id = d.message_id WHERE m.text = '{TEXT}'"


@pytest.fixture
async def talk(rigs: "Rigs") -> AsyncGenerator[Talk]:
    async with rigs() as rig:
        customer, card = await rig.claimed("whatsapp", "jonas")
        await rig.quiet()
        yield Talk(rig, customer, card)


async def test_statuses_only_ever_go_forward(talk: Talk) -> None:
    key, named = await talk.says()
    for state in ("read", "delivered", "sent", "read", "failed", "sent"):
        assert await talk.status(state, named, key) == 200
        await talk.reads("read")
    await talk.rig.quiet()
    assert talk.sent().count(TEXT) == 1
    assert "did not reach" not in talk.posts()


async def test_statuses_of_messages_that_nobody_knows_are_taken_and_change_nothing(talk: Talk) -> None:
    await talk.says()
    before = talk.posts()
    for state in ("sent", "delivered", "read", "failed", "played", "unheard of"):
        assert await talk.status(state) == 200
        assert await talk.status(state, key="8c9e6679-7425-40de-944b-e07fc1f90ae7") == 200
    await talk.rig.quiet()
    await talk.reads("delivered")
    assert (talk.posts(), talk.sent().count(TEXT)) == (before, 1)


async def test_a_message_that_was_accepted_and_then_failed_is_said_in_words(talk: Talk) -> None:
    talk.rig.fault("whatsapp", "status", "delay", times=None, seconds=3600)
    await talk.rig.types("ana", talk.card, TEXT)
    await talk.reads("sent")
    key, named = await talk.delivery()
    errors = [{"code": 131047, "title": "Re-engagement message"}]
    for _ in range(2):
        assert await talk.status("failed", named, key, errors=errors) == 200
    await talk.rig.team.sees_post(talk.card, "More than 24 hours have passed since the customer last wrote")
    await talk.rig.quiet()
    assert talk.posts().count("did not reach the customer") == 1


async def test_a_send_that_got_no_answer_is_settled_by_its_status(talk: Talk) -> None:
    talk.rig.fault("whatsapp", "messages", "drop_after_accept")
    await talk.says()
    await talk.rig.quiet()
    assert talk.sent().count(TEXT) == 1
    assert "may not have reached" not in talk.posts()


async def test_a_status_may_come_before_the_answer_to_its_own_send(talk: Talk) -> None:
    talk.rig.fault("whatsapp", "messages", "delay", seconds=1)
    await talk.rig.types("ana", talk.card, TEXT)
    await talk.rig.finds("SELECT 1 FROM outbox WHERE state = 'sending' AND kind = 'part'")
    row = await talk.rig.read(lambda tx: tx.one("SELECT key FROM outbox WHERE state = 'sending' AND kind = 'part'"))
    assert row
    assert await talk.status("read", "wamid.EARLY", row[0]) == 200
    await talk.reads("read")
    await talk.customer.hears(lambda heard: heard == TEXT, TEXT)
    await talk.rig.quiet()
    await talk.rig.hears_next(talk.customer, "ana", talk.card)
    await talk.reads("read")
    assert talk.sent().count(TEXT) == 1
