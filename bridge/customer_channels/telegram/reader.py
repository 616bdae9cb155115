"""Reads what customers do, by long polling or by webhook. Nothing is confirmed to Telegram before it is stored."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from itertools import islice
from operator import itemgetter
from typing import Any

import structlog
from aiohttp import web

from bridge.customer_channels._webhooks import Rejected, body_of, guarded, json_object, stored
from bridge.customer_channels.telegram.bot_api import BotApi
from bridge.customer_channels.telegram.business import Connections
from bridge.customer_channels.telegram.updates import GROUP, UNREADABLE, is_update, read
from bridge.errors import DeliveryError, TryLater, Uncertain
from bridge.ports import Clock, Receive, Said, Stored

log = structlog.get_logger()

PATH = "/telegram/webhook"
LARGEST = 1_048_576  # bytes of one update
LONGEST_PAUSE = 30.0  # seconds between two tries
LONG_POLL = 25.0  # seconds
# Always said: Telegram keeps the last list. Reactions come where Telegram lets a bot have them.
# What belongs to people's own accounts comes only where @BotFather and those people allow it.
ALLOWED = [
    *("message", "edited_message", "my_chat_member", "callback_query", "message_reaction"),
    *("business_connection", "business_message", "edited_business_message", "deleted_business_messages"),
]
ONLY_IN_PRIVATE = "I answer in private only: open my profile and write to me there."


@dataclass(frozen=True, slots=True)
class Webhook:
    """How Telegram reaches us. Without a public address somebody else sets the bot's webhook."""

    secret: str
    public_url: str = ""


class Reader:
    """Hands updates to `receive`, over and over until they are stored."""

    first_pause = 1.0  # seconds; doubled with each failure in a row

    def __init__(
        self, api: BotApi, bot_id: str, clock: Clock, webhook: Webhook | None, connections: Connections
    ) -> None:
        self.webhook, self._connections = webhook, connections
        self._api, self._bot_id, self._clock = api, bot_id, clock
        self._trouble, self._failures, self._offset = "", 0, 0
        self._answers: set[asyncio.Task[None]] = set()

    async def run(self, receive: Receive) -> None:
        """Poll until cancelled; with a webhook only make it known."""
        if self.webhook is None:
            while True:
                await self._try(lambda: self._poll(receive))
        elif not self.webhook.public_url:
            log.warning("telegram.webhook_not_set", why="PUBLIC_URL is missing; set the bot's webhook by hand.")
        else:
            while not await self._try(self._set_webhook):
                pass

    async def _poll(self, receive: Receive) -> None:
        """Store one batch. The next call confirms it; once nothing is left to confirm, no number is given.

        Telegram numbers updates anew after a quiet week: an old number would then confirm what nobody has read.
        """
        updates = await self._updates()
        if updates:
            await self._take(receive, updates)
        self._offset = updates[-1]["update_id"] + 1 if updates else 0

    async def _updates(self) -> list[dict[str, Any]]:
        """Wait for what is not confirmed yet, at most 100 at a time; with an offset, confirm all before it."""
        wanted = {"timeout": int(LONG_POLL), "allowed_updates": ALLOWED}
        if self._offset:
            wanted["offset"] = self._offset
        updates = await self._api.call("getUpdates", wanted, LONG_POLL + 10.0)
        if not isinstance(updates, list) or not all(map(is_update, updates)):
            raise Uncertain("Telegram's answer is no list of updates.")
        return sorted(updates, key=itemgetter("update_id"))

    async def _take(self, receive: Receive, updates: Sequence[dict[str, Any]]) -> None:
        """Store them all at once; then stop the spinners of pressed buttons, and leave groups."""
        now = self._clock()
        read_so_far = [(update, read(update, self._bot_id, now)) for update in updates]
        kept = iter(await receive([one for _, received in read_so_far for one in received]))
        for update, received in read_so_far:
            event, news = received[-1].event, list(islice(kept, len(received)))
            if "business_connection" in update:
                self._connections.forget(update["business_connection"])
            if event == UNREADABLE:
                log.warning("telegram.update_unreadable", update=update["update_id"])
            if "callback_query" in update and isinstance(event, Said):
                self._beside(self._answer_press(update["callback_query"].get("id"), event.text))
            if event == GROUP and any(stored.new for stored in news):
                self._beside(self._leave(update, news))

    def _beside(self, courtesy: Coroutine[Any, Any, None]) -> None:
        """A courtesy, for which nobody waits."""
        answer = asyncio.create_task(courtesy)
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    async def _leave(self, update: Mapping[str, Any], news: Sequence[Stored]) -> None:
        """Out of a group, with a word why if that was not said there yet; out of a channel without one."""
        chat = next(content["chat"]["id"] for kind, content in update.items() if kind != "update_id")
        with suppress(DeliveryError):
            if len(news) > 1 and news[0].new:
                await self._api.call("sendMessage", {"chat_id": chat, "text": ONLY_IN_PRIVATE})
        with suppress(DeliveryError):
            await self._api.call("leaveChat", {"chat_id": chat})

    async def _answer_press(self, query: Any, choice: str) -> None:
        with suppress(DeliveryError):  # it only stops the button's spinner
            await self._api.call("answerCallbackQuery", {"callback_query_id": query, "text": choice[:200]})

    async def _set_webhook(self) -> None:
        assert self.webhook
        # One connection at a time: with more, the messages of a chat may overtake each other.
        wanted = {"url": self.webhook.public_url + PATH, "secret_token": self.webhook.secret}
        await self._api.call("setWebhook", wanted | {"allowed_updates": ALLOWED, "max_connections": 1})

    async def _try(self, do: Callable[[], Awaitable[None]]) -> bool:
        """Whether it went well. If not, a pause; whatever went wrong, the same updates come again."""
        try:
            await do()
        except Exception as error:
            await self._pause(error)
            return False
        if self._trouble:
            log.info("telegram.read_again")
        self._trouble, self._failures = "", 0
        return True

    async def _pause(self, error: Exception) -> None:
        if (trouble := _in_words(error)) != self._trouble:
            log.warning("telegram.not_read", why=trouble)
        longest = min(LONGEST_PAUSE, self.first_pause * 2 ** min(self._failures, 10))
        self._trouble, self._failures = trouble, self._failures + 1
        wished = error.after or 0.0 if isinstance(error, TryLater) else 0.0
        await asyncio.sleep(wished + longest * random.uniform(0.5, 1.0))  # noqa: S311

    def routes(self, receive: Receive) -> Sequence[web.RouteDef]:
        """The webhook, if that is how updates come."""
        if not (webhook := self.webhook):
            return ()

        async def take(request: web.Request) -> web.Response:
            given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
            if not compare_digest(given.encode(errors="surrogateescape"), webhook.secret.encode()):
                raise Rejected(401, "not_authentic", "The secret is missing or wrong.")
            update = json_object(await body_of(request, LARGEST))
            if not is_update(update):
                raise Rejected(400, "malformed", "The body is not an update.")
            return await stored("telegram", self._take(receive, [update]))

        return (web.post(PATH, guarded("telegram", take)),)

    async def close(self) -> None:
        """Give up answering presses, and leaving groups."""
        for answer in self._answers:
            answer.cancel()


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, DeliveryError) else f"Not stored ({type(error).__name__})."
