"""The tables, and nothing else. The path of a message uses named statements instead (DESIGN: the ORM costs 2 ms a row).

Times are aware UTC; they are kept as whole microseconds since 1970, the same on SQLite and PostgreSQL.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, Text, UniqueConstraint, false, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from bridge.store.moments import micros, moment

Identity = BigInteger().with_variant(Integer(), "sqlite")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        return None if value is None else moment(value)


def _id() -> Any:
    return Field(default=None, primary_key=True, sa_type=Identity)  # type: ignore[call-overload]


def _when(**more: Any) -> Any:
    return Field(sa_type=UTCDateTime, **more)  # type: ignore[call-overload]


def _where(condition: str) -> dict[str, Any]:
    """Of an index that most rows need not stand in."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class ConversationRow(SQLModel, table=True):
    """One customer on one channel, and who may speak to them."""

    __tablename__ = "conversation"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("channel", "chat"),
        Index("conversation_contact", "contact", **_where("contact IS NOT NULL")),
        Index("conversation_verified", "verified", **_where("verified <> ''")),
        Index("conversation_also", "channel", "also", **_where("also <> ''")),
    )
    id: int | None = _id()
    channel: str
    chat: str
    customer: str
    language: str = ""
    reachable: bool = True
    state: str = "bot"
    epoch: int = 0
    since: datetime = _when()
    handoff: int | None = None
    owner_id: str | None = None
    owner_name: str | None = None
    stage: str = ""
    kept_stage: str = ""
    answers: str = Field(default="{}", sa_type=Text)
    unsure: int = 0
    brief: str = Field(default="", sa_type=Text)
    bot: str = Field(default="", sa_column_kwargs={"server_default": ""})  # blank: the desk's first
    window_shown: str = Field(
        default="", sa_column_kwargs={"server_default": ""}
    )  # which reply window is closing, shut
    verified: str = Field(default="", sa_column_kwargs={"server_default": ""})  # who they certainly are
    contact: int | None = Field(default=None, sa_type=BigInteger)  # of several that are one person: the least id
    also: str = Field(default="", sa_column_kwargs={"server_default": ""})  # what else the platform calls the chat
    reach: str = Field(default="", sa_column_kwargs={"server_default": ""})  # which of both they use; blank: chat
    topic: str = Field(default="", sa_column_kwargs={"server_default": ""})  # of the chat, in which they wrote last


class SamePersonRow(SQLModel, table=True):
    """Somebody said that two conversations are one person's. Taken back, it is gone; the timeline keeps both."""

    __tablename__ = "same_person"  # type: ignore[assignment]
    __table_args__ = (Index("same_person_one", "one"),)
    id: int | None = _id()
    one: int = Field(sa_type=BigInteger)
    other: int = Field(sa_type=BigInteger)
    at: datetime = _when()
    who: str
    name: str


class HandoffRow(SQLModel, table=True):
    """One episode in which a human was wanted; one thread."""

    __tablename__ = "handoff"  # type: ignore[assignment]
    __table_args__ = (
        Index("handoff_thread", "thread_channel", "thread_ts"),
        Index("handoff_of", "conversation_id"),
        Index("handoff_state", "state", "owner_id"),
        Index("handoff_open", "since", **_where("outcome = 'open'")),
        Index("handoff_queue", "state", "since", "number"),
        Index("handoff_waits", "state", "waits", **_where("waits IS NOT NULL")),
    )
    number: int = Field(primary_key=True, sa_type=Identity)  # type: ignore[call-overload]
    conversation_id: int = Field(sa_type=BigInteger)
    state: str = "queued"
    reason: str = ""
    quote: str = Field(default="", sa_type=Text)
    since: datetime = _when()
    opened: datetime = _when()
    owner_id: str | None = None
    owner_name: str | None = None
    summary: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    thread_channel: str | None = None
    thread_ts: str | None = None
    upto: int = Field(default=0, sa_type=BigInteger)  # when it is over: the conversation's last message then
    labels: str = Field(default="", sa_column_kwargs={"server_default": ""})  # with blanks between them
    route: str = Field(default="", sa_column_kwargs={"server_default": ""})  # as bridge.toml names the queue channel
    queue_channel: str = Field(default="", sa_column_kwargs={"server_default": ""})  # its id, from the first try on
    outcome: str = Field(default="", sa_column_kwargs={"server_default": ""})  # when it is over: resolved, open
    waits: datetime | None = _when(nullable=True, default=None)  # since when the customer waits for a person


class FormerThreadRow(SQLModel, table=True):
    """Where a handoff's thread was before it got a new card."""

    __tablename__ = "former_thread"  # type: ignore[assignment]
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    handoff: int = Field(sa_type=BigInteger)


class MessageRow(SQLModel, table=True):
    """What was said, by whom, and whether the other side has it."""

    __tablename__ = "message"  # type: ignore[assignment]
    __table_args__ = (
        Index("message_of", "conversation_id", "id"),
        Index("message_source", "source_channel", "source_ts", unique=True, **_where("source_ts IS NOT NULL")),
        Index("message_platform", "conversation_id", "platform_id", **_where("platform_id IS NOT NULL")),
    )
    id: int | None = _id()
    conversation_id: int = Field(sa_type=BigInteger)
    handoff: int | None = None
    author: str
    author_id: str = ""
    author_name: str = ""
    text: str = Field(sa_type=Text)
    changed: str = Field(default="", sa_type=Text)
    state: str  # received, pending, sent, failed, uncertain, suppressed, erased, note, held
    at: datetime = _when()
    source_channel: str | None = None
    source_ts: str | None = None
    platform_id: str | None = None
    mark: str = Field(default="", sa_column_kwargs={"server_default": ""})  # stands on the agent's own message
    corrected: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})  # the customer has this
    first_text: str | None = Field(default=None, sa_type=Text)  # of what reads differently now
    corrects: int | None = Field(default=None, sa_type=BigInteger)  # an earlier message that could not be changed
    deleted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # by its author, or in Slack
    template: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # the platform approved it


class FileRow(SQLModel, table=True):
    """Something that came along with a message. Its bytes are where it came from."""

    __tablename__ = "file"  # type: ignore[assignment]
    __table_args__ = (
        Index("file_of", "message_id"),
        Index("file_platform", "platform_id", **_where("platform_id IS NOT NULL")),
    )
    id: int | None = _id()
    message_id: int = Field(sa_type=BigInteger)
    kind: str
    name: str
    mime: str
    size: int = Field(sa_type=BigInteger)
    ref: str  # understood by the side that it came from
    upload: str = ""  # what the workspace calls our copy, from before anybody can see that
    handoff: int | None = Field(default=None, sa_type=BigInteger)  # in whose thread it is put
    platform_id: str | None = None  # of an album: the message that brought this one of it


class UploadRow(SQLModel, table=True):
    """A file of a web chat, sent by the visitor or to them."""

    __tablename__ = "upload"  # type: ignore[assignment]
    __table_args__ = (Index("upload_loose", "at", **_where("state <> 'used'")),)
    id: str = Field(primary_key=True)
    chat: str
    name: str
    mime: str
    size: int = Field(sa_type=BigInteger)
    state: str  # arriving, kept, used (in a message), withdrawn (with its message)
    at: datetime = _when()


class UploadPieceRow(SQLModel, table=True):
    """Some of its bytes."""

    __tablename__ = "upload_piece"  # type: ignore[assignment]
    upload: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    content: bytes


class ShownRow(SQLModel, table=True):
    """Where something said in a chat stands in a thread: of several in one post, the last."""

    __tablename__ = "shown"  # type: ignore[assignment]
    __table_args__ = (
        Index("shown_message", "message_id"),
        Index("shown_sent", "sent", **_where("sent <> ''")),
        {"sqlite_with_rowid": False},
    )
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    message_id: int = Field(sa_type=BigInteger)
    handoff: int = Field(sa_type=BigInteger)
    reactions: str = Field(default="", sa_column_kwargs={"server_default": ""})  # of its owner; the last one counts
    sent: str = Field(default="", sa_column_kwargs={"server_default": ""})  # the platform's id of that


class DeliveryRow(SQLModel, table=True):
    """One part of a message at the customer's end."""

    __tablename__ = "delivery"  # type: ignore[assignment]
    __table_args__ = (Index("delivery_of", "message_id"), Index("delivery_platform", "platform_id"))
    key: str = Field(primary_key=True)
    message_id: int = Field(sa_type=BigInteger)
    part: int = 1
    platform_id: str = ""
    state: str = "sent"
    reason: str = ""


class InboxRow(SQLModel, table=True):
    """An event of the outside as it came, kept for 8 days."""

    __tablename__ = "inbox"  # type: ignore[assignment]
    id: int | None = _id()
    at: datetime = _when(index=True)
    source: str
    raw: str = Field(sa_type=Text)
    failed: str = ""


class InboxKeyRow(SQLModel, table=True):
    """A natural key of an event. A second event with one of them is a repeat."""

    __tablename__ = "inbox_key"  # type: ignore[assignment]
    __table_args__ = (Index("inbox_key_at", "at"), {"sqlite_with_rowid": False})
    key: str = Field(primary_key=True)
    at: datetime = _when()


class OutboxRow(SQLModel, table=True):
    """One effect that has yet to happen outside."""

    __tablename__ = "outbox"  # type: ignore[assignment]
    __table_args__ = (
        Index("outbox_lane", "lane", "id"),
        Index("outbox_key", "key"),
        {"sqlite_autoincrement": True},  # else SQLite gives a deleted row's id to the next, which may then be deleted
    )
    id: int | None = _id()
    lane: str
    kind: str
    payload: str = Field(sa_type=Text)
    state: str = "pending"  # pending, sending, uncertain, missed
    key: str
    attempts: int = 0
    at: datetime = _when()


class LaneRow(SQLModel, table=True):
    """What is sent in order: everything to one customer, everything to one thread."""

    __tablename__ = "lane"  # type: ignore[assignment]
    __table_args__ = (
        Index("lane_due", "way", "due"),
        Index("lane_waits", "due", **_where("due > 0")),
        {"sqlite_with_rowid": False},
    )
    name: str = Field(primary_key=True)
    way: str  # how it is sent: thread, card ..., or the customer channel's name
    pending: int = 0
    due: datetime | None = _when(nullable=True)  # null: waiting for a person
    waiting_since: datetime = _when()
    priority: int = 0
    worker: str | None = Field(default=None, index=True)  # who is sending it
    claim: int = Field(default=0, sa_type=BigInteger)  # counts how often that worker took something


class WorkerRow(SQLModel, table=True):
    """A process that sends, and when it last said that it lives."""

    __tablename__ = "worker"  # type: ignore[assignment]
    name: str = Field(primary_key=True)
    beat: datetime = _when()


class BucketRow(SQLModel, table=True):
    """A token bucket: when it is full again."""

    __tablename__ = "bucket"  # type: ignore[assignment]
    name: str = Field(primary_key=True)
    full_at: datetime = _when()


class TimelineRow(SQLModel, table=True):
    """What happened to a conversation and who did it. Only ever added to."""

    __tablename__ = "timeline"  # type: ignore[assignment]
    __table_args__ = (Index("timeline_handoff", "handoff"), Index("timeline_at", "at"))
    id: int | None = _id()
    conversation_id: int = Field(sa_type=BigInteger, index=True)
    handoff: int | None = None
    at: datetime = _when()
    event: str
    who: str = ""
    name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    note: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})


class BoardRow(SQLModel, table=True):
    """The message in a queue channel that shows what waits and who has what."""

    __tablename__ = "board"  # type: ignore[assignment]
    channel: str = Field(primary_key=True)
    ts: str


class DutyRow(SQLModel, table=True):
    """Whether somebody is there or away, as they said themselves."""

    __tablename__ = "duty"  # type: ignore[assignment]
    agent_id: str = Field(primary_key=True)
    name: str
    away: bool
    since: datetime = _when()


class SettingChangeRow(SQLModel, table=True):
    """An admin changed a section of the desk's settings. Only ever added to; the newest version holds."""

    __tablename__ = "setting_change"  # type: ignore[assignment]
    section: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    in_file: bool  # what bridge.toml says holds again
    was: str = Field(sa_type=Text)
    became: str = Field(sa_type=Text)
    who: str
    name: str
    at: datetime = _when()


class WebEventRow(SQLModel, table=True):
    """A web visitor's chat as the browser sees it."""

    __tablename__ = "web_event"  # type: ignore[assignment]
    __table_args__ = (UniqueConstraint("chat", "key"),)
    chat: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    key: str
    event: str = Field(sa_type=Text)


class VisitorRow(SQLModel, table=True):
    """A web visitor: who they are for their site, if it says so, and what they have seen."""

    __tablename__ = "visitor"  # type: ignore[assignment]
    chat: str = Field(primary_key=True)
    name: str
    identity: str | None = Field(default=None, unique=True)
    verified: str = Field(default="", sa_column_kwargs={"server_default": ""})
    seen: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class VisitorTokenRow(SQLModel, table=True):
    """What a browser shows to be that visitor. Only its hash is kept."""

    __tablename__ = "visitor_token"  # type: ignore[assignment]
    __table_args__ = (Index("visitor_token_until", "until"),)
    token_hash: str = Field(primary_key=True)
    chat: str
    until: datetime = _when()
