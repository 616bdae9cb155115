"""Contacts: which conversations are one person's, because somebody said so.

A conversation is an identity: a customer on one channel. Most are a contact by themselves, and nothing is written down
about that. Of several, each has the least of their ids as its `contact`. What people said is kept as pairs, which never
form a circle: so taking one out parts exactly what it had put together.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.content import Line
from bridge.ports import Agent, Other, Place
from bridge.store import messages
from bridge.store.moments import micros, moment
from bridge.store.tx import Row, Tx
from bridge.store.writer import Conflict

MOST = 20  # identities of one contact
SHORTEST = 4  # digits by which a phone number is looked for
_IDENTITY = "id, channel, customer, verified, handoff"
Said = tuple[int, Line, int]
"""A message's id, the message, and the conversation in which it was said."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A customer on one channel."""

    conversation: int
    channel: str
    name: str
    verified: str
    handoff: int | None  # the latest one's number


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody said that these two are one person."""

    id: int
    one: int
    other: int
    at: datetime
    by: str


def identities(tx: Tx, conversation: int, *, kept: bool = False) -> tuple[Identity, ...]:
    """All identities of whoever this conversation is with, the oldest first.

    `kept`: nobody merges or parts them before this transaction ends.
    """
    rows = _members(tx, conversation)
    if kept and tx.for_update:
        _keep(tx, [row[0] for row in rows])
        rows = _members(tx, conversation)
    return tuple(_identity(row) for row in rows)


def _members(tx: Tx, conversation: int) -> list[Row]:
    return tx.all(
        f"""SELECT {_IDENTITY} FROM conversation WHERE id = ?
            OR contact = (SELECT contact FROM conversation WHERE id = ?) ORDER BY id""",
        conversation, conversation,
    )  # fmt: skip


def _keep(tx: Tx, members: Iterable[int]) -> None:
    if tx.for_update:
        tx.all(f"SELECT id FROM conversation WHERE {tx.among('id')} ORDER BY id{tx.for_update}", tx.several(members))


def ids(members: Iterable[Identity]) -> tuple[int, ...]:
    """Their conversations."""
    return tuple(it.conversation for it in members)


def of_handoff(tx: Tx, number: int) -> tuple[int, ...]:
    """All conversations of whoever that handoff is with; none where there is no such handoff."""
    row = tx.one("SELECT conversation_id FROM handoff WHERE number = ?", number)
    return ids(identities(tx, row[0])) if row else ()


# ------------------------------------------------------------------------------------------------------ put together


def join(
    tx: Tx, one: int, ones: Collection[int], other: int, others: Collection[int], by: Agent, now: datetime
) -> None:
    """Two contacts are one from now on. Raises Conflict when either is not what it was.

    Whoever else changes one of them has to keep all of it, too: so what is seen once all are kept is so.
    """
    every = sorted((*ones, *others))
    _keep(tx, every)
    if (ids(identities(tx, one)), ids(identities(tx, other))) != (tuple(sorted(ones)), tuple(sorted(others))):
        raise Conflict
    tx.run(f"UPDATE conversation SET contact = ? WHERE {tx.among('id')}", every[0], tx.several(every))
    tx.run(
        "INSERT INTO same_person (one, other, at, who, name) VALUES (?, ?, ?, ?, ?)",
        one, other, micros(now), by.id, by.name,
    )  # fmt: skip


def part(tx: Tx, pair: Pair, members: Collection[int]) -> tuple[set[int], set[int]]:
    """Undo that; each identity goes with the one that it was put to. Gives both sides. `members` have to be kept."""
    if not tx.run("DELETE FROM same_person WHERE id = ?", pair.id):
        raise Conflict
    left = connected(pair.one, pairs(tx, members))
    right = set(members) - left
    for side in (left, right):
        named = min(side) if len(side) > 1 else None
        tx.run(f"UPDATE conversation SET contact = ? WHERE {tx.among('id')}", named, tx.several(side))
    return left, right


def pairs(tx: Tx, members: Collection[int]) -> list[Pair]:
    """What was said about these identities, the oldest first."""
    rows = tx.all(
        f"SELECT id, one, other, at, name FROM same_person WHERE {tx.among('one')} ORDER BY id", tx.several(members)
    )
    return [Pair(row[0], row[1], row[2], moment(row[3]), row[4]) for row in rows]


def connected(start: int, said: Sequence[Pair]) -> set[int]:
    """Whom these pairs put together with one of them."""
    found, grows = {start}, True
    while grows:
        more = {end for it in said if it.one in found or it.other in found for end in (it.one, it.other)} - found
        found, grows = found | more, bool(more)
    return found


# -------------------------------------------------------------------------------------------------------- looked for


def alike(tx: Tx, members: Sequence[Identity], most: int = 5) -> list[Identity]:
    """Others of whom the same e-mail address or phone number is certain. They may be the same person, or a family."""
    known = {it.verified for it in members if "@" in it.verified or it.verified.startswith("+")}
    if not known:
        return []
    rows = tx.all(
        f"""SELECT {_IDENTITY} FROM conversation WHERE {tx.among("verified")} AND verified <> ''
            ORDER BY id DESC LIMIT ?""",
        tx.several(known), most + len(members),
    )  # fmt: skip
    mine = ids(members)
    return [_identity(row) for row in rows if row[0] not in mine][:most]


def search(tx: Tx, text: str, most: int) -> list[Identity]:
    """Whose handoff has this number, who is called so, or whose address or number this is in part; newest first."""
    digits = "".join(sign for sign in text if sign.isdecimal()).lstrip("0")[:15]
    where, values = list[str](), list[object]()
    if text.strip() and not text.startswith("#"):
        every = [_named(tx, word) for word in text.split()]
        where.append(" AND ".join(condition for condition, _ in every))
        values += [value for _, patterns in every for value in patterns]
    if digits and not any(sign.isalpha() for sign in text):
        where.append("id IN (SELECT conversation_id FROM handoff WHERE number = ?)")
        values.append(int(digits))
        if len(digits) >= SHORTEST and not text.startswith("#"):
            where += ["verified LIKE ?", "chat LIKE ?"]
            values += [f"%{digits}%", f"%{digits}%"]
    if not where:
        return []
    sql = f"SELECT {_IDENTITY} FROM conversation WHERE {' OR '.join(where)} ORDER BY id DESC LIMIT ?"
    return [_identity(row) for row in tx.all(sql, *values, most)]


def _named(tx: Tx, word: str) -> tuple[str, tuple[str, ...]]:
    """That a word stands in a name or an address, in small letters or not.

    SQLite knows small letters of English only: another word is looked for as it begins in a name, too.
    """
    plain = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    names = (plain,) if word.isascii() else (plain.lower(), plain.capitalize())
    conditions = [*(f"customer {tx.like} ? ESCAPE '!'" for _ in names), f"verified {tx.like} ? ESCAPE '!'"]
    return f"({' OR '.join(conditions)})", tuple(f"%{each}%" for each in (*names, plain))


# ------------------------------------------------------------------------------------------------ read as one person's


def elsewhere(tx: Tx, conversation: int, members: Sequence[Identity], most: int = 6) -> list[Other]:
    """The newest handoffs of the same person's other identities, newest first."""
    others = [it.conversation for it in members if it.conversation != conversation]
    if not others:
        return []
    rows = tx.all(
        f"""SELECT h.number, h.thread_channel, h.thread_ts, h.note, c.channel, h.state
            FROM handoff h JOIN conversation c ON c.id = h.conversation_id
            WHERE {tx.among("h.conversation_id")} ORDER BY h.number DESC LIMIT ?""",
        tx.several(others), most,
    )  # fmt: skip
    return [
        Other(row[0], Place(row[1], row[2]) if row[2] else None, row[3], row[4], row[5] in ("queued", "claimed"))
        for row in rows
    ]


def newest(tx: Tx, members: Collection[int], most: int) -> list[int]:
    """The numbers of their newest handoffs."""
    rows = tx.all(
        f"SELECT number FROM handoff WHERE {tx.among('conversation_id')} ORDER BY number DESC LIMIT ?",
        tx.several(members), most,
    )  # fmt: skip
    return [row[0] for row in rows]


def earlier(tx: Tx, members: Iterable[int], before: int, most: int) -> list[Said]:
    """The newest messages before this one in all of their conversations, oldest first."""
    found = ((*said, each) for each in members for said in messages.earlier(tx, each, before, most))
    return sorted(found, key=_id)[-most:]


def later(tx: Tx, members: Iterable[int], after: int, most: int) -> list[Said]:
    """The oldest messages after this one."""
    found = ((*said, each) for each in members for said in messages.later(tx, each, after, most))
    return sorted(found, key=_id)[:most]


def count(tx: Tx, members: Iterable[int], upto: int | None = None) -> int:
    """How many there are, or COUNTED, if there are more."""
    return min(messages.COUNTED, sum(messages.count(tx, each, upto) for each in members))


def _id(said: Said) -> int:
    return said[0]


def _identity(row: Row) -> Identity:
    return Identity(*row)
