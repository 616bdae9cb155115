"""Pure: the card, the first message of a thread. It is always drawn whole, from the state."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from bridge.i18n import again, t
from bridge.ports import Card, Choice, Place, Summary
from bridge.team_workspace import related
from bridge.team_workspace.inert import (
    SHORT_TEXT,
    Block,
    Message,
    called,
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
from bridge.team_workspace.posts import buttons, channel_name, menu

Link = Callable[[Place], str]

STATES = {
    "queued": t("🟡 Waiting for a person"),
    "claimed": t("🟢 {owner} has this"),
    "handed_back": t("🤖 Back with the bot"),
    "went_back": t("🤖 Back with the bot, for the customer did not want to wait"),
    "ended": t("⚪ Ended"),
}
HEARS = {
    "queued": t("The customer hears nobody yet"),
    "claimed": t("The customer hears {owner}"),
    "handed_back": t("The customer hears the bot"),
    "ended": t("The customer hears nobody; when they write, the bot"),
}
UNREACHABLE = t("⚠ The customer cannot be reached: they have blocked us, or are gone")
CLAIM = Choice("claim", t("Claim"), "", "primary")
HAND_BACK = Choice("handback", t("Hand back"), "", "primary")
ASSIGN = Choice("assign", t("Assign"), "")
LABELS = Choice("labels", t("Labels"), "")
END = Choice("end", t("End"), "")
TRANSCRIPT = Choice("transcript", t("Transcript"), "")
REOPEN = Choice("reopen", t("Reopen"), "")
RESOLVE = Choice("resolve", t("Resolve"), "", "primary")
DRAFT = Choice("draft", t("Draft reply"), "")
HAND_BACK_SO = Choice("handback_form", t("Hand back with a note …"), "")
TEMPLATE = Choice("template", t("Send a template …"), "")
SAME = Choice("same", t("Same person …"), "")
CHOICES = {
    "queued": (CLAIM, ASSIGN, END, TRANSCRIPT),
    "claimed": (HAND_BACK, DRAFT, ASSIGN, LABELS, END),
    "handed_back": (REOPEN, TRANSCRIPT),
    "ended": (REOPEN, TRANSCRIPT),
}
BEHIND = {"claimed": (HAND_BACK_SO, TRANSCRIPT, SAME)}
"""What is wanted less often, in the menu after the buttons: a phone shows few of them in a row."""


def card(card: Card, link: Link) -> Message:
    """Draw the card: who has it, whose it is, what it is about, why a person is wanted, what to press."""
    since = words(t(" · since ")), moment(card.since)
    who = *_who(card), *_verified(card), *_absence(card)
    head = rich(section(words(_state(card), "bold"), *since, words("\n"), *who, *_window(card)))
    if card.folded:
        subject = card.summary.subject if card.summary else card.reason
        blocks = [head, small(" · ".join((one_line(subject, 200) or "…", *_rating(card)))), *_buttons(card)]
        return Message(escaped(_spoken(card), SHORT_TEXT), blocks)
    blocks = [
        head,
        *([rich(*_about(card.summary))] if card.summary else []),
        rich(*_why(card)),
        *([rich(section(*others))] if (others := list(related.handoffs(card, link))) else []),
        *([small(remarks)] if (remarks := " · ".join(_remarks(card))) else []),
        *_buttons(card),
    ]
    return Message(escaped(_spoken(card), SHORT_TEXT), blocks)


def _state(card: Card) -> str:
    owner = one_line(card.owner.name, 80) if card.owner else t("Somebody")
    still = t(", not resolved") if card.outcome == "open" else ""
    state = "went_back" if card.went_back and card.state == "handed_back" else card.state
    return again(STATES[state], owner=owner) + still


def _who(card: Card) -> Iterator[Block]:
    yield words(f"#{card.number} {_customer(card)}", "bold")
    yield words("".join(f" · {detail}" for detail in _details(card)))
    for who in card.calls:
        yield words("  ")
        yield called(who)


def _verified(card: Card) -> Iterator[Block]:
    """In a line of its own, which no name that somebody typed can look like."""
    if text := _verified_as(card):
        yield words(f"\n{text}")


def _verified_as(card: Card) -> str:
    return t("✓ verified: {who}", who=one_line(card.verified, 100)) if card.verified else ""


def _absence(card: Card) -> Iterator[Block]:
    if text := _told_absent(card):
        yield words(f"\n{text}")
    if card.absent and card.opens:
        yield moment(card.opens)


def _told_absent(card: Card) -> str:
    if not card.absent:
        return ""
    if card.opens:
        return t("🌙 The customer was told that nobody is here, and that somebody will be from ")
    return t("🌙 The customer was told that nobody is here")


def _window(card: Card) -> Iterator[Block]:
    text, until = _until(card)
    if text:
        yield words(f"\n{text}")
    if until:
        yield moment(until)


def _until(card: Card) -> tuple[str, datetime | None]:
    """Until when the customer can be answered, where that ends."""
    if not card.reachable:
        return again(UNREACHABLE), None
    window = card.window
    if window is None:
        return "", None
    if window.stage == "shut":
        over = t(
            "⚠ The {hours} hours are over: {channel} takes replies again when the customer writes",
            hours=window.hours,
            channel=channel_name(card.channel),
        )
        return over, None
    return "⚠ " * (window.stage == "closing") + t("Can be answered until "), window.until


def _customer(card: Card) -> str:
    return one_line(card.customer, 80) or t("Customer")


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
    said = ((t("Asked"), summary.asked), (t("Tried"), summary.tried), (t("Wants"), summary.wants))
    yield from ((label, one_line(text, 400)) for label, text in said if text.strip())
    if summary.facts:
        yield t("Facts"), cut(" · ".join(one_line(fact, 120) for fact in summary.facts[:20]), 600)


def _why(card: Card) -> Iterator[Block]:
    yield section(words(f"{t('Why')}  ", "bold"), words(one_line(card.reason, 300)))
    repeated = card.summary and card.quote.strip() == card.summary.last_words.strip()
    if card.quote.strip() and not repeated:
        yield quote(cut(card.quote, 500))
    if card.came_by.strip():
        yield section(words(f"{t('Came by link')}  ", "bold"), words(one_line(card.came_by, 100)))
    if card.note.strip():
        yield section(words(f"{t('Note')}  ", "bold"), words(cut(card.note, 500)))
    elif card.state in ("queued", "claimed") and (noted := next((it for it in card.earlier if it.note.strip()), None)):
        label = t("Note on {handoff}", handoff=related.named(noted))
        yield section(words(f"{label}  ", "bold"), words(cut(noted.note, 500)))


def _rating(card: Card) -> Iterator[str]:
    if not card.rating:
        return
    told = t("👍 Rated good") if card.rating == "good" else t("👎 Rated not good")
    yield f"{told}: {one_line(card.rating_words, 200)}" if card.rating_words.strip() else told


def _remarks(card: Card) -> Iterator[str]:
    owner = one_line(card.owner.name, 80) if card.owner else t("somebody")
    if card.later is None:  # there, the card that is newer says it
        yield again(HEARS[card.state], owner=owner)
    yield from related.people(card)
    if card.address:
        yield t("✉ Can be reached at {address}", address=one_line(card.address, 100))
    if card.typed:
        yield t("✉ {address} (typed, not verified)", address=one_line(card.typed, 100))
    yield from _rating(card)
    if card.labels:
        yield cut(" ".join(f"🏷 {one_line(label, 40)}" for label in card.labels), 900)
    if card.summary and card.summary.offline:
        yield t("Summary made without AI")


def _buttons(card: Card) -> list[Block]:
    over = card.later is not None  # what goes on elsewhere is not reopened here
    choices = [it for it in CHOICES[card.state] if not (over and it is REOPEN)]
    if card.outcome == "open":
        choices.insert(0, RESOLVE)
    blocks = buttons([_here(card, choice) for choice in choices])
    for button in (button for block in blocks for button in block["elements"] if button["action_id"] == "end"):
        button["confirm"] = _sure(card)
    if behind := BEHIND.get(card.state):
        shut = card.templates and card.window is not None and card.window.stage == "shut"
        behind = (TEMPLATE, *behind) if shut else behind
        blocks[-1]["elements"].append(menu([_here(card, choice) for choice in behind]))
    return blocks


def _here(card: Card, choice: Choice) -> Choice:
    return replace(again(choice), value=str(card.number))


def _sure(card: Card) -> Block:
    told = t("The customer is told that it has ended. When they write, the bot answers.")
    if card.owner:
        told = f"{t('{agent} has this.', agent=one_line(card.owner.name, 80))} {told}"
    return {
        "title": {"type": "plain_text", "text": t("End this conversation?")},
        "text": {"type": "plain_text", "text": told},
        "confirm": {"type": "plain_text", "text": t("End it")},
        "deny": {"type": "plain_text", "text": t("Not yet")},
        "style": "danger",
    }


def _spoken(card: Card) -> str:
    """The card for ears."""
    summary, (text, until) = card.summary, _until(card)
    lines = [
        t("{state} since {time}", state=_state(card), time=when(card.since)),
        f"#{card.number} {_customer(card)} · {' · '.join(_details(card))}",
        _verified_as(card),
        f"{_told_absent(card)}{when(card.opens) if card.absent and card.opens else ''}",
        f"{text}{when(until) if until else ''}",
        *([summary.subject, *(f"{label}: {text}" for label, text in _points(summary))] if summary else []),
        f"{t('Why')}: {one_line(card.reason, 300)}",
        cut(card.quote or (summary.last_words if summary else ""), 500),
        f"{t('Came by link')}: {one_line(card.came_by, 100)}" if card.came_by.strip() else "",
        cut(card.note, 500),
        *related.spoken(card),
        *_remarks(card),
    ]
    return "\n".join(line for line in lines if line.strip())
