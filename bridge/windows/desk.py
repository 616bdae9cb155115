"""The board that everybody sees, and the app's own page and `/desk` for one person."""

from datetime import timedelta

from bridge.content import time_of_day
from bridge.filters import Filter
from bridge.i18n import again, t
from bridge.ports import HOME, Agent, Choice, Form, Part, Role, Row, Words
from bridge.session import Session
from bridge.store import duty, queue, timeline, waits
from bridge.store.queue import Entry
from bridge.verbs import HELP
from bridge.windows.words import details, headline, shown

MINUTE = timedelta(minutes=1)
ON_BOARD, ON_PAGE = 15, 12  # a message has at most 50 blocks, a page 100


def board(session: Session) -> Form:
    """What waits, oldest first; who has what, first where an answer is overdue; and what happened today."""
    waiting, all_waiting = queue.handoffs(session.tx, Filter("queued"), ON_BOARD)
    claimed, all_claimed = queue.claimed(session.tx, ON_BOARD, session.late)
    parts: list[Part] = [*_late(session), _waiting(all_waiting)]
    parts += _rows(session, waiting, all_waiting)
    has = t("*Claimed: {count}*", count=all_claimed) if all_claimed else t("*Nobody has a conversation.*")
    parts.append(Words(has))
    parts += _rows(session, claimed, all_claimed)
    parts += _unresolved(session)
    parts.append(Words(_today(session)))
    return Form("board", t("Board"), tuple(parts))


def home(session: Session, agent: Agent) -> Form:
    """What is theirs, what waits, and whether they are there."""
    if agent.role is Role.OUTSIDER:
        return Form(HOME, t("Home"), (Words(t("Only members of this workspace's team can see customers here.")),))
    mine, all_mine = queue.handoffs(session.tx, Filter("claimed", owner=agent.id), ON_PAGE)
    waiting, all_waiting = queue.handoffs(session.tx, Filter("queued"), ON_PAGE)
    others, all_claimed = queue.claimed(session.tx, ON_PAGE, session.late)
    others = [entry for entry in others if not entry.owner or entry.owner.id != agent.id]
    parts: list[Part] = [*_duty(session, agent), *_late(session)]
    parts.append(Words(t("*Yours: {count}*", count=all_mine) if all_mine else t("*You have no conversation.*")))
    back = (("handback", t("Hand back")), ("handback_form", t("Hand back with a note …")))
    parts += _rows(session, mine, all_mine, back)
    parts.append(_waiting(all_waiting))
    may = agent.role >= Role.RESPONDER
    parts += _rows(session, waiting, all_waiting, (("claim", t("Claim")),) if may else ())
    if others:
        parts.append(Words(t("*With others*")))
        parts += _rows(session, others, all_claimed - all_mine)
    parts += [*_unresolved(session), Words(_today(session)), Words(_who(session))]
    return Form(HOME, t("Home"), tuple(parts))


def desk(session: Session, agent: Agent, _: str) -> Form:
    """Help, whether they are there, and the day's numbers."""
    lines = tuple(Words(line) for line in again(HELP).split("\n"))
    return Form("desk", t("Desk"), (*_duty(session, agent), *lines, Words(_today(session)), Words(_who(session))))


def _late(session: Session) -> tuple[Part, ...]:
    """How many wait too long, if anybody does."""
    count, minutes = waits.late(session.tx, session.late).count, session.house.policy.answer_within // MINUTE
    if not count:
        return ()
    many = f"{count}+" if count >= waits.MOST else str(count)
    return (Words(t("⚠ *Without an answer for {minutes} min or longer: {count}*", minutes=minutes, count=many)),)


def _waiting(count: int) -> Words:
    return Words(t("*Waiting: {count}*", count=count) if count else t("*Nobody waits.*"))


def _duty(session: Session, agent: Agent) -> tuple[Part, ...]:
    if agent.role < Role.RESPONDER:
        return (Words(t("Your role lets you watch.")),)
    since = duty.away_since(session.tx, agent.id)
    more = (Choice("settings", t("Settings"), ""),) if agent.role is Role.ADMIN else ()
    if since:
        away = t("You are away since {time}.", time=time_of_day(since))  # a title says nothing but what it says
        return (Row("", away, choices=(Choice("back", t("I am back"), "", "primary"), *more)),)
    return (Row(t("You are shown as there."), choices=(Choice("away", t("I am away"), ""), *more)),)


def _unresolved(session: Session) -> list[Part]:
    """What was handed back and stays open."""
    found, total = queue.handoffs(session.tx, Filter("unresolved"), ON_PAGE)
    if not total:
        return []
    return [Words(t("*Handed back, not resolved: {count}*", count=total)), *_rows(session, found, total)]


def _rows(session: Session, found: list[Entry], total: int, ways: tuple[tuple[str, str], ...] = ()) -> list[Part]:
    rows: list[Part] = []
    for entry in found:
        choices = tuple(Choice(action, label, str(entry.number)) for action, label in ways)
        title = headline(entry, again(session.house.doorway(entry.channel).label))
        rows.append(Row(title, details(entry, session.late), again(entry.subject), choices, entry.thread))
    if total > len(found):
        rows.append(Words(t("… and {count} more: `/queue`", count=total - len(found))))
    return rows


def _today(session: Session) -> str:
    done = timeline.counted(session.tx, session.midnight)
    wanted = done.get("escalated", 0)
    over = sum(done.get(event, 0) for event in ("released", "went_back", "ended"))
    had = sum(done.get(event, 0) for event in ("claimed", "reopened", "taken_over"))
    good, bad = done.get("rated_good", 0), done.get("rated_bad", 0)
    told = [t("Customers rated {good} good and {bad} not good.", good=good, bad=bad)] if good or bad else []
    today = t(
        "Today ({zone}): {wanted} wanted a person, {had} were claimed or taken over, {over} handed back or ended.",
        zone=session.house.hours.zone, wanted=wanted, had=had, over=over,
    )  # fmt: skip
    return " ".join((today, *told))


def _who(session: Session) -> str:
    away = duty.who_is_away(session.tx)
    return t("Away: {names}.", names=", ".join(map(shown, away[:20]))) if away else t("Nobody is away.")
