"""The business account's message templates: what Meta has approved of them, and how one is sent.

Only those that are text are of use here: a header with a picture, or a link with a blank, would have to be filled in,
too.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession

from bridge.customer_channels._http import ask
from bridge.customer_channels.whatsapp.errors import refusal
from bridge.errors import TryLater
from bridge.ports import Clock
from bridge.templates import Filled, Template

Json = dict[str, Any]
GOOD_FOR = timedelta(minutes=10)
PAGE, MOST_PAGES = 100, 20


class Templates:
    """What an account has, as it was told in the last ten minutes."""

    def __init__(self, session: ClientSession, url: str, headers: Mapping[str, str], clock: Clock) -> None:
        self._session, self._url, self._headers, self._clock = session, url, headers, clock
        self._known: tuple[Template, ...] = ()
        self._asked: datetime | None = None

    async def all(self) -> tuple[Template, ...]:
        """The approved ones, by name. Raises a DeliveryError."""
        now = self._clock()
        if self._asked is None or not timedelta() <= now - self._asked < GOOD_FOR:
            self._known, self._asked = tuple(sorted(await self._ask(), key=lambda it: (it.name, it.language))), now
        return self._known

    def forget(self) -> None:
        """They have changed."""
        self._asked = None

    async def _ask(self) -> list[Template]:
        found, query = list[Template](), f"status=APPROVED&limit={PAGE}&fields=name,language,status,components"
        after = ""
        for _ in range(MOST_PAGES):
            reply = await ask(self._session, "GET", f"{self._url}?{query}{after}", None, self._headers)
            if reply.status != 200:
                raise refusal(reply)
            match reply.json():
                case {"data": list(page), "paging": {"next": str(), "cursors": {"after": str(cursor)}}}:
                    found += _read(page)
                    after = f"&after={quote(cursor, safe='')}"
                case {"data": list(page)}:
                    return found + _read(page)
                case _:
                    raise TryLater("WhatsApp's answer cannot be read.")
        return found


def _read(page: list[Any]) -> list[Template]:
    return [it for raw in page if (it := _template(raw))]


def _template(raw: Any) -> Template | None:
    """None: it is not approved, or is more than text."""
    match raw:
        case {"name": str(name), "language": str(language), "status": "APPROVED", "components": list(parts)}:
            bodies = [part["text"] for part in parts if _is(part, "BODY") and isinstance(part.get("text"), str)]
            plain = all(_is(part, "BODY") or _is_finished(part) for part in parts)
            return Template(name, language, bodies[0]) if plain and len(bodies) == 1 else None
        case _:
            return None


def _is(part: Any, kind: str) -> bool:
    return isinstance(part, dict) and part.get("type") == kind


def _is_finished(part: Any) -> bool:
    """Whether nothing has to be filled into it."""
    match part:
        case {"type": "HEADER", "format": "TEXT", "text": str(text)}:
            return "{{" not in text
        case {"type": "FOOTER"}:
            return True
        case {"type": "BUTTONS", "buttons": list(buttons)}:
            return all(_is_static(button) for button in buttons)
        case _:
            return False


def _is_static(button: Any) -> bool:
    match button:
        case {"type": "QUICK_REPLY" | "PHONE_NUMBER"}:
            return True
        case {"type": "URL", "url": str(url)}:
            return "{{" not in url
        case _:
            return False


def content(filled: Filled) -> Json:
    """The part of a message that says which, and what is filled in."""
    parameters = [
        {"type": "text", "text": value} | ({} if name.isdecimal() else {"parameter_name": name})
        for name, value in filled.values
    ]
    body = [{"type": "body", "parameters": parameters}] if parameters else []
    template: Json = {"name": filled.name, "language": {"code": filled.language}, "components": body}
    return {"type": "template", "template": template}
