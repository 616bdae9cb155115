"""How one message is cut into what goes to a customer one after the other. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bridge.content import split, units
from bridge.files import FileKind
from bridge.ports import Limit

SOUNDS = ("voice", "audio")  # not everywhere have they a caption


@dataclass(frozen=True, slots=True)
class Came:
    """A file of the message."""

    id: int
    kind: FileKind


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the platform gets at once: words, or files, or files with words as their caption."""

    text: str = ""
    files: tuple[int, ...] = ()


def parcels(text: str, came: Sequence[Came], limit: Limit) -> list[Parcel]:
    """The text first, then the files; but where those go as one, they have it as their caption, if it fits."""
    text, runs = text.strip(), together(came, limit)
    sounds = any(file.kind in SOUNDS for file in came)
    if len(runs) == 1 and not sounds and 0 < units(text) <= limit.caption:
        return [Parcel(text, runs[0])]
    return [*(Parcel(piece) for piece in split(text, limit.length)), *(Parcel("", run) for run in runs)]


def together(came: Sequence[Came], limit: Limit) -> list[tuple[int, ...]]:
    """The files in their order, those in a row as one that the platform shows as one."""
    runs: list[tuple[int, ...]] = []
    for kinds, some in groupby(came, lambda file: next((it for it in limit.together if file.kind in it), ())):
        ids, most = tuple(file.id for file in some), limit.album if kinds else 1
        runs += [ids[first : first + most] for first in range(0, len(ids), most)]
    return runs
