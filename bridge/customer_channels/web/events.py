"""What the journal of a web chat holds: pure functions from what is said to JSON text."""

from datetime import datetime

import orjson

from bridge.content import Author, Part, Presence, places
from bridge.marks import nested, unquoted


def said(part: Part, id: str, at: datetime) -> str:
    """The bot or an agent says something."""
    files: dict[str, object] = {}
    if file := part.file:  # kept under the message's own id
        files["files"] = [{"id": id, "name": file.name, "mime": file.mime, "size": file.size}]
    return _event("message", part.author, id, at, **_words(part), **_choices(part), **files)


def changed(part: Part, of: str, id: str, at: datetime) -> str:
    """An earlier message now reads differently."""
    return _event("edit", part.author, id, at, of=of, **_words(part), **_choices(part))


def own(event: str) -> Author | None:
    """Whose message it is, if it is one of a visitor's own that is still there."""
    told = orjson.loads(event or "{}")
    there = told.get("kind") == "message" and (told["text"] or told.get("files"))
    return Author("customer", told["author"]["name"]) if there and told["author"]["kind"] == "customer" else None


def changed_by_visitor(text: str, author: Author, of: str, id: str, at: datetime) -> str:
    """They wrote something else instead; blank: nothing."""
    return _event("edit" if text else "delete", author, id, at, text=text, of=of)


def without_words(event: str, of: str) -> str:
    """An event as it is once the message `of` was deleted: nobody who takes the chat up is told what it said."""
    told = orjson.loads(event)
    if of not in (told.get("id"), told.get("of")):
        return event
    return orjson.dumps(
        {it: told[it] for it in told if it not in ("choices", "files", "marks")} | {"text": ""}
    ).decode()


def deleted(of: str, id: str, at: datetime) -> str:
    """An earlier message is no longer there."""
    return _event("delete", Author("agent", ""), id, at, text="", of=of)


def came_or_went(presence: Presence, id: str, at: datetime) -> str:
    """Somebody joined or left. The text is for readers that do not know the change's name."""
    text = f"{presence.author.name} {presence.change}"
    return _event("presence", presence.author, id, at, text=text, change=presence.change)


def rating(name: str, id: str, at: datetime) -> str:
    """The visitor is asked how it was with this person."""
    return _event("rating", Author("system", ""), id, at, text="", name=name)


def frame(seq: int, event: str) -> bytes:
    """One server-sent event."""
    data = orjson.dumps({"seq": seq, **orjson.loads(event)})
    return b"id: %d\ndata: %b\n\n" % (seq, data)


def readable(event: str) -> str:
    """The id of a message to the visitor; blank for all else."""
    told = orjson.loads(event)
    return told["id"] if told["kind"] == "message" and told["author"]["kind"] != "customer" else ""


def _choices(part: Part) -> dict[str, tuple[str, ...]]:
    return {"choices": part.choices} if part.choices else {}


def _words(part: Part) -> dict[str, object]:
    """The words; and what is marked in them, counted as browsers count, of two marks the outer one first."""
    shown = unquoted(part.text)
    spans = nested(shown)
    at = places(shown) if spans else []
    marks = [(at[span.start], at[span.end], span.kind, *filter(None, (span.url,))) for span in spans]
    return {"text": str(shown), "marks": marks} if marks else {"text": str(shown)}


def _event(kind: str, author: Author, id: str, at: datetime, **more: object) -> str:
    who = {"kind": author.kind, "name": author.name}
    return orjson.dumps({"kind": kind, "author": who, "id": id, "at": at, **more}).decode()
