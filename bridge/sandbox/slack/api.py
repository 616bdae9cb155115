"""The Web API's door: tokens, faults, limits, and one answer per call."""

from functools import partial
from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from bridge.sandbox import misbehaviour
from bridge.sandbox.slack.call import Call, Method, read_args, token_of
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.limits import TooFast
from bridge.sandbox.slack.methods import METHODS
from bridge.sandbox.slack.workspace import BOT

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


class WebApi:
    """Answers `/slack/api/{method}` as slack.com does."""

    def __init__(self, slack: "Slack") -> None:
        self.slack, self.world = slack, slack.world

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call from door to door, with whatever fault the world asks for."""
        name = request.match_info["method"]
        do = partial(self._do, name, request)
        return await misbehaviour.answer(self.world, request, "slack", name, do, _fault)

    async def _do(self, name: str, request: web.Request) -> web.Response:
        try:
            body = await self._run(name, request)
        except Refused as refused:
            self.world.record("slack", "rejected", "out", raw={"method": name, "error": refused.error})
            return _refusal(refused)
        scopes = {"x-oauth-scopes": self.slack.scopes, "x-accepted-oauth-scopes": METHODS[name].scopes}
        return _answer(body, headers={header: ",".join(listed) for header, listed in scopes.items()})

    async def _run(self, name: str, request: web.Request) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name)
        args = await read_args(request)
        self._admit(method, token_of(request, args))
        self.slack.limits.check(name, method.per_minute)
        call = Call(name, args, f"{request.scheme}://{request.host}")
        # Handlers never wait, so nothing else can come between a call and its place in the history.
        body = {"ok": True, **method.run(self.slack, call)}
        entry = {"chat": args.get("channel"), "raw": args, "author": BOT} | call.entry
        self.world.record("slack", name, "out", **entry)
        return body

    def _admit(self, method: Method, token: str) -> None:
        if method.name == "api.test":
            return
        if not token:
            raise Refused("not_authed")
        if not token.startswith(("xoxb-", "xapp-")):
            raise Refused("invalid_auth")
        if method.token and not token.startswith(method.token):
            raise Refused("not_allowed_token_type")
        if method.scopes and not set(method.scopes) & set(self.slack.scopes):
            raise Refused("missing_scope", needed=",".join(method.scopes), provided=",".join(self.slack.scopes))


def _fault(status: int, seconds: float) -> web.Response:
    return _refusal(TooFast(seconds) if status == 429 else Refused("internal_error", status=status))


def _refusal(refused: Refused) -> web.Response:
    wait = {"Retry-After": str(refused.seconds)} if isinstance(refused, TooFast) else {}
    return _answer(refused.body(), wait, refused.status)


def _answer(body: Json, headers: dict[str, str], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), content_type="application/json", headers=headers, status=status)
