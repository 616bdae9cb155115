"""What was answered, and everything that should not have been."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from json import loads
from pathlib import Path

from chaos.fuzz.garbage import JUNK, MEBIBYTE, WORDS
from chaos.fuzz.wire import Answer

LONGEST_REFUSAL = 200  # bytes
UNREADABLE = "slack_event_unreadable"  # said where Slack itself signed nonsense
MOST_WORDINGS = 8  # of refusals at one endpoint


@dataclass(slots=True)
class Report:
    """The answers of one run, by where they came from."""

    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[str] = field(default_factory=list[str])
    _read: int = 0  # bytes of the log
    _wordings: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    @property
    def requests(self) -> int:
        """How many there were."""
        return sum(counts.total() for counts in self.statuses.values())

    def take(self, what: str, sent: bytes, answer: Answer | None, *, may: bool, must: bool) -> None:
        """Look at one answer. `may`: the caller may have got what they wanted. `must`: there has to be an answer."""
        self.statuses[what.partition(" #")[0]][answer.status if answer else 0] += 1
        if answer is None:
            if must and len(sent) < MEBIBYTE // 2:  # of a large body, the answer may be lost with the connection
                self.wrong.append(f"{what}: no answer")
        elif answer.status >= 500:
            self.wrong.append(f"{what}: {answer.status}")
        elif answer.status < 300 and not may:
            self.wrong.append(f"{what}: a stranger got {answer.status}")
        elif answer.status >= 400:
            self._refused(what, answer)

    def read_log(self, log: Path, *silent: str) -> None:
        """Look in what is new there for bugs, and for what nobody may read there."""
        with log.open("rb") as lines:
            lines.seek(self._read)
            for line in lines:
                event = _event(line)
                if (
                    event is None
                    or "exception" in event
                    or (event["level"] == "error" and event["event"] != UNREADABLE)
                ):
                    self.wrong.append(f"the log: {line[:300].decode(errors='replace')}")
                elif any(word.encode() in line for word in silent):
                    self.wrong.append(f"the log repeats what was sent: {event['event']}")
            self._read = lines.tell()

    def table(self) -> str:
        """For people."""
        lines = [
            f"{what:<24}" + "  ".join(f"{status or 'closed'}: {count}" for status, count in sorted(counts.items()))
            for what, counts in self.statuses.items()
        ]
        return "\n".join([*lines, *self.wrong])

    def _refused(self, what: str, answer: Answer) -> None:
        repeats = WORDS.encode() in answer.body or JUNK.encode() in answer.body
        if repeats or len(answer.body) > LONGEST_REFUSAL:
            self.wrong.append(f"{what}: an answer that repeats or is long")
        wordings = self._wordings[what.partition(" #")[0]]
        if answer.body not in wordings and len(wordings) == MOST_WORDINGS:
            self.wrong.append(f"{what}: one more wording: {answer.body[:LONGEST_REFUSAL]}")
        wordings.add(answer.body)


def _event(line: bytes) -> dict[str, str] | None:
    """One line of the log; None when it is none of ours."""
    try:
        event = loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and {"event", "level"} <= event.keys() else None
