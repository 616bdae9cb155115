"""Texts that a platform has approved beforehand, for customers who cannot be answered freely just now. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

_BLANK = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One text in one language, with blanks such as {{1}} or {{name}}."""

    name: str
    language: str
    body: str

    @property
    def id(self) -> str:
        """By which it is known in a menu, which takes no long ones."""
        return sha256(f"{self.name}\n{self.language}".encode()).hexdigest()[:16]

    @property
    def blanks(self) -> tuple[str, ...]:
        """What has to be filled in: by number where they have numbers, else as they stand in the text."""
        found = dict.fromkeys(_BLANK.findall(self.body))
        return tuple(sorted(found, key=int) if all(map(str.isdecimal, found)) else found)

    def filled(self, values: Mapping[str, str]) -> str:
        """What the customer reads."""
        return _BLANK.sub(lambda blank: values.get(blank[1], blank[0]), self.body)


@dataclass(frozen=True, slots=True)
class Filled:
    """Which template goes out, and what is filled in, in the order of its blanks."""

    name: str
    language: str
    values: tuple[tuple[str, str], ...] = ()


def filled_from(kept: Mapping[str, object]) -> Filled:
    """The same that was kept as JSON."""
    values = kept["values"]
    assert isinstance(values, list)
    return Filled(str(kept["name"]), str(kept["language"]), tuple((str(name), str(value)) for name, value in values))
