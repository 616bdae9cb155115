"""The yardstick from above: the least that a durable relay can do in Python.

The same bodies are read and checked by hand, stored by one writer with group commit and full sync, and sent in order
by one shared session. No rules, no people, no libraries of the platforms.
"""

import asyncio
import os
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import orjson

CHANNEL = "C0QUEUE"
SLACK, TELEGRAM = os.environ["SLACK_API_URL"], f"{os.environ['TELEGRAM_API_URL']}/bot{os.environ['TELEGRAM_BOT_TOKEN']}"
AS_BOT, AS_APP = ({"Authorization": f"Bearer {os.environ[name]}"} for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"))
TABLES = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE message (key TEXT PRIMARY KEY, chat INTEGER, text TEXT);
CREATE TABLE outbox (key TEXT PRIMARY KEY, lane TEXT, text TEXT);
"""
ADD = "INSERT INTO message VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
PUT = "INSERT INTO outbox VALUES (?, ?, ?)"
DONE = "DELETE FROM outbox WHERE key = ?"
Statements = Sequence[tuple[str, tuple[object, ...]]]


class Writer:
    """One thread, one connection; everything that waits shares a commit."""

    def __init__(self, path: Path) -> None:
        self._jobs: queue.SimpleQueue[tuple[Statements, asyncio.Future[None] | None]] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, args=(path,), daemon=True).start()

    def put(self, statements: Statements) -> asyncio.Future[None]:
        """Done when it is committed."""
        done: asyncio.Future[None] = self._loop.create_future()
        self._jobs.put((statements, done))
        return done

    def _run(self, path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.executescript(TABLES)
        while True:
            batch = [self._jobs.get()]
            while not self._jobs.empty():
                batch.append(self._jobs.get())
            connection.execute("BEGIN IMMEDIATE")
            for statements, _ in batch:
                for statement, values in statements:
                    connection.execute(statement, values)
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_tell, [done for _, done in batch if done])


def _tell(waiting: list["asyncio.Future[None]"]) -> None:
    for done in waiting:
        done.set_result(None)


class Relay:
    """Both directions."""

    def __init__(self, session: aiohttp.ClientSession, writer: Writer) -> None:
        self.session, self.writer = session, writer
        self.threads: dict[int, str] = {}
        self.chats: dict[str, int] = {}
        self.lanes: dict[str, deque[Callable[[], Any]]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    async def poll(self) -> None:
        """Telegram to Slack. A batch is confirmed once it is committed."""
        offset = 0
        while True:
            body = await self.post(f"{TELEGRAM}/getUpdates", {"timeout": 25, "offset": offset}, {})
            updates = [update for update in body["result"] if isinstance(update["update_id"], int)]
            said = [update["message"] for update in updates if update.get("message", {}).get("text")]
            keys = [f"telegram:{it['chat']['id']}:{it['message_id']}:{it['date']}" for it in said]
            written = zip(keys, said, strict=True)
            await self.writer.put([step for key, it in written for step in taken(key, it["chat"]["id"], it["text"])])
            for key, message in zip(keys, said, strict=True):
                self.later(f"thread:{message['chat']['id']}", lambda key=key, it=message: self.to_slack(key, it))
            offset = updates[-1]["update_id"] + 1 if updates else offset

    async def listen(self) -> None:
        """Slack to Telegram. An envelope is acknowledged once it is committed."""
        opened = await self.post(f"{SLACK}apps.connections.open", {}, AS_APP)
        async with self.session.ws_connect(opened["url"]) as socket:
            async for frame in socket:
                self.start(self.heard(socket, orjson.loads(frame.data)))

    async def heard(self, socket: aiohttp.ClientWebSocketResponse, envelope: dict[str, Any]) -> None:
        """One envelope."""
        event = envelope.get("payload", {}).get("event", {})
        chat = self.chats.get(event.get("thread_ts"))
        if envelope["type"] == "events_api" and chat and not event.get("bot_id") and event.get("type") == "message":
            key, text = f"slack:{event['channel']}:{event['ts']}", event["text"]
            await self.writer.put(taken(key, chat, text))
            self.later(f"customer:{chat}", lambda: self.to_telegram(key, chat, text))
        if "envelope_id" in envelope:
            await socket.send_str(f'{{"envelope_id":"{envelope["envelope_id"]}"}}')

    def later(self, lane: str, send: Callable[[], Any]) -> None:
        """Send after everything that waits in the same lane."""
        if waiting := self.lanes.get(lane):
            waiting.append(send)
        else:
            self.lanes[lane] = deque([send])
            self.start(self.serve(lane))

    async def serve(self, lane: str) -> None:
        """Send what waits in a lane, in order."""
        waiting = self.lanes[lane]
        while waiting:
            await waiting[0]()
            waiting.popleft()
        del self.lanes[lane]

    async def to_slack(self, key: str, message: dict[str, Any]) -> None:
        """Post into the customer's thread."""
        chat = message["chat"]["id"]
        if chat not in self.threads:
            card = {"channel": CHANNEL, "text": f"{message['chat']['first_name']} writes on Telegram."}
            root = await self.post(f"{SLACK}chat.postMessage", card, AS_BOT)
            self.threads[chat], self.chats[root["ts"]] = root["ts"], chat
        line = {"channel": CHANNEL, "thread_ts": self.threads[chat], "text": message["text"]}
        await self.post(f"{SLACK}chat.postMessage", line, AS_BOT)
        await self.writer.put([(DONE, (key,))])

    async def to_telegram(self, key: str, chat: int, text: str) -> None:
        """Send to the customer."""
        await self.post(f"{TELEGRAM}/sendMessage", {"chat_id": chat, "text": text}, {})
        await self.writer.put([(DONE, (key,))])

    async def post(self, url: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        """One call."""
        headers = {**headers, "Content-Type": "application/json"}
        async with self.session.post(url, data=orjson.dumps(body), headers=headers) as response:
            answer = orjson.loads(await response.read())
            assert answer["ok"], answer
            return answer

    def start(self, work: Any) -> None:
        """Run it beside everything else."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


def taken(key: str, chat: int, text: str) -> Statements:
    """Store a message and that it has to be sent."""
    return (ADD, (key, chat, text)), (PUT, (key, str(chat), text))


async def main() -> None:
    """Relay until stopped."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as session:
        relay = Relay(session, Writer(Path("raw.db")))
        await asyncio.gather(relay.poll(), relay.listen(), relay.listen())


if __name__ == "__main__":
    asyncio.run(main())
