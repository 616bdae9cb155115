"""Which change of a message is the latest one: Slack keeps no order, and an old change must not undo a new one."""

from bridge.ports import Place

MOST = 10_000  # messages of which it is remembered; Slack repeats a change within minutes
NOW = "~"  # after every timestamp: what is read in a thread is its present state

Moment = tuple[str, str]  # in whole seconds, as Slack counts changes; and that of the event


class Changes:
    """The latest change heard of each message."""

    def __init__(self) -> None:
        self._latest: dict[Place, Moment] = {}

    def is_old(self, place: Place, changed: Moment) -> bool:
        """Whether a later change of this message came before."""
        latest = self._latest.pop(place, ("", ""))
        if len(self._latest) >= MOST:
            del self._latest[next(iter(self._latest))]
        self._latest[place] = max(latest, changed)
        return changed < latest
