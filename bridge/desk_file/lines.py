"""Says where something in bridge.toml is wrong."""

import re
from dataclasses import dataclass, replace

from bridge.errors import WrongSetting
from bridge.texts import key_of

_HEAD = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_ROUTES = re.compile(r"\s*\[\[\s*routes\s*\]\]")


@dataclass(frozen=True, slots=True)
class Here:
    """A file, to say where something in it is wrong."""

    file: str
    source: str
    begin: int = 1  # the lines in which to look
    end: int | None = None

    def route(self, number: int) -> "Here":
        """The part of the file with one of the `[[routes]]`, counted from 0."""
        heads = [at for at, line in self._lines() if _ROUTES.match(line)]
        return self._from(heads[number]) if number < len(heads) else self  # else they are written in another way

    def table(self, name: str) -> "Here":
        """The part of the file with the table `[name]`."""
        heads = ((at, _HEAD.match(line)) for at, line in self._lines())
        found = next((at for at, head in heads if head and key_of(head[1]) == key_of(name)), None)
        return self._from(found) if found else self

    def wrong(self, key: str, what: str) -> WrongSetting:
        """The error, at the line where the key stands."""
        pattern = re.compile(rf"^\s*\[?\[?\s*(\w+\.)*[\"']?{re.escape(key)}[\"']?\s*[\]=.]")
        lines = self._lines()[self.begin - 1 : self.end and self.end - 1]
        found = next((at for at, line in lines if pattern.match(line)), self.begin)
        return WrongSetting(f"{self.file} line {found}: {what}" + ("" if what.endswith("?") else "."))

    def _from(self, begin: int) -> "Here":
        end = next((at for at, line in self._lines()[begin:] if line.startswith("[")), None)
        return replace(self, begin=begin, end=end)

    def _lines(self) -> list[tuple[int, str]]:
        return list(enumerate(self.source.splitlines(), 1))
