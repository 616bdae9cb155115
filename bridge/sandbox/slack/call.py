"""One call of the Web API: its arguments, however they were sent, and what the history shall keep of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from bridge.sandbox.slack.errors import Json, Refused, missing

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

BOT_TOKEN, APP_TOKEN = "xoxb-", "xapp-"
Handler = Callable[["Slack", "Call"], Json]
SCOPES = (
    *("app_mentions:read", "channels:history", "channels:join", "channels:read", "chat:write", "chat:write.customize"),
    *("commands", "files:read", "files:write", "groups:history", "groups:read", "im:history", "im:read", "im:write"),
    *("mpim:history", "pins:read", "pins:write", "reactions:read", "reactions:write", "team:read", "usergroups:read"),
    *("users:read", "users:read.email"),
)


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: what runs it, how often it may be called, and which scopes allow it."""

    name: str
    run: Handler
    per_minute: int
    scopes: tuple[str, ...]
    token: str


METHODS: dict[str, Method] = {}


def method(name: str, per_minute: int, *scopes: str, token: str = BOT_TOKEN) -> Callable[[Handler], Handler]:
    """Register a Web API method. Any one of `scopes` is enough; `per_minute` 0 means no limit."""

    def register(run: Handler) -> Handler:
        METHODS[name] = Method(name, run, per_minute, scopes, token)
        return run

    return register


@dataclass(slots=True)
class Call:
    """The arguments of a call, and the fields of its history entry."""

    method: str
    args: Json
    origin: str  # the address under which the caller knows the sandbox
    entry: Json = field(default_factory=dict[str, Any])

    def get(self, name: str) -> str | None:
        value = self.args.get(name)
        return None if value is None or value == "" else str(value)

    def need(self, name: str) -> str:
        if (value := self.get(name)) is None:
            raise missing(name)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name)
        return default if value is None else value in (True, 1, "1", "true", "True")

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.args.get(name) or default)
        except (ValueError, TypeError):
            raise Refused("invalid_limit" if name == "limit" else "invalid_arguments") from None

    def structured(self, name: str, error: str) -> Any:
        """A list or object, which forms carry as JSON in a string."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except ValueError:
            raise Refused(error) from None

    def keep(self, **entry: Any) -> None:
        """Add fields to the history entry of this call."""
        self.entry |= entry


async def read_args(request: web.Request) -> Json:
    """The arguments from the query, a form or a JSON body."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = orjson.loads(await request.read())
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        return args | body
    if request.can_read_body:
        args |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return args


def token_of(request: web.Request, args: Json) -> str:
    """The token of a call, wherever it was put."""
    header = request.headers.get("Authorization", "")
    return str(args.pop("token", None) or header.removeprefix("Bearer ").strip())
