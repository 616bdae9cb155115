"""Broken on the way in: acknowledged before it is stored, taken twice, or not taken at all."""

import asyncio
import itertools
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiohttp import web

from bridge.customer_channels.telegram.reader import Reader
from bridge.customer_channels.web.streams import RETRY, Streams
from bridge.customer_channels.whatsapp import channel as whatsapp
from bridge.desk import Desk
from bridge.ports import Place, Receive, Received, Stored, Typed
from bridge.store import inbox
from bridge.store.tx import Tx
from bridge.store.writer import Writer
from bridge.team_workspace import socket
from bridge.team_workspace.intake import Done, Intake
from bridge.team_workspace.link import Link
from bridge.team_workspace.socket import Sockets
from bridge.team_workspace.web_api import WebApi
from chaos.mutants.breaking import mutant, swap

Poll = Callable[[Reader, Receive], Awaitable[None]]


@mutant("full", "lost")
def telegram_confirmed_early() -> None:
    """Updates are confirmed to Telegram before they are stored."""

    def poll_of(_: Poll) -> Poll:
        async def poll(self: Reader, receive: Receive) -> None:
            updates = await self._updates()
            self._offset = updates[-1]["update_id"] + 1 if updates else 0
            if updates:
                await self._take(receive, updates)

        return poll

    swap(Reader, "_poll", poll_of)


@mutant("killed", "lost", "silent")
def telegram_newest_only() -> None:
    """Of the updates that come together only the newest is stored; all are confirmed."""

    def take_of(take: Any) -> Any:
        async def only_the_newest(self: Reader, receive: Receive, updates: Sequence[dict[str, Any]]) -> None:
            await take(self, receive, updates[-1:])

        return only_the_newest

    swap(Reader, "_take", take_of)


@mutant("killed", "lost", "silent")
def telegram_begins_anew() -> None:
    """At the start, what waited at Telegram is thrown away."""

    def run_of(run: Poll) -> Poll:
        async def begin_anew(self: Reader, receive: Receive) -> None:
            await self._api.call("getUpdates", {"offset": -1, "timeout": 0})
            updates = await self._updates()
            self._offset = updates[-1]["update_id"] + 1 if updates else 0
            await run(self, receive)

        return begin_anew

    swap(Reader, "run", run_of)


@mutant("full", "lost")
def slack_acknowledged_early() -> None:
    """Slack's envelopes are acknowledged before they are stored."""

    def put_of(put: Any) -> Any:
        def acknowledge_and_put(self: Intake, body: Mapping[str, Any], done: Done) -> None:
            done(Stored(True))
            put(self, body, lambda _: None)

        return acknowledge_and_put

    swap(Intake, "put", put_of)


@mutant("full", "lost")
def slack_repeats_dropped() -> None:
    """What carries Slack's repeat number is acknowledged and dropped."""

    def heard_of(heard: Any) -> Any:
        def drop_repeats(self: Sockets, link: Link, envelope: Mapping[str, Any]) -> None:
            if envelope.get("retry_attempt"):
                link.settle(envelope["envelope_id"], committed=True)
            else:
                heard(self, link, envelope)

        return drop_repeats

    swap(Sockets, "_heard", heard_of)


@mutant("renewed", "lost")
def slack_not_reconnected() -> None:
    """A socket that Slack closes is not opened again."""

    def connected_of(connected: Any) -> Any:
        opened = itertools.count()

        async def connected_at_first(api: WebApi, app_token: str) -> Link:
            if next(opened) >= socket.SOCKETS:
                await asyncio.get_running_loop().create_future()
            return await connected(api, app_token)

        return connected_at_first

    swap(socket, "connected", connected_of)


@mutant("full", "lost", "silent")
def whatsapp_always_200() -> None:
    """WhatsApp's webhooks are answered with 200 although the store failed."""

    def stored_of(_: Any) -> Any:
        async def stored(channel: str, storing: Awaitable[object]) -> web.Response:
            try:
                await storing
            finally:
                return web.json_response({"ok": True})  # noqa: B012

        return stored

    swap(whatsapp, "stored", stored_of)


@mutant("full", "lost", "silent")
def failed_commit_is_well() -> None:
    """A commit that failed is reported as done."""

    def commit_of(commit: Callable[[Writer], None]) -> Callable[[Writer], None]:
        def commit_or_not(self: Writer) -> None:
            try:
                commit(self)
            except Exception:
                self._roll_back()

        return commit_or_not

    swap(Writer, "_commit", commit_of)


def _no_keys(of: str) -> None:
    """What comes twice from this source is taken twice."""

    def take_of(take: Any) -> Any:
        def take_everything(
            tx: Tx, source: str, keys: Sequence[str], raw: str, now: datetime, failed: str = ""
        ) -> bool:
            return take(tx, source, [uuid.uuid4().hex] if source == of else keys, raw, now, failed)

        return take_everything

    swap(inbox, "take", take_of)


@mutant("twice", "twice")
def no_keys_for_slack() -> None:
    """No unique keys for what Slack tells."""

    def fresh(received: Received) -> Received:
        event = received.event
        if isinstance(event, Typed):
            event = replace(event, place=Place(event.place.channel, f"{event.place.ts}{uuid.uuid4().hex[:6]}"))
        return replace(received, keys=(uuid.uuid4().hex,), event=event)

    def agents_did_of(agents_did: Any) -> Any:
        async def take_everything(self: Desk, received: Sequence[Received]) -> list[Stored]:
            return await agents_did(self, [fresh(it) for it in received])

        return take_everything

    swap(Desk, "agents_did", agents_did_of)


@mutant("restless", "lost", "silent")
def web_cursor_ignored() -> None:
    """A visitor who comes back hears only what is new from then on."""

    def begin_of(_: Any) -> Any:
        async def begin(self: Streams, chat: str, after: int) -> tuple[int, bytes]:
            events = await self._journal.after(chat, after)
            return (events[-1][0] if events and after else after), RETRY

        return begin

    swap(Streams, "begin", begin_of)


@mutant("twice", "twice")
def no_keys_for_telegram() -> None:
    """No unique keys for what Telegram tells."""
    _no_keys("telegram")


@mutant("twice", "twice")
def no_keys_for_whatsapp() -> None:
    """No unique keys for what WhatsApp tells."""
    _no_keys("whatsapp")


@mutant("twice", "twice")
def no_keys_for_the_web() -> None:
    """A visitor's message is taken again under the same id."""
    _no_keys("web")
