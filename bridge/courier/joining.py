"""Short replies that wait because a chat takes only so many messages in a while go as one. Each keeps its own fate.

Only where nothing can be changed or deleted afterwards, so that nobody misses that they were several.
"""

from collections.abc import Sequence
from dataclasses import replace

from bridge.content import units
from bridge.marks import joined, unpacked
from bridge.session import Session
from bridge.store import outbox
from bridge.store.lanes import Lane
from bridge.store.moments import micros
from bridge.store.outbox import Letter


def together(session: Session, lane: Lane, letters: Sequence[Letter]) -> list[Letter]:
    """The first of these, and those that go with it. Of what is in doubt, those that went with it."""
    first, *later = letters
    if first.in_doubt:
        return outbox.sharing(session.tx, first)
    limit = session.house.doorway(lane.way).limit
    group = [first]
    if limit.joins and lane.room is not None and _may_share(session, first):
        length = units(text_of([first]))
        for letter in later:
            if not _may_share(session, letter) or not _alike(first, letter):
                break
            length += 1 + units(text_of([letter]))
            if length > limit.length:
                break
            group.append(letter)
        if len(group) - 1 <= lane.room:  # they need not wait
            group = [first]
    return [_noted(session, it, first.key if len(group) > 1 else "") for it in group]


def text_of(letters: Sequence[Letter]) -> str:
    """What they say, below each other."""
    return joined([unpacked(it.payload["text"]) for it in letters], "\n")


def _may_share(session: Session, letter: Letter) -> bool:
    """Whether it is an agent's whole message, of words alone, and nobody can recall it any more."""
    told = letter.payload
    whole = letter.kind == "part" and told["author"] == "agent" and told.get("alone") and not letter.in_doubt
    words = not (told.get("choices") or told.get("file") or told.get("template") or told.get("doubted"))
    return bool(whole and words) and told.get("until", 0) <= micros(session.now)


def _alike(first: Letter, letter: Letter) -> bool:
    """Whether the same agent wrote it, and what holds for recalling the first holds for it."""
    same_rule = ("until" in letter.payload) == ("until" in first.payload)
    return same_rule and letter.payload["name"] == first.payload["name"]


def _noted(session: Session, letter: Letter, under: str) -> Letter:
    """Under whose key it goes is written down before it does: what comes of that message comes of each."""
    if letter.payload.get("under", "") == under:
        return letter
    payload = {name: value for name, value in letter.payload.items() if name != "under"}
    payload |= {"under": under} if under else {}
    outbox.set_payload(session.tx, letter.id, payload)
    return replace(letter, payload=payload)
