"""All of it as JSON, and the files in docs/gallery. Knows no browser."""

import json
from collections.abc import Mapping
from pathlib import Path

from .cards import CARDS
from .direct import DIRECT
from .private import PRIVATE
from .state import Json, State
from .threads import THREADS
from .windows import BOARDS, HOMES, WINDOWS

FOLDER = Path(__file__).parent.parent / "docs" / "gallery"
STATES: tuple[State, ...] = (*CARDS, *THREADS, *PRIVATE, *DIRECT, *WINDOWS, *HOMES, *BOARDS)
COMMAND = "./run gallery"


def as_text(shown: Json) -> str:
    """JSON to review: as people read it, but what nobody can see is spelled out."""
    whole = json.dumps(shown, indent=1, ensure_ascii=False)
    return "".join(sign if sign.isprintable() or sign == "\n" else _spelled(sign) for sign in whole) + "\n"


def _spelled(sign: str) -> str:
    return json.dumps(sign)[1:-1]


def everything(language: str = "en") -> dict[str, str]:
    """The content of every file, by its name."""
    return {f"{state.name}.json": as_text(state.make(language)) for state in STATES}


def stored(folder: Path = FOLDER) -> dict[str, str]:
    """What lies there."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*-*.json"))}


def write(made: Mapping[str, str], folder: Path = FOLDER) -> list[str]:
    """Put the files there; the names of those that have changed."""
    before = stored(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in before.keys() - made.keys():
        (folder / name).unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(name for name in before.keys() | made.keys() if before.get(name) != made.get(name))
