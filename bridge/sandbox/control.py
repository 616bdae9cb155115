"""The sandbox's own interface, `/_sandbox/...`: read histories, act as a person, misbehave, watch."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Protocol

from aiohttp import web

from bridge.sandbox.guard import guarded
from bridge.sandbox.world import FAULTS, PLATFORMS, Entry, Fault, World

ENTRY_FIELDS = [field.name for field in fields(Entry)]
LINES_AT_ONCE = 500
BETWEEN_EVENTS = 0.05  # seconds: a page is told at most so often


class Platform(Protocol):
    """What control needs of a look-alike."""

    async def act(self, actor: str, action: str, target: str, text: str, **more: Any) -> dict[str, Any]:
        """Perform a person's action."""
        ...

    def connect(self, settings: dict[str, Any]) -> None:
        """Set where webhooks go."""
        ...

    def view(self) -> dict[str, Any]:
        """What the page shows."""
        ...


class Wrong(Exception):
    """A request that cannot be understood."""


class Control:
    """The endpoints below `/_sandbox`."""

    def __init__(self, world: World, platforms: Mapping[str, Platform]) -> None:
        self.world, self.platforms = world, platforms
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """All paths, for this machine only."""
        return [
            web.get("/_sandbox/history", guarded(self._history)),
            web.post("/_sandbox/act", guarded(self._act)),
            web.post("/_sandbox/config", guarded(self._config)),
            web.post("/_sandbox/faults", guarded(self._faults)),
            web.post("/_sandbox/reset", guarded(self._reset)),
            web.post("/_sandbox/connect", guarded(self._connect)),
            web.get("/_sandbox/view", guarded(self._view)),
            web.get("/_sandbox/stream", guarded(self._stream)),
        ]

    def close(self) -> None:
        """Let everybody go who watches."""
        self._closing.set()

    async def _history(self, request: web.Request) -> web.StreamResponse:
        platform, after = request.query.get("platform"), request.query.get("after", "0")
        if platform not in (None, *PLATFORMS) or not after.isdecimal():
            return _wrong("platform or after")
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        history, end = self.world.history, len(self.world.history)
        for start in range(int(after), end, LINES_AT_ONCE):
            entries = history[start : min(start + LINES_AT_ONCE, end)]
            lines = [_line(entry) for entry in entries if platform in (None, entry.platform)]
            await response.write("".join(lines).encode())
        return response

    async def _act(self, request: web.Request) -> web.Response:
        try:
            body = await _object(request)
            platform = self.platforms[_one_of(body, "platform", self.platforms)]
            words = {name: _word(body, name) for name in ("actor", "action", "target", "text")}
        except Wrong as wrong:
            return _wrong(str(wrong))
        more = {name: given for name, given in body.items() if name not in (*words, "platform", "self")}
        answer = await platform.act(**words, **more)
        self.world.touch()
        return web.json_response(answer)

    async def _config(self, request: web.Request) -> web.Response:
        try:
            body = await _object(request)
            if "limits" in body:
                self.world.strict = _one_of(body, "limits", ("strict", "off")) == "strict"
            if "latency_ms" in body:
                self.world.latency = _number(body, "latency_ms", least=0) / 1000
            if "seed" in body:
                self.world.random.seed(int(_number(body, "seed", least=0)))
            for name in ("clock", "speed"):  # the same thing: sandbox seconds per real second
                if body.get(name) is not None:
                    self.world.set_speed(_number(body, name, least=0.001))
        except Wrong as wrong:
            return _wrong(str(wrong))
        self.world.touch()
        return web.json_response({"ok": True, "error": None} | self._settings())

    async def _faults(self, request: web.Request) -> web.Response:
        """Replaces the faults that were set; an empty list clears them."""
        try:
            body = await request.json()
            listed: list[Any] = body if isinstance(body, list) else [body]
            self.world.faults[:] = [_fault(given) for given in listed]
        except Wrong as wrong:
            return _wrong(str(wrong))
        except ValueError:
            return _wrong("not JSON")
        return web.json_response({"ok": True, "error": None})

    async def _reset(self, request: web.Request) -> web.Response:
        self.world.reset()
        return web.json_response({"ok": True, "error": None})

    async def _connect(self, request: web.Request) -> web.Response:
        try:
            body = await _object(request)
            for name, settings in body.items():
                if name not in self.platforms or not isinstance(settings, dict):
                    raise Wrong(name)
        except Wrong as wrong:
            return _wrong(str(wrong))
        for name, settings in body.items():
            self.platforms[name].connect(settings)
        return web.json_response({"ok": True, "error": None})

    async def _view(self, request: web.Request) -> web.Response:
        views = {name: platform.view() for name, platform in self.platforms.items()}
        return web.json_response(self._settings() | views, headers={"Cache-Control": "no-store"})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        closing = asyncio.create_task(self._closing.wait())
        try:
            await self._watch(response, closing)
        finally:
            closing.cancel()
        return response

    async def _watch(self, response: web.StreamResponse, closing: "asyncio.Task[bool]") -> None:
        changes = self.world.changes()
        while not closing.done():
            change = asyncio.ensure_future(anext(changes))
            await asyncio.wait({change, closing}, return_when=asyncio.FIRST_COMPLETED)
            if not change.done():
                change.cancel()
                return
            try:
                await response.write(b'data: {"seq": %d}\n\n' % len(self.world.history))
            except ConnectionError:
                return
            await asyncio.sleep(BETWEEN_EVENTS)

    def _settings(self) -> dict[str, Any]:
        return {"now": self.world.now(), "speed": self.world.speed, "strict": self.world.strict}


def _line(entry: Entry) -> str:
    """One line of the history; not `asdict`, which copies every payload in depth."""
    return json.dumps({name: getattr(entry, name) for name in ENTRY_FIELDS}) + "\n"


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise Wrong("not JSON") from None
    if not isinstance(body, dict):
        raise Wrong("not an object")
    return body


def _one_of(body: dict[str, Any], name: str, known: Any) -> str:
    value = body.get(name)
    if not isinstance(value, str) or value not in known:
        raise Wrong(f"{name} must be one of {', '.join(known)}")
    return value


def _word(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str | int | None):
        raise Wrong(f"{name} must be a string")
    return "" if value is None else str(value)


def _number(body: dict[str, Any], name: str, *, least: float) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
        raise Wrong(f"{name} must be a number of at least {least:g}")
    return float(value)


def _fault(given: Any) -> Fault:
    if not isinstance(given, dict):
        raise Wrong("not an object")
    fault = Fault(
        _one_of(given, "platform", PLATFORMS), str(given.get("method") or "*"), _one_of(given, "fault", FAULTS)
    )
    if "rate" in given:
        fault.rate = _number(given, "rate", least=0)
    if "times" in given:
        fault.times = int(_number(given, "times", least=0))
    if "seconds" in given:
        fault.seconds = _number(given, "seconds", least=0)
    return fault


def _wrong(what: str) -> web.Response:
    return web.json_response({"ok": False, "id": None, "error": f"bad request: {what}"}, status=400)
