"""The team of the demo: agents who work in the sandbox's Slack."""

import re
from collections.abc import Mapping
from typing import Any

from bridge.demo.watch import NotSeen, Watch
from bridge.sandbox.server import Sandbox
from bridge.sandbox.world import Entry

QUEUE = "C0SUPPORT"
PEOPLE: Mapping[str, str] = {"ana": "U0ANA", "ben": "U0BEN", "clea": "U0CLEA"}


class Team:
    """What agents do, and what they see."""

    def __init__(self, sandbox: Sandbox, watch: Watch) -> None:
        self._sandbox, self.watch = sandbox, watch

    async def card_of(self, customer: str, after: int = 0, patience: float = 20.0) -> Entry:
        """The card on which this customer's name stands."""

        def fits(entry: Entry) -> bool:
            named = re.search(rf"\b{re.escape(customer)}\b", entry.text or "") is not None
            return entry.kind == "chat.postMessage" and not entry.thread and named

        return await self.watch.entry("slack", fits, f"a card of {customer}", after, patience)

    async def clicks(self, who: str, card: Entry, action: str) -> None:
        """Press a button of a card."""
        await self._act(who, "click", f"{card.chat}:{card.id}", action_id=action)

    async def types(self, who: str, card: Entry, text: str) -> str:
        """Write in the card's thread; gives the message's ts."""
        return await self._act(who, "type", f"{card.chat}:{card.id}", text)

    async def edits(self, who: str, card: Entry, ts: str, text: str) -> None:
        """Change an own message."""
        await self._act(who, "edit", f"{card.chat}:{ts}", text)

    async def deletes(self, who: str, card: Entry, ts: str) -> None:
        """Delete a message; an admin may delete anybody's."""
        await self._act(who, "delete", f"{card.chat}:{ts}")

    async def commands(self, who: str, text: str) -> None:
        """Use a slash command in the queue channel."""
        await self._act(who, "command", QUEUE, text)

    async def presses(self, who: str, ts: str, action: str, value: str = "") -> None:
        """Press a button of any message, also of a private one."""
        await self._act(who, "click", f"{QUEUE}:{ts}", action_id=action, **({"value": value} if value else {}))

    async def is_told(self, who: str, piece: str, after: int, patience: float = 20.0) -> Entry:
        """A private word to this agent that contains the piece."""

        def fits(entry: Entry) -> bool:
            private = entry.kind in ("response_url", "chat.postEphemeral")
            return private and entry.raw.get("user") == PEOPLE[who] and piece in (entry.text or "")

        return await self.watch.entry("slack", fits, f"a private word to {who}: {piece}", after, patience)

    async def sees_mark(self, ts: str, mark: str, after: int = 0) -> Entry:
        """A reaction on a message."""
        return await self.watch.entry(
            "slack",
            lambda entry: entry.kind == "reactions.add" and entry.id == ts and entry.text == mark,
            f"the mark {mark}",
            after,
        )

    async def sees_card(self, card: Entry, piece: str, after: int = 0) -> Entry:
        """The card, posted or redrawn, with these words on it."""
        return await self.watch.entry(
            "slack",
            lambda entry: entry.id == card.id and entry.kind.startswith("chat.") and piece in (entry.text or ""),
            f"“{piece}” on the card",
            after,
        )

    async def sees_post(self, card: Entry, piece: str, after: int = 0) -> Entry:
        """A post of the bridge in the card's thread."""
        return await self.watch.entry(
            "slack",
            lambda entry: entry.kind == "chat.postMessage" and entry.thread == card.id and piece in (entry.text or ""),
            f"“{piece}” in the thread",
            after,
        )

    async def _act(self, who: str, action: str, target: str, text: str = "", **more: Any) -> str:
        done = await self._sandbox.act("slack", who, action, target, text, **more)
        if not done["ok"]:
            raise NotSeen(f"Slack refused {who}'s {action}: {done['error']}")
        return done["id"] or ""
