"""Pure: the card, the first message of a thread. It is always drawn whole, from the state."""

from collections.abc import Iterator
from dataclasses import replace

from bridge.ports import Card, Choice, Summary
from bridge.team_workspace.inert import (
    SHORT_TEXT,
    Block,
    Message,
    cut,
    escaped,
    moment,
    one_line,
    quote,
    rich,
    section,
    small,
    when,
    words,
)
from bridge.team_workspace.posts import buttons, channel_name

STATES = {
    "queued": "🟡 Waiting for a person",
    "claimed": "🟢 {owner} has this",
    "handed_back": "🤖 Back with the bot",
    "ended": "⚪ Ended",
}
CLAIM = Choice("claim", "Claim", "", "primary")
HAND_BACK = Choice("handback", "Hand back", "", "primary")
END = Choice("end", "End", "")
CHOICES = {"queued": (CLAIM, END), "claimed": (HAND_BACK, END)}
SURE: Block = {
    "title": {"type": "plain_text", "text": "End this conversation?"},
    "text": {"type": "plain_text", "text": "The customer is told that it has ended. When they write, the bot answers."},
    "confirm": {"type": "plain_text", "text": "End it"},
    "deny": {"type": "plain_text", "text": "Not yet"},
    "style": "danger",
}


def card(card: Card) -> Message:
    """Draw the card: who has it, whose it is, what it is about, why a person is wanted, what to press."""
    blocks = [
        rich(section(words(_state(card), "bold"), words(" · since "), moment(card.since), words("\n"), *_who(card))),
        *([rich(*_about(card.summary))] if card.summary else []),
        rich(*_why(card)),
        *([small(remarks)] if (remarks := " · ".join(_remarks(card))) else []),
        *_buttons(card),
    ]
    return Message(escaped(_spoken(card), SHORT_TEXT), blocks)


def _state(card: Card) -> str:
    owner = one_line(card.owner.name, 80) if card.owner else "Somebody"
    return STATES[card.state].format(owner=owner)


def _who(card: Card) -> Iterator[Block]:
    yield words(f"#{card.number} {_customer(card)}", "bold")
    yield words("".join(f" · {detail}" for detail in _details(card)))


def _customer(card: Card) -> str:
    return one_line(card.customer, 80) or "Customer"


def _details(card: Card) -> Iterator[str]:
    yield channel_name(card.channel)
    if card.summary:
        yield from (one_line(detail, 60) for detail in (card.summary.language, card.summary.mood) if detail)
    if card.stage:
        yield one_line(card.stage, 80)


def _about(summary: Summary) -> Iterator[Block]:
    lines = [words(one_line(summary.subject, 200), "bold")] if summary.subject else []
    for label, text in _points(summary):
        lines += [words("\n")] * bool(lines) + [words(f"{label}  ", "bold"), words(text)]
    if lines:
        yield section(*lines)
    if summary.last_words:
        yield quote(cut(summary.last_words, 700))


def _points(summary: Summary) -> Iterator[tuple[str, str]]:
    said = (("Asked", summary.asked), ("Tried", summary.tried), ("Wants", summary.wants))
    yield from ((label, one_line(text, 400)) for label, text in said if text.strip())
    if summary.facts:
        yield "Facts", cut(" · ".join(one_line(fact, 120) for fact in summary.facts[:20]), 600)


def _why(card: Card) -> Iterator[Block]:
    yield section(words("Why  ", "bold"), words(one_line(card.reason, 300)))
    repeated = card.summary and card.quote.strip() == card.summary.last_words.strip()
    if card.quote.strip() and not repeated:
        yield quote(cut(card.quote, 500))
    if card.note.strip():
        yield section(words("Note  ", "bold"), words(cut(card.note, 500)))


def _remarks(card: Card) -> Iterator[str]:
    if card.summary and card.summary.offline:
        yield "Summary made without AI"
    if card.earlier:
        yield "Earlier: " + ", ".join(f"#{number}" for number in card.earlier[-10:])


def _buttons(card: Card) -> list[Block]:
    blocks = buttons([replace(choice, value=str(card.number)) for choice in CHOICES.get(card.state, ())])
    for button in (button for block in blocks for button in block["elements"] if button["action_id"] == "end"):
        button["confirm"] = SURE
    return blocks


def _spoken(card: Card) -> str:
    """The card for ears."""
    summary = card.summary
    lines = [
        f"{_state(card)} since {when(card.since)}",
        f"#{card.number} {_customer(card)} · {' · '.join(_details(card))}",
        *([summary.subject, *(f"{label}: {text}" for label, text in _points(summary))] if summary else []),
        f"Why: {one_line(card.reason, 300)}",
        cut(card.quote or (summary.last_words if summary else ""), 500),
        cut(card.note, 500),
        *_remarks(card),
    ]
    return "\n".join(line for line in lines if line.strip())
