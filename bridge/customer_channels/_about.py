"""What customers send that is neither text nor a file, and where their words come from, as lines for agents. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from bridge.i18n import t
from bridge.language.words import cut
from bridge.ports import Corrected, Said

LONGEST, MOST = 200, 30  # characters of a line, lines: platforms allow no more, whoever signs for them might
MAP = "https://www.google.com/maps/search/?api=1&query={latitude},{longitude}"


def corrected(said: Said) -> Corrected:
    """A message as it is after it was changed; what cannot be shown of it is named, so that it is never blank."""
    about = (*said.about, unsupported(said.unsupported)) if said.unsupported else said.about
    return Corrected(said.chat, said.id, said.text, about, said.files)


def unsupported(what: str) -> str:
    """A word about what came along and cannot be shown."""
    return t("[unsupported: {what}]", what=what)


def place(content: Mapping[str, Any], *details: object) -> tuple[str, ...]:
    """Where it is, its name and address, and a way to see it; nothing where there is no such place."""
    latitude, longitude = content.get("latitude"), content.get("longitude")
    if not _degrees(latitude, 90) or not _degrees(longitude, 180):
        return ()
    where = {"latitude": f"{latitude:.5f}", "longitude": f"{longitude:.5f}"}
    named = ", ".join(shown for detail in details if (shown := line(detail)))
    here = "{latitude}, {longitude}".format(**where)
    return (t("Location: {place}", place=f"{named} ({here})" if named else here), MAP.format(**where))


def person(name: object, numbers: Iterable[object] = ()) -> str:
    """A contact: whose, and how they are reached."""
    known = [shown for each in (name, *numbers) if (shown := line(each))]
    return t("Contact: {person}", person=", ".join(known[:10])) if known else ""


def line(value: object) -> str:
    """A value from outside in one line, not too long; blank when it is no text."""
    return cut(" ".join(value.split()), LONGEST) if isinstance(value, str) else ""


def listed(values: object) -> list[str]:
    """Lines of a list."""
    lines = [line(value) for value in values] if isinstance(values, list) else []
    return [f"- {shown}" for shown in lines if shown][:MOST]


def _degrees(value: object, most: int) -> bool:
    return type(value) in (int, float) and -most <= value <= most  # type: ignore[operator]
