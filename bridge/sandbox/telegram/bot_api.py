"""The door of the Telegram look-alike: tokens, parameters, answers and refusals."""

import itertools
import math
from typing import Any

from aiohttp import web

from bridge.sandbox import misbehaviour
from bridge.sandbox.attachments import Attachment
from bridge.sandbox.limits import Bucket
from bridge.sandbox.telegram import albums, business, files, groups, people, sending, settings
from bridge.sandbox.telegram.asked import Asked, Refused
from bridge.sandbox.telegram.chats import Chat, Chats, Message
from bridge.sandbox.telegram.updates import Updates, Webhook
from bridge.sandbox.world import World

OVERALL = 30.0  # messages a second of one bot (platform facts 2.3)
_METHODS = sending.METHODS | settings.METHODS | files.METHODS | albums.METHODS | business.METHODS | groups.METHODS
METHODS = {name.lower(): (name, do) for name, do in _METHODS.items()}
SHORTEST_TOKEN = 5  # characters after the bot's number


class Telegram:
    """The Bot API for one bot; every well-formed token is its token."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chats, self.updates = Chats(world), Updates(world)
        self.bot: dict[str, Any] = {
            "id": 7_000_000_001, "is_bot": True, "first_name": "Sandbox Bot", "username": "sandbox_bot",
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
        }  # fmt: skip
        self.groups, self.business = groups.Groups(), business.Business()
        self.texts: dict[str, Any] = {}  # what setMyCommands, setMyName and the like set
        self.files: dict[str, Attachment] = {}
        self.unshowable = False  # no photo can be shown: its sides are odd
        self.queries: dict[str, Chat] = {}  # callback queries that can be answered
        self.forget()
        world.on_reset(self.forget)

    def forget(self) -> None:
        """Start afresh."""
        self.files.clear()
        self.groups.by_title.clear()
        self.business.connections.clear()
        self.unshowable = False
        self.queries.clear()
        self.texts.clear()
        self._message_ids = itertools.count(1)
        self.limit = Bucket(self.world, rate=OVERALL, burst=OVERALL)

    def routes(self) -> list[web.RouteDef]:
        """The paths of the Bot API."""
        return [
            web.route("*", r"/telegram/bot{token}/{method}", self._call),
            web.get(r"/telegram/file/bot{token}/{path:.+}", self._download),
        ]

    async def start(self, base_url: str) -> None:
        """Begin to post webhooks."""
        await self.updates.deliveries.start()

    async def close(self) -> None:
        """Stop, and let a waiting poll go."""
        await self.updates.close()

    def connect(self, settings: dict[str, Any]) -> None:
        """Set a webhook from outside: `webhook_url` and `secret_token`; no URL means polling."""
        url = settings.get("webhook_url") or settings.get("url") or ""
        secret = settings.get("secret_token") or settings.get("secret") or ""
        self.updates.set_webhook(Webhook(url, secret) if url else None)

    async def act(self, actor: str, action: str, target: str, text: str, **more: Any) -> dict[str, Any]:
        """What a customer does on the phone."""
        return people.act(self, actor, action, target, text, more)

    def view(self) -> dict[str, Any]:
        """What the page shows."""
        now = self.world.now()
        bot = {"name": self.texts.get("name") or self.bot["first_name"], "username": self.bot["username"]}
        return {"bot": bot, "chats": [chat.shown(now) for chat in self.chats.by_id.values()]}

    def new_message(self, chat: Chat, *, by_bot: bool, text: str, **fields: Any) -> Message:
        """Put a message into a chat."""
        message = Message(next(self._message_ids), by_bot, self.world.now(), text, **fields)
        chat.messages[message.id] = message
        return message

    def as_json(self, chat: Chat, message: Message) -> dict[str, Any]:
        """A message as the Bot API gives it."""
        return self.chats.as_json(chat, message, self.bot)

    def pace(self, chat: Chat) -> None:
        """Count one sent message; refuse it when that is too many."""
        if not self.world.strict:
            return
        if wait := max(self.limit.wait(), chat.limit.wait()):
            seconds = math.ceil(wait)
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        self.limit.take()
        chat.limit.take()

    async def _call(self, request: web.Request) -> web.Response:
        number, _, secret = request.match_info["token"].partition(":")
        if not number.isdecimal() or len(secret) < SHORTEST_TOKEN:
            return _refusal(Refused(401, "Unauthorized"))
        self.bot["id"] = int(number)
        name, do = METHODS.get(request.match_info["method"].lower(), ("", None))

        async def answer() -> web.Response:
            if do is None:
                return _refusal(Refused(404, "Not Found: method not found"))
            try:
                asked = await Asked.read(request)
                result = await do(self, asked)
            except Refused as refused:
                raw = {"method": name, "error": refused.description}
                self.world.record("telegram", "rejected", "out", raw=raw)
                return _refusal(refused)
            return web.json_response({"ok": True, "result": result})

        return await misbehaviour.answer(self.world, request, "telegram", name, answer, _fault)

    async def _download(self, request: web.Request) -> web.Response:
        async def answer() -> web.Response:
            upload = self.files.get(request.match_info["path"].rpartition("/")[2])
            if upload is None:
                return _refusal(Refused(404, "Not Found"))
            self.world.record("telegram", "download", "out", author="bot", raw={"size": len(upload.content)})
            return web.Response(body=upload.content, content_type="application/octet-stream")

        return await misbehaviour.answer(self.world, request, "telegram", "download", answer, _fault)


def _fault(code: int, seconds: float) -> web.Response:
    if code == 429:
        wait = math.ceil(seconds)
        return _refusal(Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait))
    return _refusal(Refused(500, "Internal Server Error"))


def _refusal(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.retry_after is not None:
        body["parameters"] = {"retry_after": refused.retry_after}
    return web.json_response(body, status=refused.code)
