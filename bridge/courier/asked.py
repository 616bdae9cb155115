"""What somebody asked for and looks at a window for: nobody does so for long."""

from datetime import timedelta

from bridge.session import Session
from bridge.store import outbox
from bridge.store.lanes import Lane
from bridge.store.outbox import Letter

WORTH_WAITING = timedelta(minutes=1)


def asked_lately(session: Session, lane: Lane) -> tuple[list[Letter], int]:
    """The next of it, if there is one, and how many were dropped that came too late."""
    letters = outbox.letters(session.tx, lane.name)
    late = [letter for letter in letters if session.now - letter.at > WORTH_WAITING]
    return [letter for letter in letters if letter not in late][:1], outbox.drop(session.tx, [it.id for it in late])
