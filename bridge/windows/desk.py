"""The board that everybody sees, and the app's own page and `/desk` for one person."""

from bridge.filters import Filter
from bridge.ports import HOME, Agent, Choice, Form, Part, Role, Row, Words
from bridge.session import Session
from bridge.store import duty, queue, timeline
from bridge.store.queue import Entry
from bridge.verbs import HELP
from bridge.windows.words import clock, details, headline, shown

ON_BOARD, ON_PAGE = 15, 12  # a message has at most 50 blocks, a page 100


def board(session: Session) -> Form:
    """What waits, oldest first; who has what; and what happened today."""
    waiting, all_waiting = queue.handoffs(session.tx, Filter("queued"), ON_BOARD)
    claimed, all_claimed = queue.handoffs(session.tx, Filter("claimed"), ON_BOARD)
    parts: list[Part] = [Words(f"*Waiting: {all_waiting}*" if all_waiting else "*Nobody waits.*")]
    parts += _rows(session, waiting, all_waiting)
    parts.append(Words(f"*Claimed: {all_claimed}*" if all_claimed else "*Nobody has a conversation.*"))
    parts += _rows(session, claimed, all_claimed)
    parts += _unresolved(session)
    parts.append(Words(_today(session)))
    return Form("board", "Board", tuple(parts))


def home(session: Session, agent: Agent) -> Form:
    """What is theirs, what waits, and whether they are there."""
    if agent.role is Role.OUTSIDER:
        return Form(HOME, "Home", (Words("Only members of this workspace's team can see customers here."),))
    mine, all_mine = queue.handoffs(session.tx, Filter("claimed", owner=agent.id), ON_PAGE)
    waiting, all_waiting = queue.handoffs(session.tx, Filter("queued"), ON_PAGE)
    others, all_claimed = queue.handoffs(session.tx, Filter("claimed"), ON_PAGE)
    others = [entry for entry in others if not entry.owner or entry.owner.id != agent.id]
    parts: list[Part] = [*_duty(session, agent)]
    parts.append(Words(f"*Yours: {all_mine}*" if all_mine else "*You have no conversation.*"))
    parts += _rows(session, mine, all_mine, (("handback", "Hand back"), ("handback_form", "Hand back …")))
    parts.append(Words(f"*Waiting: {all_waiting}*" if all_waiting else "*Nobody waits.*"))
    may = agent.role >= Role.RESPONDER
    parts += _rows(session, waiting, all_waiting, (("claim", "Claim"),) if may else ())
    if others:
        parts.append(Words("*With others*"))
        parts += _rows(session, others, all_claimed - all_mine)
    parts += [*_unresolved(session), Words(_today(session)), Words(_who(session))]
    return Form(HOME, "Home", tuple(parts))


def desk(session: Session, agent: Agent, _: str) -> Form:
    """Help, whether they are there, and the day's numbers."""
    lines = tuple(Words(line) for line in HELP.split("\n"))
    return Form("desk", "Desk", (*_duty(session, agent), *lines, Words(_today(session)), Words(_who(session))))


def _duty(session: Session, agent: Agent) -> tuple[Part, ...]:
    if agent.role < Role.RESPONDER:
        return (Words("Your role lets you watch."),)
    since = duty.away_since(session.tx, agent.id)
    more = (Choice("settings", "Settings", ""),) if agent.role is Role.ADMIN else ()
    if since:
        away = f"You are away since {clock(since)}."  # a title says nothing but what it says
        return (Row("", away, choices=(Choice("back", "I am back", "", "primary"), *more)),)
    return (Row("You are shown as there.", choices=(Choice("away", "I am away", ""), *more)),)


def _unresolved(session: Session) -> list[Part]:
    """What was handed back and stays open."""
    found, total = queue.handoffs(session.tx, Filter("unresolved"), ON_PAGE)
    return [Words(f"*Handed back, not resolved: {total}*"), *_rows(session, found, total)] if total else []


def _rows(session: Session, found: list[Entry], total: int, ways: tuple[tuple[str, str], ...] = ()) -> list[Part]:
    rows: list[Part] = []
    for entry in found:
        choices = tuple(Choice(action, label, str(entry.number)) for action, label in ways)
        title = headline(entry, session.house.doorway(entry.channel).label)
        rows.append(Row(title, details(entry), entry.subject, choices, entry.thread))
    if total > len(found):
        rows.append(Words(f"… and {total - len(found)} more: `/queue`"))
    return rows


def _today(session: Session) -> str:
    midnight = session.now.replace(hour=0, minute=0, second=0, microsecond=0)
    done = timeline.counted(session.tx, midnight)
    wanted = done.get("escalated", 0)
    over = done.get("released", 0) + done.get("ended", 0)
    return f"Today (UTC): {wanted} wanted a person, {done.get('claimed', 0)} claims, {over} handed back or ended."


def _who(session: Session) -> str:
    away = duty.who_is_away(session.tx)
    return f"Away: {', '.join(map(shown, away[:20]))}." if away else "Nobody is away."
