"""Pure: what Slack sends, as events of the port. Between draft and event, others look up who did it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from bridge.errors import Loss
from bridge.files import UNKNOWN, File
from bridge.files import kind_of as kind_of_file
from bridge.i18n import t
from bridge.marks import same
from bridge.ports import (
    Agent,
    Closed,
    Erased,
    Exposed,
    Ignored,
    Place,
    Retyped,
    Typed,
    WorkspaceEvent,
)
from bridge.team_workspace.rich_text import Reading, people_in, read, storable

Json = Mapping[str, Any]
Names = Mapping[str, str]
People = Mapping[str, Agent]

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)  # of an unknown shape
SPOKEN = ("", "file_share", "me_message", "thread_broadcast")  # subtypes in which a person says something

CANVAS = t("Canvases and lists cannot be passed on. Send it as a PDF.")
UNNAMED = t("Slack did not say which file it is.")
UNCARRIED = {  # modes of a file
    "hidden_by_limit": t("Slack hides one of the files, because it is older than the workspace's plan keeps."),
    "tombstone": t("One of the files was deleted."),
    **dict.fromkeys(("space", "canvas", "quip", "list", "post"), CANVAS),
}


@dataclass(slots=True)
class Whereabouts:
    """Who the bot is, and where it works. Known after auth.test."""

    user: str = ""
    bot: str = ""
    channel: str = ""  # where everything goes that no route takes
    channels: set[str] = field(default_factory=set[str])  # in which people are heard
    url: str = ""  # of the workspace
    external: bool = False  # another company may read along

    def link(self, place: Place) -> str:
        """Where a message can be read."""
        return f"{self.url or 'https://slack.com/'}archives/{place.channel}/p{place.ts.replace('.', '')}"


@dataclass(frozen=True, slots=True)
class Draft:
    """An event of which it is not known yet who its author is and how those mentioned are called."""

    author: str
    mentioned: set[str]
    complete: Callable[[Agent, People], WorkspaceEvent]
    groups: frozenset[str] = frozenset()  # user groups that are named in it


def parsed(raw: bytes | str) -> Any:
    """What some JSON says; ValueError when it is none."""
    try:
        return orjson.loads(raw)
    except ValueError:  # orjson takes no halves of surrogate pairs
        return json.loads(raw)


def of_message(message: Json, here: Whereabouts) -> WorkspaceEvent | Draft:
    """Read a message event."""
    channel = message.get("channel")
    if channel not in here.channels:
        return Ignored("elsewhere", routine=True)
    subtype = message.get("subtype") or ""
    if subtype == "message_deleted":
        return Erased(place_of(channel, message["deleted_ts"]))
    if subtype == "message_changed":
        return _changed(message["message"], message.get("previous_message") or {}, channel, here)
    if subtype in SPOKEN and _is_reply(message, here):
        return typed(message, channel, here)
    return Ignored(subtype or "message", routine=True)


def closed(told: Json, loss: Loss, here: Whereabouts) -> WorkspaceEvent:
    """A channel is lost. Only ours count."""
    channel = told["channel"]
    return Closed(channel, loss) if channel in here.channels else Ignored("elsewhere", routine=True)


def exposed(told: Json, here: Whereabouts) -> WorkspaceEvent:
    """A channel is shared with another company. Only ours count, and only where that is not wanted."""
    ours = told["channel"] in here.channels and not here.external
    return Exposed(told["channel"]) if ours else Ignored("channel_shared", routine=True)


def typed(message: Json, channel: str, here: Whereabouts) -> Draft:
    """What a person wrote in a thread."""
    place, thread = place_of(channel, message["ts"]), place_of(channel, message["thread_ts"])
    files, unsupported = _files(message)

    def complete(agent: Agent, people: People) -> WorkspaceEvent:
        said = _read(message, named(people), here)
        named_here = tuple(person for who, person in sorted(people.items()) if who != here.user)
        return Typed(agent, place, thread, said.text, said.mentions, unsupported, named_here, files)

    return Draft(message["user"], people_in(message), complete)


def retyped(message: Json, before: Json, channel: str, here: Whereabouts) -> Draft:
    """What a person changed it to; the draft becomes Ignored when `before` said the same."""
    if not isinstance(message["edited"]["ts"], str):
        raise TypeError("when it was changed is a string")
    place, thread = place_of(channel, message["ts"]), place_of(channel, message["thread_ts"])
    files, unsupported = _files(message)

    def complete(agent: Agent, people: People) -> WorkspaceEvent:
        names = named(people)
        said = _read(message, names, here)
        earlier = _read(before, names, here) if before else None
        if earlier and earlier == said and same(earlier.text, said.text):
            return Ignored("message_changed", routine=True)
        return Retyped(agent, place, thread, said.text, said.mentions, unsupported, files)

    return Draft(message["user"], people_in(message) | people_in(before), complete)


def _changed(message: Json, before: Json, channel: str, here: Whereabouts) -> WorkspaceEvent | Draft:
    """Slack also says `changed` of link previews, reply counts and languages: only new words by a person count."""
    if message.get("subtype") == "tombstone":  # a deleted root that has replies
        return Erased(place_of(channel, message["ts"]))
    if not message.get("edited") or not _is_reply(message, here):
        return Ignored("message_changed", routine=True)
    return retyped(message, before, channel, here)


def found_in_thread(message: Json, channel: str, here: Whereabouts) -> list[WorkspaceEvent | Draft]:
    """What a message that is read in its thread tells: that it was written, or changed; or that it is gone."""
    if message.get("subtype") == "tombstone":
        return [Erased(place_of(channel, message["ts"]))]
    if (message.get("subtype") or "") not in SPOKEN or not _is_reply(message, here):
        return []
    if not message.get("edited"):
        return [typed(message, channel, here)]
    # Its last words are also its first, if nothing was heard of it. That it has a file, only the first can tell.
    changed = retyped(message, {}, channel, here)
    return [typed(message, channel, here), changed] if message.get("files") else [changed]


def _files(message: Json) -> tuple[tuple[File, ...], str]:
    """What came along; and why something of it cannot be carried, as a sentence."""
    given = message.get("files") or []
    found = [file_of(each) for each in given] if isinstance(given, list) else []
    if isinstance(given, list) and (found or message.get("subtype") != "file_share"):
        return tuple(it for it in found if isinstance(it, File)), next((it for it in found if isinstance(it, str)), "")
    return (), UNNAMED


def file_of(given: Any) -> File | str:
    """What Slack says of a file; or why it cannot be carried, as a sentence."""
    about: Json = given if isinstance(given, Mapping) else {}
    named, mode = about.get("id"), about.get("mode")
    if not isinstance(named, str) or not named:
        return UNNAMED
    if mode == "external" or about.get("is_external"):
        return t("One of the files is only a link to another service. Send the link as text.")
    if isinstance(mode, str) and mode in UNCARRIED:
        return UNCARRIED[mode]
    mime, name, size = about.get("mimetype"), about.get("name"), about.get("size")
    mime = storable(mime) if isinstance(mime, str) and mime else UNKNOWN
    whole = size if isinstance(size, int) and size > 0 else 0
    return File(kind_of_file(mime), storable(name) if isinstance(name, str) else "", mime, whole, storable(named))


def _is_reply(message: Json, here: Whereabouts) -> bool:
    """Whether a person wrote it, in a thread."""
    person = message.get("user") not in (None, here.user, "USLACKBOT") and not message.get("bot_id")
    return bool(person and message.get("thread_ts") and message["thread_ts"] != message["ts"])


def _read(message: Json, names: Names, here: Whereabouts) -> Reading:
    """The text; words to the bot itself (`@Handoff handback`) become a verb (`!handback`)."""
    said = read(message, names)
    if f"<@{here.user}" not in (message.get("text") or ""):
        return said
    me = f"@{names.get(here.user, here.user)}"
    if not said.text.startswith(me):
        return said
    verb = said.text[len(me) :].lstrip(" \n:,!") or "help"
    return Reading("!" + verb, tuple(name for name in said.mentions if name != me))


def named(people: People) -> Names:
    """How they are called."""
    return {who: person.name for who, person in people.items()}


def place_of(channel: Any, ts: Any) -> Place:
    """A message's place. Raises TypeError for what is none."""
    if not isinstance(channel, str) or not isinstance(ts, str):
        raise TypeError("a message's place is two strings")
    return Place(channel, storable(ts))


def kind_of(body: Json) -> str:
    """What Slack calls it."""
    event = body.get("event")
    kind = event.get("type") if isinstance(event, Mapping) else None
    return str(kind or body.get("type") or ("command" if "command" in body else "unknown"))
