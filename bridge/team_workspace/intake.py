"""Hands on what Slack sends: what arrives together is committed together, and each thread keeps its order.

Slack promises no order, and sends what happens in one thread over several sockets. So what has arrived is sorted, and
nothing overtakes what its thread is waiting for: a person being looked up, or an earlier commit.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bridge.ports import Receive, Received, Stored
from bridge.team_workspace.listeners import Listeners
from bridge.team_workspace.quota import Quota

MOST_TOGETHER = 100
BREATHS = 3  # rounds of the event loop until what has reached this machine over another socket is read, too

Json = Mapping[str, Any]
Done = Callable[[Stored | None], object]
"""Told what was committed. None: nothing, and Slack must not hear that we have it."""
NOTHING_NEW = Stored(False)

log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class _Item:
    thread: str  # empty for what waits for nobody
    ts: str
    done: Done
    received: Received | None = None


class Intake:
    """What has come and is not committed yet."""

    def __init__(self, listeners: Listeners, quota: Quota, receive: Receive) -> None:
        self.listeners, self._quota, self._receive = listeners, quota, receive
        self._waiting: list[_Item] = []
        self._busy: set[str] = set()  # threads of which something is being committed
        self._tasks: set[asyncio.Task[None]] = set()
        self._breathing = False

    def put(self, body: Json, done: Done) -> None:
        """Take one event, click or command."""
        listeners = self.listeners
        if not listeners.here.channel:
            done(None)  # HTTP is served before we know where we work
        elif self._quota.exceeded(body) or listeners.is_echo(body) or listeners.news.heard(body):
            done(NOTHING_NEW)
        else:
            try:
                item = _Item(*_turn(body), done, listeners.at_once(body))
            except Exception as error:
                _refused(done, error)
                return
            self._waiting.append(item)
            if item.received is None:
                self._begin(self._look_up(item, body))
            self._soon()

    def take(self, body: Json) -> asyncio.Future[Stored | None]:
        """Take it; the future tells what was committed."""
        committed: asyncio.Future[Stored | None] = asyncio.get_running_loop().create_future()
        self.put(body, lambda done: committed.done() or committed.set_result(done))
        return committed

    async def close(self) -> None:
        """Let go of what is not committed: Slack sends it again."""
        self._waiting.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_up(self, item: _Item, body: Json) -> None:
        try:
            item.received = await self.listeners.received(body)
        except Exception as error:
            self._waiting.remove(item)
            _refused(item.done, error)
        self._soon()

    def _soon(self) -> None:
        if not self._breathing:
            self._breathing = True
            asyncio.get_running_loop().call_soon(self._breathe, BREATHS)

    def _breathe(self, left: int) -> None:
        if left:
            asyncio.get_running_loop().call_soon(self._breathe, left - 1)
            return
        self._breathing = False
        if batch := self._ready():
            self._busy.update(item.thread for item in batch if item.thread)
            self._begin(self._commit(batch))

    def _ready(self) -> list[_Item]:
        """Take what waits for nothing, in order. Slack's timestamps compare as text."""
        held, batch, rest = self._busy.copy(), list[_Item](), list[_Item]()
        for item in sorted(self._waiting, key=lambda item: item.ts):
            if item.received is None or len(batch) == MOST_TOGETHER or (item.thread and item.thread in held):
                rest.append(item)
                held.add(item.thread)
            else:
                batch.append(item)
        self._waiting = rest
        return batch

    async def _commit(self, batch: list[_Item]) -> None:
        try:
            await self._store(batch)
        finally:
            self._busy.difference_update(item.thread for item in batch)
            if self._waiting:
                self._soon()

    async def _store(self, batch: list[_Item]) -> None:
        """All together; where that fails, each by itself, so that one that cannot be stored keeps no other away."""
        try:
            stored = await self._receive([item.received for item in batch if item.received])
        except Exception as error:
            if len(batch) == 1:
                _refused(batch[0].done, error)
                return
            for item in batch:
                await self._store([item])
        else:
            for item, what in zip(batch, stored, strict=True):
                item.done(what)

    def _begin(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _refused(done: Done, error: Exception) -> None:
    log.error("slack_event_not_stored", error=type(error).__name__)
    done(None)


def _turn(body: Json) -> tuple[str, str]:
    """The thread in which people do something, and when; nothing for what waits for nobody."""
    match body:
        case {"type": "event_callback", "event": {"type": "message", "event_ts": ts} as told}:
            told = told.get("message") or told.get("previous_message") or told
            message = told if isinstance(told, Mapping) else {}
        case {"type": "event_callback", "event": {"item": {"ts": str(ts)}, "event_ts": at}}:  # a reaction
            return ts, str(at)
        case {"type": "block_actions", "message": {} as message, "actions": [{"action_ts": ts}, *_]}:
            return str(message.get("thread_ts") or message.get("ts")), str(ts)
        case {"type": "message_action", "message": {} as message, "action_ts": ts}:
            return str(message.get("thread_ts") or message.get("ts")), str(ts)
        case _:
            return "", ""
    return ("", "") if message.get("bot_id") else (str(message.get("thread_ts") or ""), str(ts))
