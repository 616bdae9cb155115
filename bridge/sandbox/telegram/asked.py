"""What a Bot API call asks: its parameters, however they came, and the refusal that answers a bad one."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bridge.sandbox.attachments import Attachment

LONGEST_ID = 18  # digits


class Refused(Exception):
    """The Bot API says no."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


def bad_request(why: str) -> Refused:
    """The commonest refusal."""
    return Refused(400, f"Bad Request: {why}")


@dataclass(slots=True)
class Asked:
    """One call's parameters."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    files: dict[str, Attachment] = field(default_factory=dict[str, Attachment])

    @classmethod
    async def read(cls, request: web.Request) -> "Asked":
        """From the query, a form, a multipart form or a JSON body."""
        asked = cls(dict(request.query))
        if request.content_type == "application/json":
            try:
                body = await request.json() if request.can_read_body else {}
            except ValueError:
                raise bad_request("can't parse request: can't parse JSON object") from None
            if not isinstance(body, dict):
                raise bad_request("can't parse request: can't parse JSON object")
            asked.values.update(body)
            return asked
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                asked.files[name] = Attachment(value.filename, value.content_type, value.file.read())
            else:
                asked.values[name] = value
        return asked

    def text(self, name: str) -> str:
        """A string; empty when absent."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A number, also from a string of digits."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            raise bad_request(f"can't parse {name.replace('_', ' ')} as a Number") from None

    def flag(self, name: str) -> bool:
        """True, "true", "yes" or 1."""
        return str(self.values.get(name, "")).lower() in ("true", "yes", "1")

    def json(self, name: str, kind: type) -> Any:
        """A nested value: given as such, or as a JSON string; None when absent."""
        value = self.values.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                value = json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
        if value is not None and not isinstance(value, kind):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value

    def listed(self, name: str, kind: type) -> list[Any] | None:
        """A list whose items are all of one kind; None when absent."""
        items: list[Any] | None = self.json(name, list)
        if items is not None and not all(isinstance(item, kind) for item in items):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: expected an Array of {kind.__name__}")
        return items


def as_id(text: str) -> int:
    """An id written in digits; -1, which nothing has, for anything else."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_ID else -1
