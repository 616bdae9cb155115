"""The courier on both databases: each letter once and in its order, whoever dies, breaks or is late."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bridge.content import Author, Part, Presence
from bridge.courier import courier as module
from bridge.courier import customer, freight, life
from bridge.courier.courier import Courier
from bridge.courier.trip import Kitbag, Trip
from bridge.courier.ways import Way
from bridge.desk import Desk
from bridge.errors import Refused, StoreAway, TryLater
from bridge.pacing import Pace, Pacing
from bridge.ports import Capabilities, Limit, Rate, TeamWorkspace
from bridge.scene import Doorway
from bridge.session import House, Session
from bridge.store import conversations, lanes, messages, outbox, workers
from bridge.store.lanes import Lane
from bridge.store.moments import micros
from bridge.store.store import Store
from bridge.store.tx import Tx
from bridge.triggers import Triggers

BOT = Author("bot", "Shop")
DAY, HALF_A_MINUTE = timedelta(days=1), timedelta(seconds=30)


class Clock:
    """The real time, and what it was set by."""

    def __init__(self) -> None:
        self.set_by = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.set_by


class Mailbox:
    """A customer channel that keeps what is sent. It can be told to hold it up, or to refuse it."""

    name, label, limit = "post", "Post", Limit(4096)

    def __init__(self, confirms: Any = "journal") -> None:
        self.can = Capabilities(confirms=confirms)
        self.heard: dict[str, list[str]] = {}
        self.keys: list[str] = []
        self.open = asyncio.Event()
        self.open.set()
        self.troubles: list[Exception] = []
        self.inside = self.most = 0
        self._news = asyncio.Condition()

    async def send(self, chat: str, part: Part | Presence, key: str) -> str:
        assert isinstance(part, Part)
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self._tell()
        try:
            await self.open.wait()
        finally:
            self.inside -= 1
        if self.troubles:
            raise self.troubles.pop(0)
        self.heard.setdefault(chat, []).append(part.text)
        self.keys.append(key)
        await self._tell()
        return f"id-{key}"

    async def until(self, fits: Callable[[], bool], seconds: float = 15) -> None:
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(fits)

    async def hears(self, *texts: str, chat: str = "1", seconds: float = 15) -> None:
        await self.until(lambda: self.heard.get(chat) == list(texts), seconds)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()


class Office:
    """A store with a courier that runs, and a way to put letters into it."""

    def __init__(self, store: Store, mailbox: Mailbox, name: str = "w", pace: Pace | None = None) -> None:
        self.store, self.mailbox, self.name, self.clock = store, mailbox, name, Clock()
        keys = iter(range(1_000_000))
        doorways = {"post": Doorway("post", "Post", mailbox.can, mailbox.limit)}
        self.house = House({}, Triggers(), doorways, self.clock, lambda: f"{name}-{next(keys)}")
        nobody = cast("TeamWorkspace", None)
        bag = Kitbag(
            Desk(store, self.house), nobody, {"post": cast("Any", mailbox)}, {}, "Shop", None, None,
            Pacing({"post": pace or Pace()}), self.clock,
        )  # fmt: skip
        self.courier = Courier(store, bag, name)

    def say(self, tx: Tx, *texts: str, chat: str = "1", epoch: int | None = None) -> None:
        conversation, _ = conversations.of_chat(tx, "post", chat, "Maria", "", self.clock())
        for text in texts:
            message = messages.add(tx, conversation.id, None, BOT, text, "pending", self.clock())
            payload = {
                "message": message, "author": "bot", "name": "Shop", "text": text, "choices": [], "epoch": epoch,
                "part": 1, "last": True,
            }  # fmt: skip
            lane, key = f"customer:{conversation.id}", f"{chat}:{text}"
            outbox.put(tx, lane, "part", payload, key, self.clock(), way="post")

    async def says(self, *texts: str, chat: str = "1", epoch: int | None = None) -> None:
        await self.store.write(lambda tx: self.say(tx, *texts, chat=chat, epoch=epoch))

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Office"]:
        runs = asyncio.create_task(self.courier.run())
        try:
            yield self
        finally:
            runs.cancel()
            await asyncio.gather(runs, return_exceptions=True)

    async def finds(self, *expected: Any, sql: str) -> None:
        """Until the database says so."""
        async with asyncio.timeout(15):
            while await self.store.read(lambda tx: tx.all(sql)) != list(expected):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def quiet(self) -> None:
        """Until nothing is left to send."""
        await self.finds(sql="SELECT name, pending, worker FROM lane")

    async def states(self) -> dict[str, str]:
        return {row[0]: row[1] for row in await self.store.read(lambda tx: tx.all("SELECT text, state FROM message"))}


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens once a second happens more often."""
    monkeypatch.setattr(module, "IDLE", 0.05)
    monkeypatch.setattr(life, "BEAT", 0.05)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is found by chance: only what wakes the courier makes it look."""
    monkeypatch.setattr(module, "IDLE", 1000.0)


@pytest.fixture
async def office(store: Store) -> AsyncGenerator[Office]:
    async with Office(store, Mailbox()).running() as office:
        yield office


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TO_CUSTOMERS", Way(customer.pack, customer.serve, 2))


async def test_each_chat_hears_everything_once_and_in_its_order(office: Office) -> None:
    words = [f"{number}" for number in range(20)]
    await asyncio.gather(*(office.says(word, chat=chat) for word in words for chat in ("1", "2", "3")))
    await office.quiet()
    assert office.mailbox.heard == dict.fromkeys(("1", "2", "3"), words)
    assert set((await office.states()).values()) == {"sent"}


async def test_what_a_refused_unit_puts_is_not_sent_and_the_others_are(office: Office) -> None:
    def refused(tx: Tx) -> None:
        office.say(tx, "never")
        raise Refused("No.")

    outcomes = await asyncio.gather(office.says("a"), office.store.write(refused), return_exceptions=True)
    assert isinstance(outcomes[1], Refused)
    await office.says("b")
    await office.quiet()
    assert office.mailbox.heard == {"1": ["a", "b"]}


async def test_a_lane_with_a_bug_rests_a_minute_and_harms_nobody(office: Office) -> None:
    def put(tx: Tx) -> None:
        office.say(tx, "before", chat="1")
        office.say(tx, "x", chat="2")
        tx.run("UPDATE outbox SET kind = 'change', payload = '{}' WHERE key = '2:x'")
        office.say(tx, "after", chat="3")

    began = office.clock()
    await office.store.write(put)
    await office.mailbox.until(lambda: len(office.mailbox.heard) == 2)
    await office.says("later", chat="3")
    await office.mailbox.hears("after", "later", chat="3")
    await office.finds((1, None), sql="SELECT pending, worker FROM lane")
    until = await office.store.read(lambda tx: lanes.next_due(tx, began))
    assert until
    assert timedelta(seconds=59) < until - began < timedelta(seconds=75)
    assert office.mailbox.heard == {"1": ["before"], "3": ["after", "later"]}


async def test_a_bug_on_the_way_out_lets_the_lane_rest_and_keeps_the_letter(office: Office) -> None:
    office.mailbox.troubles = [ZeroDivisionError()]
    await office.says("a")
    await office.finds(("sending", None), sql="SELECT state, worker FROM outbox JOIN lane ON lane = name")
    assert not office.mailbox.heard
    await office.store.write(lambda tx: lanes.wake(tx, "customer:1"))
    await office.mailbox.hears("a")


@pytest.mark.usefixtures("two_at_once", "patient")
async def test_a_full_room_wakes_when_one_has_ended(store: Store) -> None:
    async with Office(store, Mailbox()).running() as office:
        office.mailbox.open.clear()
        for chat in range(30):
            await office.says("a", "b", chat=f"{chat}")
        assert office.mailbox.inside == 2
        office.mailbox.open.set()
        await office.quiet()
        assert office.mailbox.most == 2
        assert office.mailbox.heard == {f"{chat}": ["a", "b"] for chat in range(30)}


class Stalls(Mailbox):
    """Files get stuck in it, until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []  # whose file, in order

    async def send(self, chat: str, part: Part | Presence, key: str) -> str:
        assert isinstance(part, Part)
        if part.text == "file":
            self.begun.append(chat)
            return await super().send(chat, part, key)
        self.heard.setdefault(chat, []).append(part.text)
        await self._tell()
        return f"id-{key}"


def pack_with_files(session: Session, lane: Lane) -> Trip:
    """As customers' lanes are; what is called so is a file."""
    trip = customer.pack(session, lane)
    return replace(trip, freight=bool(trip.letters) and trip.first.payload["text"] == "file")


@pytest.mark.usefixtures("patient")
async def test_files_that_are_stuck_leave_places_for_words(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TO_CUSTOMERS", Way(pack_with_files, customer.serve, freight.MOST + 1))
    many = range(3 * freight.MOST)
    async with Office(store, Stalls()).running() as office:
        office.mailbox.open.clear()
        await asyncio.gather(*(office.says("file", "after", chat=f"f{chat}") for chat in many))
        await asyncio.gather(*(office.says("a", "b", chat=f"{chat}") for chat in many))
        await office.mailbox.until(lambda: office.mailbox.heard == {f"{chat}": ["a", "b"] for chat in many})
        assert office.mailbox.inside == freight.MOST
        office.mailbox.open.set()
        await office.quiet()
        assert office.mailbox.most == freight.MOST
        assert all(office.mailbox.heard[f"f{chat}"] == ["file", "after"] for chat in many)


@pytest.mark.usefixtures("patient")
async def test_who_waits_longest_with_a_file_comes_next(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TO_CUSTOMERS", Way(pack_with_files, customer.serve, 6))
    monkeypatch.setattr(freight, "MOST", 1)
    mailbox = Stalls()
    async with Office(store, mailbox).running() as office:
        mailbox.open.clear()
        put_off = f"SELECT COUNT(*) FROM lane WHERE worker IS NULL AND due > {micros(office.clock() + HALF_A_MINUTE)}"
        for chat in range(5):
            await office.says("file", chat=f"{chat}")
            await mailbox.until(lambda: mailbox.begun == ["0"])
            await office.finds((chat,), sql=put_off)
        mailbox.open.set()
        await office.quiet()
        assert mailbox.begun == [f"{chat}" for chat in range(5)]


@pytest.mark.usefixtures("patient")
async def test_what_is_due_later_is_sent_then(office: Office) -> None:
    office.mailbox.troubles = [TryLater("busy", 0.3)]
    await office.says("a", "b")
    await office.mailbox.hears("a", "b")


@pytest.mark.usefixtures("patient")
async def test_what_waits_for_a_token_is_sent_when_there_is_one(store: Store) -> None:
    async with Office(store, Mailbox(), pace=Pace(Rate(20, 1), Rate(10, 1))).running() as office:
        await asyncio.gather(*(office.says("a", "b", chat=f"{chat}") for chat in range(5)))
        await office.quiet()
        assert office.mailbox.heard == {f"{chat}": ["a", "b"] for chat in range(5)}


# ------------------------------------------------------------------------------------------------ late, dead and fenced


async def test_what_a_buried_courier_reports_changes_nothing(store: Store) -> None:
    mailbox = Mailbox()
    async with Office(store, mailbox).running() as office:
        mailbox.open.clear()
        await office.says("a")
        await mailbox.until(lambda: mailbox.inside == 1)
        await store.write(lambda tx: taken_from(tx, "w", "other"))
        mailbox.open.set()
        await mailbox.hears("a")
        await asyncio.wait(office.courier._busy or {asyncio.create_task(asyncio.sleep(0))})
        assert await store.read(lambda tx: tx.all("SELECT state FROM outbox")) == [("sending",)]
        assert await store.read(lambda tx: tx.all("SELECT pending, worker FROM lane")) == [(1, "other")]
        assert await office.states() == {"a": "pending"}


def taken_from(tx: Tx, dead: str, other: str) -> None:
    """One is buried, and another takes its lanes at once."""
    names = [row[0] for row in tx.all("SELECT name FROM lane WHERE worker = ?", dead)]
    workers.leave(tx, dead)
    lanes.take(tx, names, other, 1)


@pytest.mark.parametrize("answer", [None, TryLater("busy", 0.01)], ids=["sent", "put off"])
async def test_a_letter_that_a_report_settled_is_neither_overwritten_nor_sent_again(
    office: Office, answer: Exception | None
) -> None:
    office.mailbox.open.clear()
    await office.says("a", "b")
    await office.mailbox.until(lambda: office.mailbox.inside == 1)

    def report(tx: Tx) -> None:
        letter = outbox.find(tx, "1:a")
        assert letter
        outbox.settle(tx, letter)
        messages.delivered(tx, letter.key, letter.payload["message"], "from the report", "read")
        messages.set_state(tx, letter.payload["message"], "sent")

    await office.store.write(report)
    office.mailbox.troubles = [answer] if answer else []
    office.mailbox.open.set()
    await office.quiet()
    assert office.mailbox.heard == {"1": ["b"] if answer else ["a", "b"]}
    [first] = await office.store.read(lambda tx: messages.deliveries(tx, "1:a", ""))
    assert first[2] == "read"
    assert await office.states() == {"a": "sent", "b": "sent"}


async def test_what_the_bot_said_before_a_claim_is_stopped_where_its_lane_is_taken(office: Office) -> None:
    office.mailbox.open.clear()
    await office.says("first", epoch=0)
    await office.mailbox.until(lambda: office.mailbox.inside == 1)
    await office.says(*(f"stale {number}" for number in range(30)), epoch=0)
    await office.store.write(lambda tx: tx.run("UPDATE conversation SET epoch = 1"))
    await office.says("fresh", epoch=1)
    office.mailbox.open.set()
    await office.quiet()
    assert office.mailbox.heard == {"1": ["first", "fresh"]}
    assert Counter((await office.states()).values()) == {"sent": 2, "suppressed": 30}


async def test_a_courier_that_stops_lets_arrive_what_is_on_its_way_and_takes_nothing_more(store: Store) -> None:
    mailbox = Mailbox()
    async with Office(store, mailbox).running() as office:
        mailbox.open.clear()
        await office.says("a", "b")
        await mailbox.until(lambda: mailbox.inside == 1)
        stops = asyncio.create_task(office.courier.drain())
        await asyncio.sleep(0)
        mailbox.open.set()
        await stops
        assert mailbox.heard == {"1": ["a"]}
        assert await store.read(lambda tx: tx.all("SELECT state FROM outbox")) == [("pending",)]
        assert await store.read(lambda tx: tx.all("SELECT pending, worker FROM lane")) == [(1, None)]


async def test_what_is_taken_while_a_courier_stops_arrives_and_is_recorded(store: Store) -> None:
    async with Office(store, Mailbox()).running() as office:
        puts = asyncio.create_task(office.says("a"))
        while not office.courier._count:  # noqa: ASYNC110 - taken, and not yet told
            await asyncio.sleep(0)
        await office.courier.drain()
        await puts
        assert office.mailbox.heard == {"1": ["a"]}
        assert await office.states() == {"a": "sent"}
        assert await store.read(lambda tx: tx.all("SELECT name FROM lane")) == []


# ------------------------------------------------------------------------------------------------ troubles of the store


class Shaky:
    """A connection whose next COMMIT fails, before it is done or after."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.fails = connection, ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def close(self) -> None:
        self.connection.close()

    def execute(self, query: str, params: Any = (), /) -> Any:
        if query != "COMMIT" or not self.fails:
            return self.connection.execute(query, params)
        how, self.fails = self.fails, ""
        if how == "after":
            with self.connection.pipeline():  # whose end waits for what is on its way
                self.connection.execute(query, params)
            self.connection.close()
            return self.connection.execute("SELECT 1")
        raise sqlite3.OperationalError("database or disk is full")


def shaken(store: Store) -> list[Shaky]:
    """Every writing connection that the store makes."""
    made, connect = list[Shaky](), store._writer._connect

    def shaky() -> Shaky:
        made.append(Shaky(connect()))
        return made[-1]

    store._writer._connect = shaky
    return made


async def test_what_could_not_be_committed_was_not_sent(store: Store) -> None:
    made = shaken(store)
    async with Office(store, Mailbox()).running() as office:
        await office.says("a")
        await office.quiet()
        made[-1].fails = "before"
        with pytest.raises(StoreAway):
            await office.says("b")
        await office.says("c")
        await office.quiet()
        assert office.mailbox.heard == {"1": ["a", "c"]}


async def test_an_outcome_that_could_not_be_written_down_is_written_later(store: Store) -> None:
    made = shaken(store)
    async with Office(store, Mailbox()).running() as office:
        office.mailbox.open.clear()
        await office.says("a")
        await office.mailbox.until(lambda: office.mailbox.inside == 1)
        made[-1].fails = "before"
        office.mailbox.open.set()
        await office.quiet()
        assert office.mailbox.heard == {"1": ["a"]}
        assert await office.states() == {"a": "sent"}


@pytest.mark.postgres
@pytest.mark.usefixtures("hurried")
async def test_what_was_taken_in_a_commit_whose_answer_got_lost_is_sent_all_the_same(postgres: str) -> None:
    store = Store(postgres)
    made = shaken(store)
    async with Office(store, Mailbox()).running() as office:
        await office.says("a")
        await office.quiet()
        made[-1].fails = "after"
        with suppress(StoreAway):
            await office.says("b")
        assert len(made) == 2
        await office.says("c")
        await office.mailbox.until(lambda: "c" in office.mailbox.heard["1"], 4)
    store.close()


# ---------------------------------------------------------------------------------------------------- the clock was set


async def set_back(office: Office, seconds: float = 15) -> None:
    """Letters wait for a token, and one lane for its time; then the clock is set back by a day."""
    office.mailbox.troubles = [TryLater("busy", 0.2)]
    await office.says("a", chat="0")
    await office.finds((None, 1), sql="SELECT worker, COUNT(*) FROM lane WHERE due > 0 GROUP BY worker")
    await asyncio.gather(*(office.says("a", chat=f"{chat}") for chat in range(1, 9)))
    office.clock.set_by = -DAY
    await office.mailbox.until(lambda: len(office.mailbox.heard) == 9, seconds)


@pytest.mark.usefixtures("hurried")
async def test_a_clock_that_is_set_back_by_a_day_delays_nothing_for_long(sqlite: str) -> None:
    store = Store(sqlite)
    async with Office(store, Mailbox(), pace=Pace(Rate(10, 1))).running() as office:
        await set_back(office)
        await office.quiet()
    store.close()


@pytest.mark.postgres
@pytest.mark.usefixtures("hurried")
async def test_nor_does_it_where_several_may_share_the_database(postgres: str) -> None:
    store = Store(postgres)
    async with Office(store, Mailbox(), pace=Pace(Rate(10, 1))).running() as office:
        await set_back(office, 3)
    store.close()


# --------------------------------------------------------------------------------------------- a database that was away


@pytest.mark.postgres
@pytest.mark.usefixtures("hurried")
async def test_what_is_taken_before_the_first_sign_of_life_after_an_outage_is_sent(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life, "STALE", -1.0)  # as if the last sign of life were long ago
    store = Store(postgres)
    async with Office(store, Mailbox()).running() as office:
        await office.says("a")
        await office.finds(("w",), sql="SELECT worker FROM lane")
        monkeypatch.setattr(life, "STALE", 4.0)  # now it has said that it lives
        await office.mailbox.hears("a", seconds=5)
    store.close()


# -------------------------------------------------------------------------------------------------- two on one database


@pytest.mark.postgres
async def test_two_couriers_send_everything_once_and_in_order(postgres: str) -> None:
    stores, mailbox, chats = [Store(postgres), Store(postgres)], Mailbox(), 150
    one, two = (Office(store, mailbox, name) for store, name in zip(stores, ("one", "two"), strict=True))
    async with one.running(), two.running():
        for word in ("a", "b", "c"):
            await asyncio.gather(*((one, two)[it % 2].says(word, chat=f"{it}") for it in range(chats)))
        await one.quiet()
    assert mailbox.heard == {f"{it}": ["a", "b", "c"] for it in range(chats)}
    assert one.courier._count
    assert two.courier._count
    for store in stores:
        store.close()


@pytest.mark.postgres
@pytest.mark.usefixtures("hurried")
async def test_what_a_dead_courier_was_sending_is_taken_up_by_another_under_the_same_key(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "DEAD_AFTER", timedelta(seconds=0.5))
    first, second, deaf, mailbox = Store(postgres), Store(postgres), Mailbox(), Mailbox()
    deaf.open.clear()
    async with Office(first, deaf, "dead").running() as dead:
        await dead.says("a", "b")
        await deaf.until(lambda: deaf.inside == 1)
    async with Office(second, mailbox, "alive").running() as alive:
        await mailbox.hears("a", "b")
        assert mailbox.keys == ["1:a", "1:b"]
        await alive.quiet()
        assert await second.read(lambda tx: tx.all("SELECT name FROM worker")) == [("alive",)]
    first.close()
    second.close()
