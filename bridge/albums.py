"""An album: several files of one message, which a platform tells one by one, and never which of them is the last.

Its parts wait in a lane of their own, stored like everything else, and become one message when nothing more has come
for a moment, or as soon as anything else happens in that chat. A part that comes still later is a message of its own.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from bridge.i18n import packed, unpacked
from bridge.ports import File, Said
from bridge.session import Session
from bridge.store import lanes, outbox
from bridge.store.outbox import Letter
from bridge.store.tx import Tx

QUIET = timedelta(seconds=1)  # Telegram gives out the parts of an album within it (platform facts, 2.2)


def gather(session: Session, conversation: int, said: Said) -> None:
    """One more part, until there is quiet."""
    due = session.now + QUIET
    outbox.put(
        session.tx, _lane(conversation), "part", packed(asdict(said)), session.house.new_key(), session.now, due=due
    )


def until(last: Letter, now: datetime) -> datetime | None:
    """How long to wait for more. None: it is quiet; or the clock was set back, and nobody waits for that."""
    return last.at + QUIET if timedelta() <= now - last.at < QUIET else None


def overdue(last: Letter, now: datetime) -> bool:
    """Whether nobody looked when there was quiet: the bridge was down, and the rest is still with the platform."""
    return now - last.at > 2 * QUIET and last.state == "pending"


def ended(tx: Tx, conversation: int) -> Said | None:
    """What was gathered by now, as one message; nothing of it waits any more. None: nothing was."""
    return one(outbox.clear(tx, _lane(conversation))) if lanes.is_there(tx, _lane(conversation)) else None


def goes_with(tx: Tx, conversation: int, said: Said) -> bool:
    """Whether it belongs to what is being gathered. Words of its own make it a message of its own."""
    parts = [_said(letter) for letter in outbox.letters(tx, _lane(conversation))]
    return all(part.album == said.album and not (part.text and said.text) for part in parts)


def one(letters: Sequence[Letter]) -> Said | None:
    """Several parts as one message. It goes by the id of the part that has the words, if there are any."""
    parts = [_said(letter) for letter in letters]
    if not parts:
        return None
    worded = next((part for part in parts if part.text), parts[0])
    files = [(file, part.id) for part in parts for file in part.files]
    return replace(
        worded,
        at=parts[0].at,
        about=tuple(dict.fromkeys(line for part in parts for line in part.about)),
        files=tuple(file for file, _ in files),
        brought=tuple(named for _, named in files),
        album="",
    )


def _lane(conversation: int) -> str:
    return f"album:{conversation}"


def _said(letter: Letter) -> Said:
    told: dict[str, Any] = unpacked(letter.payload)
    told["at"] = datetime.fromisoformat(told["at"])
    told["files"] = tuple(File(**file) for file in told["files"])
    told["about"], told["brought"] = tuple(told["about"]), tuple(told["brought"])
    return Said(**told)
