"""Updates on their way to the bot: kept until confirmed, polled for or posted to a webhook."""

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bridge.sandbox.deliveries import Deliveries, Parcel
from bridge.sandbox.misbehaviour import Line
from bridge.sandbox.telegram.asked import Refused
from bridge.sandbox.world import World

KEPT_FOR = 24 * 3600.0  # platform facts 2.1
UNLESS_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)

Update = dict[str, Any]


@dataclass(slots=True)
class Webhook:
    """Where updates are posted."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str | None = None
    last_error_at: float = 0.0


class Updates:
    """The queue of one bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.webhook: Webhook | None = None
        self.allowed: frozenset[str] | None = None  # sticky; None: all except UNLESS_ASKED
        self.deliveries = Deliveries(world, give_up_after=KEPT_FOR)
        self._pending: OrderedDict[int, tuple[float, Update]] = OrderedDict()
        self._again: dict[int, Update] = {}  # to be delivered once more after it was confirmed
        self._next_id, self._newest = 100_000_001, 0
        self._poller: asyncio.Future[None] | None = None
        self._line = Line[Update](world, "telegram", self._take_in, _message_id)
        world.on_reset(self._forget)

    def emit(self, kind: str, content: dict[str, Any]) -> Update:
        """Make an update and pass it on, if the bot asked for its kind."""
        update = {"update_id": self._next_id, kind: content}
        if kind in self.allowed if self.allowed is not None else kind not in UNLESS_ASKED:
            self._next_id += 1
            self._line.put(kind, update)
        return update

    def allow(self, kinds: list[str] | None) -> None:
        """`allowed_updates` of a call: absent keeps what was set, empty is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:
        """Confirm what lies before `offset`, then give up to `limit` updates, waiting for one if need be."""
        if self.webhook:
            raise Refused(409, WEBHOOK_SET)
        self.end_poll(Refused(409, OTHER_POLL))
        self._confirm(offset)
        if not self._pending and timeout > 0:
            self._poller = poller = asyncio.get_running_loop().create_future()
            try:
                await asyncio.wait_for(poller, timeout / self.world.speed)
            except TimeoutError:
                return []
            finally:
                if self._poller is poller:
                    self._poller = None
        return [update for _, update in islice(self._pending.values(), limit)]

    def end_poll(self, refusal: Refused) -> None:
        """Refuse the poll that is waiting, if any."""
        if self._poller and not self._poller.done():
            self._poller.set_exception(refusal)

    async def close(self) -> None:
        """Let a waiting poll go, and stop posting."""
        self.end_poll(Refused(500, "Internal Server Error: restart"))
        self._line.clear()
        await self.deliveries.close()

    def set_webhook(self, webhook: Webhook | None) -> None:
        """From now on post there, or keep updates for polling."""
        self.webhook = webhook
        self.deliveries.clear()
        for update_id, (_, update) in self._pending.items():
            self._post(update_id, update)

    def drop_pending(self) -> None:
        """Throw away what the bot has not taken."""
        self._pending.clear()
        self.deliveries.clear()

    def pending(self) -> int:
        """How many updates wait."""
        return len(self._pending)

    def _take_in(self, update: Update) -> None:
        if update["update_id"] in self._pending:
            if self.webhook:
                self._post(update["update_id"], update)
            else:
                self._again[update["update_id"]] = update
            return
        if update["update_id"] < self._newest:  # came late: ids rise in the order in which updates are given out
            update["update_id"], self._next_id = self._next_id, self._next_id + 1
        self._newest = update["update_id"]
        self._pending[update["update_id"]] = (self.world.now(), update)
        if self.webhook:
            self._post(update["update_id"], update)
        elif self._poller and not self._poller.done():
            self._poller.set_result(None)

    def _confirm(self, offset: int) -> None:
        if offset < 0:  # all but the last so many
            offset = next(islice(reversed(self._pending), -offset - 1, None), 0)
        too_old = self.world.now() - KEPT_FOR
        again: list[Update] = []
        while self._pending:
            update_id, (since, update) = self._pending.popitem(last=False)
            if update_id >= offset and since >= too_old:
                self._pending[update_id] = since, update
                self._pending.move_to_end(update_id, last=False)
                break
            if update_id in self._again:
                again.append(self._again.pop(update_id))
        for update in reversed(again):
            self._pending[update["update_id"]] = self.world.now(), update
            self._pending.move_to_end(update["update_id"], last=False)

    def _post(self, update_id: int, update: Update) -> None:
        webhook = self.webhook
        if webhook is None:
            return

        def failed(why: str) -> None:
            webhook.last_error, webhook.last_error_at = why, self.world.now()

        content: dict[str, Any] = next(value for key, value in update.items() if key != "update_id")
        person: dict[str, Any] = content.get("from") or content.get("user") or {}
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        parcel = Parcel(
            webhook.url,
            json.dumps(update).encode(),
            headers,
            taken=lambda: self._pending.pop(update_id, (0.0, update)) and None,
            failed=failed,
        )
        self.deliveries.put(str(person.get("id")), parcel)

    def _forget(self) -> None:
        self.drop_pending()
        self._again.clear()


def _message_id(update: Update) -> str:
    return str(update.get("message", {}).get("message_id", ""))
