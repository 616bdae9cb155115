"""What people have before their eyes, entry by entry: cards, lines in threads, texts on phones, open questions."""

from dataclasses import dataclass, field

from bridge.sandbox.world import Entry
from chaos import reading
from chaos.reading import Card


@dataclass(frozen=True, slots=True)
class Question:
    """A post that asks whether a text arrived."""

    channel: str
    ts: str
    about: str  # the text's id


@dataclass(slots=True)
class Board:
    """All of it, as it is now."""

    cards: dict[str, dict[int, Card]] = field(default_factory=dict[str, dict[int, Card]])  # by customer and number
    places: dict[int, str] = field(default_factory=dict[int, str])  # channel and ts of a card, by number
    lines: set[str] = field(default_factory=set[str])  # ids that stand in threads
    doubted: set[str] = field(default_factory=set[str])  # ids that a thread warns of
    heard: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])  # speaker and id, on phones
    questions: dict[str, dict[str, Question]] = field(default_factory=dict[str, dict[str, Question]])  # by thread

    def look(self, entry: Entry) -> None:
        """Take in one entry of the history."""
        if text := reading.sent(entry):
            self.heard.add((text.speaker, text.id))
        elif reading.is_post(entry):
            self.lines.update(reading.lines(entry))
            self.doubted.update(text.id for text in reading.doubts(entry))
            if card := reading.card(entry):
                self.cards.setdefault(card.customer, {})[card.number] = card
                self.places.setdefault(card.number, f"{entry.chat}:{entry.id}")
            elif reading.is_reply(entry) and entry.thread and entry.id:
                self._ask(entry, entry.thread, entry.id)

    def newest(self, customer: str) -> Card | None:
        """The customer's newest card."""
        cards = self.cards.get(customer)
        return cards[max(cards)] if cards else None

    def _ask(self, entry: Entry, thread: str, ts: str) -> None:
        asked = self.questions.setdefault(thread, {})
        if "resend" not in reading.buttons(entry):
            asked.pop(ts, None)  # it was answered
        elif about := reading.notice(entry):
            asked[ts] = Question(entry.chat or "", ts, about.id)
