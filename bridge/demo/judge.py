"""Compares what was said with what the far ends saw: everything once, in order, on the right channel."""

from dataclasses import dataclass, field

from bridge.demo.customers import Customer
from bridge.demo.reading import doubted, lines, plain, same
from bridge.demo.script import Played, Script
from bridge.sandbox.world import Entry, World

TEXTS = ("A person from our team will join you", "You are now talking to", "Our assistant is back")


@dataclass(slots=True)
class Verdict:
    """How one conversation came through."""

    trigger: str
    turns: int = 0
    delivered: int = 0
    flagged: int = 0
    times: list[float] = field(default_factory=list[float])
    differences: list[str] = field(default_factory=list[str])


def judge(script: Script, customer: Customer, played: Played, world: World) -> Verdict:
    """Look at one conversation's far ends."""
    verdict = Verdict(played.trigger or "none", turns=len(played.said) + len(played.replied), times=played.times)
    case = _Case(script, customer, played, verdict)
    if played.trouble:
        case.differs(played.trouble)
    if played.card is None:
        case.differs("no card was posted")
        return verdict
    thread = thread_of(world, played.card)
    reason = _reason(played.card)
    verdict.trigger = played.trigger if played.trigger and reason == "asked for a person" else reason
    case.customers_lines(thread)
    case.replies(thread)
    case.texts(thread)
    case.summary(thread)
    return verdict


def thread_of(world: World, card: Entry) -> list[Entry]:
    """Everything the bridge posted in a thread, and the card."""
    return [
        entry
        for entry in world.history
        if entry.platform == "slack"
        and entry.direction == "out"
        and entry.kind.startswith("chat.post")
        and card.id in (entry.thread, entry.id)
    ]


def _reason(card: Entry) -> str:
    lines = (card.text or "").splitlines()
    why = next((line.removeprefix("Why: ") for line in lines if line.startswith("Why: ")), "unknown")
    return why.rstrip(".").partition("“")[0].strip().lower()


@dataclass(slots=True)
class _Case:
    script: Script
    customer: Customer
    played: Played
    verdict: Verdict

    def differs(self, what: str) -> None:
        self.verdict.differences.append(f"{self.script.customer} on {self.script.channel}: {what}")

    def customers_lines(self, thread: list[Entry]) -> None:
        """Every turn of the customer stands in the thread once, in order."""
        name = self.script.customer.capitalize()
        shown = [text for entry in thread for speaker, text in lines(entry) if speaker.startswith(name)]
        if [plain(text) for text in shown] == [plain(text) for text in self.played.said]:
            self.verdict.delivered += len(shown)
        else:
            self.differs(_first_difference("the thread shows", self.played.said, shown))

    def replies(self, thread: list[Entry]) -> None:
        """Every turn of the agent reached the customer once, in order."""
        heard = [text for text in self.customer.heard if any(same(text, reply) for reply in self.played.replied)]
        if [plain(text) for text in heard] == [plain(text) for text in self.played.replied]:
            self.verdict.delivered += len(heard)
        else:
            self.differs(_first_difference("the customer heard", self.played.replied, heard))

    def texts(self, thread: list[Entry]) -> None:
        """Each of the desk's texts and each answer of the bot arrived once, or the thread says that it may not have."""
        for text in TEXTS:
            count = sum(text in heard for heard in self.customer.heard)
            if count == 0 and doubted(text, thread):
                self.verdict.flagged += 1
            elif count != 1:
                self.differs(f"“{text}” arrived {count} times")
        for entry in thread:
            for speaker, said in lines(entry):
                if speaker.startswith("🤖") and not any(same(said, heard) for heard in self.customer.heard):
                    if doubted(said, thread):
                        self.verdict.flagged += 1
                    else:
                        self.differs(f"the bot's answer did not arrive: {said[:60]}")

    def summary(self, thread: list[Entry]) -> None:
        if "Wants" not in (thread[0].text or ""):
            self.differs("no summary on the card")


def _first_difference(what: str, said: list[str], seen: list[str]) -> str:
    for number, text in enumerate(said):
        if number >= len(seen):
            return f"{what} {len(seen)} of {len(said)}; missing: {text[:60]!r}"
        if not same(text, seen[number]):
            return f"{what} {seen[number][:60]!r} instead of {text[:60]!r} at {number}"
    return f"{what} {len(seen)} instead of {len(said)}; too many: {seen[len(said)][:60]!r}"
