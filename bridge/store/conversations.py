"""Conversations and handoffs in the database. Every change is one conditional statement."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from bridge.conversation import Conversation, State, Why
from bridge.i18n import kept as written_down
from bridge.i18n import packed, read, unpacked
from bridge.ports import Agent, CardState, Other, Place, Summary
from bridge.store.moments import micros, moment
from bridge.store.tx import Row, Tx
from bridge.store.writer import Conflict


@dataclass(frozen=True, slots=True)
class Contact:
    """The customer's end of a conversation. What `also` names the same chat may stand in its place in what comes."""

    channel: str
    chat: str
    name: str
    language: str
    verified: str = ""  # who they certainly are, where the channel knows
    reachable: bool = True  # as far as we know
    also: str = ""
    reach: str = ""  # what they wrote from last; blank: the chat
    topic: str = ""  # of the chat, in which they wrote last
    news: bool = field(default=False, compare=False)  # that was not known before


@dataclass(frozen=True, slots=True)
class Handoff:
    """One episode as the thread shows it."""

    number: int
    conversation: int
    state: CardState
    reason: str
    quote: str
    since: datetime
    owner: Agent | None
    summary: Summary | None
    note: str
    thread: Place | None
    labels: tuple[str, ...] = ()
    outcome: str = ""  # resolved, or open; blank: it is not over


_FIELDS = """id, state, epoch, since, handoff, owner_id, owner_name, stage, kept_stage, answers, unsure, brief,
 channel, chat, customer, language, bot, verified, reachable, also, reach, topic"""
_JOINED = ", ".join(f"c.{field.strip()}" for field in _FIELDS.split(","))
_LAST = """(SELECT m.author FROM message m WHERE m.conversation_id = handoff.conversation_id
 AND (m.author = 'customer' OR m.author = 'agent' AND m.state IN ('pending', 'uncertain', 'sent'))
 ORDER BY m.id DESC LIMIT 1)"""  # whoever of the two spoke last
_HANDOFF = """number, conversation_id, state, reason, quote, since, owner_id, owner_name, summary, note,
 thread_channel, thread_ts, labels, outcome"""


def of_chat(
    tx: Tx,
    channel: str,
    chat: str,
    name: str,
    language: str,
    now: datetime,
    verified: str = "",
    also: str = "",
    topic: str | None = None,
) -> tuple[Conversation, Contact]:
    """The conversation with this customer, begun now if there is none. Who they are follows what was last heard."""
    found = known(tx, channel, chat) or (known(tx, channel, also) if also else None)
    if found is None:
        tx.run(
            """INSERT INTO conversation (channel, chat, customer, language, reachable, state, epoch, since, stage,
               kept_stage, answers, unsure, brief, verified)
               VALUES (?, ?, ?, ?, ?, 'bot', 0, ?, '', '', '{}', 0, '', ?) ON CONFLICT DO NOTHING""",
            channel, chat, name, language, True, micros(now), verified,
        )  # fmt: skip
        found = known(tx, channel, chat)
        assert found is not None
    conversation, before = found
    heard = replace(
        before,
        name=name or before.name,
        language=language or before.language,
        verified=verified or before.verified,
        also=next((it for it in (chat, also) if it and it != before.chat), before.also),
        reach="" if chat == before.chat else chat,
        topic=before.topic if topic is None else topic,
    )
    if heard != before:
        tx.run(
            """UPDATE conversation SET customer = ?, language = ?, verified = ?, also = ?, reach = ?, topic = ?
               WHERE id = ?""",
            heard.name, heard.language, heard.verified, heard.also, heard.reach, heard.topic, conversation.id,
        )  # fmt: skip
        heard = replace(heard, news=heard.verified != before.verified)
    return conversation, heard


def known(tx: Tx, channel: str, chat: str) -> tuple[Conversation, Contact] | None:
    """The conversation with this customer, if there is one. Nobody changes it before this transaction ends."""
    asked = f"SELECT {_FIELDS} FROM conversation WHERE channel = ? AND "
    row = tx.one(f"{asked}chat = ?{tx.for_update}", channel, chat)
    row = row or tx.one(f"{asked}also = ? AND also <> ''{tx.for_update}", channel, chat)
    return (_conversation(row), _contact(row)) if row else None


def by_id(tx: Tx, conversation: int, *, kept: bool = False) -> tuple[Conversation, Contact]:
    """A conversation that is there. `kept`: nobody changes it before this transaction ends."""
    if kept and tx.for_update:
        tx.one("SELECT 1 FROM conversation WHERE id = ? FOR UPDATE", conversation)
    found = maybe(tx, conversation)
    assert found is not None
    return found


def maybe(tx: Tx, conversation: int) -> tuple[Conversation, Contact] | None:
    """A conversation that may be there."""
    row = tx.one(f"SELECT {_FIELDS} FROM conversation WHERE id = ?", conversation)
    return (_conversation(row), _contact(row)) if row else None


def of_message(tx: Tx, message: int, *, kept: bool = False) -> tuple[Conversation, Contact]:
    """The conversation that a message belongs to. `kept`: nobody changes it before this transaction ends."""
    row = tx.one("SELECT conversation_id FROM message WHERE id = ?", message)
    assert row is not None
    return by_id(tx, row[0], kept=kept)


def of_thread(tx: Tx, thread: Place) -> tuple[int, Conversation, Contact] | None:
    """The handoff whose thread this is, and its conversation."""
    row = tx.one(
        f"""SELECT {_JOINED}, h.number FROM handoff h JOIN conversation c ON c.id = h.conversation_id
            WHERE h.thread_channel = ? AND h.thread_ts = ?""",
        thread.channel, thread.ts,
    )  # fmt: skip
    return (row[-1], _conversation(row), _contact(row)) if row else None


def thread_of(tx: Tx, number: int) -> tuple[Place | None, int, str]:
    """Where a handoff's thread is, its conversation, and the channel of that."""
    row = tx.one(
        """SELECT h.thread_channel, h.thread_ts, c.id, c.channel FROM handoff h
           JOIN conversation c ON c.id = h.conversation_id WHERE h.number = ?""",
        number,
    )
    assert row is not None
    return (Place(row[0], row[1]) if row[1] else None), row[2], row[3]


def save(tx: Tx, before: Conversation, after: Conversation, note: str = "", outcome: str = "") -> None:
    """Write what changed, if nobody was faster; else raise Conflict. The handoff's row follows."""
    if after == before:
        return
    owner = after.owner
    touched = tx.run(
        """UPDATE conversation SET state = ?, epoch = ?, since = ?, handoff = ?, owner_id = ?, owner_name = ?,
           stage = ?, kept_stage = ?, answers = ?, unsure = ?, brief = ?, bot = ? WHERE id = ? AND epoch = ?""",
        after.state.value, after.epoch, micros(after.since), after.handoff, owner and owner.id, owner and owner.name,
        after.stage, after.kept_stage, orjson.dumps(after.answers).decode(), after.unsure, after.brief,
        after.bot, after.id, before.epoch,
    )  # fmt: skip
    if not touched:
        raise Conflict
    if after.handoff == before.handoff and (after.state is not before.state or after.owner != before.owner):
        _close_or_claim(tx, after, note, outcome)


def _close_or_claim(tx: Tx, after: Conversation, note: str, outcome: str) -> None:
    state = {State.BOT: "handed_back", State.ENDED: "ended"}.get(after.state, after.state.value)
    owner, queued = after.owner, after.state is State.QUEUED  # else whose it was is remembered
    tx.run(
        f"""UPDATE handoff SET state = ?, since = ?, note = ?, outcome = ?, waits = CASE WHEN ? THEN COALESCE(waits, ?)
           WHEN ? AND NOT (state = 'queued' AND COALESCE({_LAST}, '') = 'agent') THEN waits END,
           owner_id = CASE WHEN ? THEN NULL ELSE COALESCE(?, owner_id) END,
           owner_name = CASE WHEN ? THEN NULL ELSE COALESCE(?, owner_name) END,
           upto = (SELECT COALESCE(MAX(id), 0) FROM message WHERE conversation_id = ?)
           WHERE number = ? AND state IN ('queued', 'claimed')""",
        state, micros(after.since), note, outcome, queued, micros(after.since), after.state is State.CLAIMED,
        queued, owner and owner.id, queued, owner and owner.name, after.id, after.handoff,
    )  # fmt: skip


def told_upto(tx: Tx, conversation: int) -> int:
    """The last message that belonged to an earlier handoff; 0 when there was none."""
    row = tx.one("SELECT COALESCE(MAX(upto), 0) FROM handoff WHERE conversation_id = ?", conversation)
    return row[0] if row else 0


def next_number(tx: Tx) -> int:
    """The number that the next handoff gets."""
    row = tx.one("SELECT COALESCE(MAX(number), 1000) + 1 FROM handoff")
    assert row is not None
    return row[0]


def open_handoff(tx: Tx, after: Conversation, why: Why, now: datetime) -> None:
    """A new episode begins. Raises Conflict when another has just got this number."""
    owner = after.owner
    if not tx.run(
        """INSERT INTO handoff (number, conversation_id, state, reason, quote, since, opened, owner_id, owner_name,
           summary, note, upto, waits) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', 0, ?) ON CONFLICT DO NOTHING""",
        after.handoff, after.id, after.state.value, written_down(why.reason), why.quote, micros(now), micros(now),
        owner and owner.id, owner and owner.name, None if owner else micros(now),
    ):  # fmt: skip
        raise Conflict


def handoff(tx: Tx, number: int) -> Handoff | None:
    """A handoff by its number."""
    row = tx.one(f"SELECT {_HANDOFF} FROM handoff WHERE number = ?", number)
    return _handoff(row) if row else None


def others(tx: Tx, number: int, conversation: int) -> tuple[tuple[Other, ...], Other | None]:
    """The same customer's handoffs before this one, newest first; and the newest of all, if this is not it."""
    rows = tx.all(
        """SELECT number, thread_channel, thread_ts, note FROM handoff WHERE conversation_id = ? AND number <> ?
           ORDER BY number DESC LIMIT 6""",
        conversation, number,
    )  # fmt: skip
    found = [Other(row[0], Place(row[1], row[2]) if row[2] else None, row[3]) for row in rows]
    later = found[0] if found and found[0].number > number else None
    return tuple(other for other in found if other.number < number)[:5], later


def claimed_by(tx: Tx, agent_id: str, channel: str) -> list[tuple[int, str]]:
    """Number and customer of what this agent has in this channel, oldest first."""
    return [
        (row[0], row[1])
        for row in tx.all(
            """SELECT h.number, c.customer FROM handoff h JOIN conversation c ON c.id = h.conversation_id
               WHERE h.state = 'claimed' AND h.owner_id = ? AND h.thread_channel = ? ORDER BY h.number""",
            agent_id, channel,
        )
    ]  # fmt: skip


def with_thread(tx: Tx, state: str, below: int | None, most: int) -> list[int]:
    """The newest handoffs in this state that have a thread, with numbers below that one."""
    rows = tx.all(
        """SELECT number FROM handoff WHERE state = ? AND number < ? AND thread_ts IS NOT NULL
           ORDER BY number DESC LIMIT ?""",
        state, 2**31 - 1 if below is None else below, most,
    )  # fmt: skip
    return [row[0] for row in rows]


def set_thread(tx: Tx, number: int, thread: Place) -> None:
    """The card was posted here."""
    tx.run("UPDATE handoff SET thread_channel = ?, thread_ts = ? WHERE number = ?", thread.channel, thread.ts, number)


def set_summary(tx: Tx, number: int, summary: Summary) -> None:
    """What the handoff is about."""
    tx.run("UPDATE handoff SET summary = ? WHERE number = ?", orjson.dumps(packed(asdict(summary))).decode(), number)


def set_resolved(tx: Tx, number: int) -> None:
    """It stays open no longer."""
    tx.run("UPDATE handoff SET outcome = 'resolved' WHERE number = ? AND outcome = 'open'", number)


def set_reachable(tx: Tx, conversation: int, yes: bool) -> bool:
    """The customer blocked us, or came back. False: that was known."""
    return tx.run("UPDATE conversation SET reachable = ? WHERE id = ? AND reachable <> ?", yes, conversation, yes) > 0


def _conversation(row: Row) -> Conversation:
    owner = Agent(row[5], row[6] or row[5]) if row[5] else None
    return Conversation(
        row[0], State(row[1]), row[2], moment(row[3]), row[4], owner, row[7], row[8], orjson.loads(row[9]),
        row[10], row[11], row[16],
    )  # fmt: skip


def _contact(row: Row) -> Contact:
    return Contact(row[12], row[13], row[14], row[15], row[17], bool(row[18]), *row[19:22])


def _handoff(row: Row) -> Handoff:
    owner = Agent(row[6], row[7] or row[6]) if row[6] else None
    thread = Place(row[10], row[11]) if row[11] else None
    summary = summary_of(row[8])
    return Handoff(
        row[0], row[1], row[2], read(row[3]), row[4], moment(row[5]), owner, summary, row[9], thread,
        tuple(row[12].split()), row[13],
    )  # fmt: skip


def summary_of(text: str) -> Summary | None:
    """A stored summary."""
    if not text:
        return None
    fields: dict[str, Any] = unpacked(orjson.loads(text))
    facts = tuple(fields.pop("facts"))
    return Summary(facts=facts, **fields)
