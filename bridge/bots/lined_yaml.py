"""YAML whose every value knows its line, so that a mistake in a file can be named to the line."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml

from bridge.errors import WrongSetting


@dataclass(frozen=True, slots=True)
class Lined:
    """A value in a YAML file."""

    file: str
    node: yaml.Node

    @property
    def line(self) -> int:
        """Where the value begins, counted from 1."""
        return self.node.start_mark.line + 1

    @property
    def is_text(self) -> bool:
        """Whether it is one word or text."""
        return isinstance(self.node, yaml.ScalarNode)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def text(self) -> str:
        """The text as it is written: `yes` and `12` are texts too."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.refuse("a text is expected here")
        return str(self.node.value).strip()

    def flag(self) -> bool:
        """True or false."""
        said = self.text().lower()
        if said not in ("yes", "true", "no", "false"):
            self.refuse(f"yes or no is expected here, not {said!r}")
        return said in ("yes", "true")

    def items(self) -> list["Lined"]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse("a list is expected here")
        return [Lined(self.file, node) for node in self.node.value]

    def table(self, known: Collection[str] = ()) -> dict[str, "Lined"]:
        """Keys and values; a key that is there twice, or not among the known ones, is refused."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse("keys with values are expected here")
        found: dict[str, Lined] = {}
        for key_node, node in self.node.value:
            spot = Lined(self.file, key_node)
            key = spot.text()
            if key in found:
                spot.refuse(f"{key!r} is here twice")
            if known and key not in known:
                spot.refuse(f"{key!r} is not known{near(key, known)}")
            found[key] = Lined(self.file, node)
        return found

    def refuse(self, why: str) -> NoReturn:
        """Say what is wrong here."""
        raise WrongSetting(f"{self.file} line {self.line}: {why}" + ("" if why.endswith("?") else "."))


def read(path: Path) -> Lined:
    """Read a file. Nothing in it is ever executed or built: only texts, lists and tables."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise WrongSetting(f"{path.name} line {line}: this is not YAML: {error.problem}.") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise WrongSetting(f"{path.name}: this is not YAML: {type(error).__name__}.") from None
    except OSError as error:
        raise WrongSetting(f"{path.name} cannot be read: {error.strerror}.") from None
    if node is None:
        raise WrongSetting(f"{path.name} line 1: the file is empty.")
    return Lined(path.name, node)


def near(name: str, known: Collection[str]) -> str:
    """`; did you mean ...?` or what there is."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(sorted(known))}"
