"""The page docs/gallery/README.md, and which pictures show what is made now."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from .made import COMMAND, FOLDER, STATES

SHEETS: Mapping[str, tuple[str, str]] = {
    "card": ("The card", "The first message of a thread. It is drawn anew whenever anything changes."),
    "thread": ("In the thread", "What the bridge posts there, for everybody."),
    "private": ("For one person", "Questions, answers and refusals that nobody else sees."),
    "direct": ("Directly", "What admins and agents are told in a message of their own, or a whole channel is."),
    "window": ("Windows", "They open over everything, and go when they are closed."),
    "home": ("The Home tab", "The app's own page, as each person sees it."),
    "board": ("The board", "One pinned message in the queue channel."),
    "nasty": (
        "Nasty",
        "What nobody writes by accident: names without end, text from right to left, emoji, what nobody sees,\n"
        "`<!channel>`. It stays text, and within Slack's limits.",
    ),
}
"""Every sheet has a heading, a sentence and a picture."""
PICTURES = "pictures.json"


def readme() -> str:
    """The page."""
    parts = [
        "# What people see in Slack\n",
        "Every card, post, window and page, in every state: a picture, and the JSON that Slack gets. The pictures are",
        "of the sandbox's page, and the JSON can be pasted into Slack's Block Kit Builder.\n",
        f"All of it is made by `{COMMAND}`. A test makes the JSON anew and compares.\n",
    ]
    for sheet, (title, sentence) in SHEETS.items():
        links = [f"[{state.says}]({state.name}.json)" for state in STATES if state.sheet == sheet]
        parts += [f"## {title}\n", f"{sentence}\n", f"![{title}, in every state]({sheet}.png)\n", *_wrapped(links), ""]
    return "\n".join(parts).rstrip() + "\n"


def _wrapped(links: list[str]) -> list[str]:
    """A link each line, in one paragraph."""
    return [f"{link} ·" for link in links[:-1]] + links[-1:]


def fingerprint(sheet: str, made: Mapping[str, str]) -> str:
    """What a picture is of."""
    names = [f"{state.name}.json" for state in STATES if state.sheet == sheet]
    said = [state.says for state in STATES if state.sheet == sheet]
    return hashlib.sha256("".join([*said, *(made[name] for name in names)]).encode()).hexdigest()[:16]


def fresh(sheet: str, made: Mapping[str, str], folder: Path = FOLDER) -> bool:
    """Whether a sheet shows this."""
    known = _known(folder)
    return (folder / f"{sheet}.png").exists() and known.get(sheet) == fingerprint(sheet, made)


def remember(sheets: Iterable[str], made: Mapping[str, str], folder: Path = FOLDER) -> None:
    """These sheets were photographed just now."""
    known = _known(folder) | {sheet: fingerprint(sheet, made) for sheet in sheets}
    kept = {sheet: known[sheet] for sheet in SHEETS if sheet in known}
    (folder / PICTURES).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _known(folder: Path) -> dict[str, str]:
    path = folder / PICTURES
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
