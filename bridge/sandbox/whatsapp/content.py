"""What the business may send: each message type's shape, checked as the Cloud API checks it (platform facts 3.4)."""

from collections.abc import Callable
from typing import Any

from bridge.sandbox.whatsapp.errors import Refused, invalid

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_INTERACTIVE_BODY = 1024
LONGEST_HEADER = 60
MOST_BUTTONS, LONGEST_BUTTON, LONGEST_BUTTON_ID = 3, 20, 256
MOST_ROWS, LONGEST_ROW, LONGEST_ROW_ID, LONGEST_ROW_DESCRIPTION = 10, 24, 200, 72
MEDIA = ("image", "video", "audio", "document", "sticker")

MEGABYTE = 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
UPLOADS = (
    (("image/jpeg", "image/png"), 5 * MEGABYTE),
    (("image/webp",), 500 * 1024),
    (("video/mp4", "video/3gpp"), 16 * MEGABYTE),
    (("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"), 16 * MEGABYTE),
    (
        (
            *("text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel"),
            *("application/vnd.ms-powerpoint", f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"),
            f"{OFFICE}presentationml.presentation",
        ),
        100 * MEGABYTE,
    ),
)

Json = dict[str, Any]


def check_media(mime: str, data: bytes) -> None:
    """Refuse an upload that the Cloud API refuses."""
    largest = next((size for types, size in UPLOADS if mime in types), 0)
    if not largest:
        known = ", ".join(each for types, _ in UPLOADS for each in types)
        raise invalid(f"Param file must be a file with one of the following types: {known}. Received '{mime}'.")
    if not 0 < len(data) <= largest:
        raise Refused(400, 131052 if not data else 100, f"Param file: File size exceeds {largest} bytes")


def check(kind: str, body: Json, media: Callable[[str], bool], template: Callable[[Json], str]) -> str:
    """The words of a valid message of this type; refuses an invalid one. `media` tells whether a media id is known.

    `template` gives those of a template.
    """
    content = body.get(kind)
    if kind == "template" and isinstance(content, dict):
        return template(content)
    if kind in MEDIA and isinstance(content, dict):
        return _media(kind, content, media)
    if kind not in (known := [*CHECKS, *MEDIA, "template"]):
        raise invalid(f'Param type must be one of {{{", ".join(known).upper()}}} - got "{kind}".')
    if not isinstance(content, list if kind == "contacts" else dict):
        raise invalid(f"The parameter {kind} is required.")
    return CHECKS[kind](content)


def _text(content: Json) -> str:
    return _string(content, "text['body']", "body", LONGEST_TEXT)


def _media(kind: str, content: Json, known: Callable[[str], bool]) -> str:
    named, link = content.get("id"), content.get("link")
    if not named and not link:
        raise invalid(f"The parameter {kind}['id'] or {kind}['link'] is required.", 131008)
    if named and not known(str(named)):
        raise invalid(f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID")
    return _string(content, f"{kind}['caption']", "caption", LONGEST_CAPTION, needed=False)


def _reaction(content: Json) -> str:
    _string(content, "reaction['message_id']", "message_id", 1000)
    return str(content.get("emoji", ""))


def _interactive(content: Json) -> str:
    kind, action = content.get("type"), _part(content, "action")
    if kind not in ("button", "list", "cta_url"):
        raise invalid("Param interactive['type'] must be one of {BUTTON, CTA_URL, LIST}.")
    words = _string(_part(content, "body"), "interactive['body']['text']", "text", LONGEST_INTERACTIVE_BODY)
    for name in ("header", "footer"):
        _string(_part(content, name), f"interactive['{name}']['text']", "text", LONGEST_HEADER, needed=False)
    if kind == "button":
        _buttons(_parts(action, "buttons"))
    elif kind == "list":
        _rows([row for section in _parts(action, "sections") for row in _parts(section, "rows")])
    return words


def _buttons(buttons: list[Json]) -> None:
    if not 1 <= len(buttons) <= MOST_BUTTONS:
        raise invalid(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {MOST_BUTTONS}", 131009)
    replies = [_part(button, "reply") for button in buttons]
    for reply in replies:
        _string(reply, "Button title", "title", LONGEST_BUTTON, code=131009)
        _string(reply, "Button id", "id", LONGEST_BUTTON_ID, code=131009)
    if len({reply["id"] for reply in replies}) < len(replies):
        raise invalid("Duplicated button id", 131009)


def _rows(rows: list[Json]) -> None:
    if not 1 <= len(rows) <= MOST_ROWS:
        raise invalid(f"Total row count exceeds max allowed count: {MOST_ROWS}", 131009)
    for row in rows:
        _string(row, "Row title", "title", LONGEST_ROW, code=131009)
        _string(row, "Row id", "id", LONGEST_ROW_ID, code=131009)
        _string(row, "Row description", "description", LONGEST_ROW_DESCRIPTION, needed=False, code=131009)


def _location(content: Json) -> str:
    if "latitude" not in content or "longitude" not in content:
        raise invalid("The parameters location['latitude'] and location['longitude'] are required.", 131008)
    return str(content.get("name") or "")


def _contacts(content: list[Any]) -> str:
    return ", ".join(
        str(_part(one, "name").get("formatted_name", "")) for one in _parts({"contacts": content}, "contacts")
    )


def _part(content: Json, name: str) -> Json:
    """An object inside; empty when absent."""
    part = content.get(name)
    if part is not None and not isinstance(part, dict):
        raise invalid(f"Param {name} must be a JSON object.")
    return part or {}


def _parts(content: Json, name: str) -> list[Json]:
    """A list of objects inside; empty when absent."""
    parts = content.get(name)
    if parts is not None and not (isinstance(parts, list) and all(isinstance(part, dict) for part in parts)):
        raise invalid(f"Param {name} must be an array of JSON objects.")
    return parts or []


def _string(content: Json, called: str, name: str, longest: int, *, needed: bool = True, code: int = 100) -> str:
    value = content.get(name)
    if value is None or value == "":
        if needed:
            raise invalid(f"The parameter {called} is required.", 131008 if code == 131009 else code)
        return ""
    if not isinstance(value, str):
        raise invalid(f"Param {called} must be a string.")
    if len(value) > longest:
        raise invalid(f"Param {called} must be at most {longest} characters long.", code)
    return value


CHECKS: dict[str, Callable[[Any], str]] = {
    "text": _text,
    "reaction": _reaction,
    "interactive": _interactive,
    "location": _location,
    "contacts": _contacts,
}
