"""Outbox rows for what agents see beside the threads: private words, windows, pages, the board, marks. Sends nothing.

Each has a lane of its own, so that nothing waits for it.
"""

from dataclasses import asdict
from datetime import datetime, timedelta

from bridge.effects import TellAgent
from bridge.i18n import packed
from bridge.ports import Agent, Place
from bridge.store import lanes, outbox
from bridge.store.tx import Tx

SLOW = timedelta(seconds=5)  # after which an agent is shown that a reply is still on its way
MARKS_WAIT = timedelta(milliseconds=500)  # nobody reads faster, and "delivered" may be said once for several


def whisper(tx: Tx, effect: TellAgent, thread: Place, answer_to: str, key: str, now: datetime) -> None:
    """A private word to one person."""
    payload = {
        "agent_id": effect.agent_id,
        "channel": thread.channel,
        "thread": thread.ts,
        "text": packed(effect.text),
        "quote": packed(effect.quote),
        "choices": packed([asdict(choice) for choice in effect.choices]),
        "answer_to": answer_to,
        "replaces": effect.replaces,
    }
    way = "answer" if answer_to else "tell"  # an answer to a click has an address of its own, and no limit
    outbox.put(tx, f"{way}:{effect.agent_id}", "tell", payload, key, now, 1)


def show_form(
    tx: Tx, form: str, about: str, agent: Agent, trigger: str, thread: Place, answer_to: str, key: str, now: datetime
) -> None:
    """A window for one person: opened by a trigger under the id `key`, or drawn anew where `answer_to` is one."""
    payload = {
        "form": form,
        "about": about,
        "role": int(agent.role),
        "language": agent.language,
        "trigger": trigger,
        "channel": thread.channel,
        "thread": thread.ts,
        "answer_to": answer_to,
    }
    outbox.put(tx, f"form:{agent.id}", "form", payload, key, now, 1)


def show_home(tx: Tx, agent: Agent, key: str, now: datetime) -> None:
    """The app's own page for this person, as things are then."""
    payload = {"role": int(agent.role), "name": agent.name, "language": agent.language}
    outbox.put(tx, f"home:{agent.id}", "home", payload, key, now)


def redraw_board(tx: Tx, key: str, now: datetime) -> None:
    """What waits and who has what, once however much has changed."""
    outbox.put_once(tx, "board:", "board", {}, key, now)


def show_fate(
    tx: Tx, handoff: int | None, message: int, key: str, now: datetime, *, good: bool = False, slow: bool = False
) -> None:
    """Draw the mark on an agent's own message again. Good news waits a moment: one mark may say it for several."""
    due = now + MARKS_WAIT if good else None
    payload = {"message": message, "slow": slow, "good": good}
    outbox.put(tx, f"marks:{handoff or 0}", "mark", payload, key, now, int(not good), due=due)


def watch(tx: Tx, conversation: int, now: datetime) -> None:
    """Look in a while whether what an agent says to this customer is still on its way."""
    lanes.arm(tx, f"slow:{conversation}", "slow", now + SLOW)
