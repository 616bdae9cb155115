"""The steps of a flow, read from its YAML file: what is said and asked, and where each answer leads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from bridge.bots.lined_yaml import Lined
from bridge.language.words import fold

END = "end"
_KEYS = ("id", "ask", "say", "choices", "check", "invalid", "optional", "store", "next", "by", "hand_off")
_ONLY_FOR_ASK = ("choices", "check", "invalid", "optional", "store")
_ID = re.compile(r"[a-z][a-z0-9_-]*")

CHECKS = {
    "number": (re.compile(r"(?<![\w.,])[-+]?\d+(?:[.,]\d+)?(?![\w])"), "Please write a number."),
    "email": (
        re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
        "Please write an e-mail address, such as anna@example.com.",
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step. With `asks` it waits for an answer; with `hand_off` it calls a human for that reason."""

    id: str
    at: Lined
    text: str
    asks: bool
    choices: tuple[str, ...] = ()
    check: re.Pattern[str] | None = None
    invalid: str = ""
    optional: bool = False
    store: str = ""
    by: str = ""
    branches: Mapping[str, str] = field(default_factory=dict[str, str])  # folded answer -> step
    otherwise: str = END  # where any other answer leads
    open: bool = True  # whether other answers than the choices are taken
    hand_off: str = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """Every step that may follow."""
        return (*self.branches.values(), self.otherwise)

    @property
    def waits(self) -> bool:
        """Whether the customer's next message is needed before going on."""
        return self.asks or bool(self.hand_off)


def read_steps(at: Lined) -> list[Step]:
    """Read the list of steps. A step without `next` leads to the one below it, or to the end."""
    tables = [item.table(_KEYS) for item in at.items()]
    ids = [_id(item, table) for item, table in zip(at.items(), tables, strict=True)]
    for number, name in enumerate(ids):
        if name in ids[:number]:
            tables[number]["id"].refuse(f"there are two steps {name!r}")
    below = dict(pairwise([*ids, END]))
    return [_step(item, table, name, below[name]) for item, table, name in zip(at.items(), tables, ids, strict=True)]


def _id(at: Lined, table: Mapping[str, Lined]) -> str:
    if "id" not in table:
        at.refuse("the step has no id")
    name = table["id"].text()
    if not _ID.fullmatch(name) or name in (END, "else"):
        table["id"].refuse(f"{name!r} cannot be an id: small letters, digits, - and _, and neither 'end' nor 'else'")
    return name


def _step(at: Lined, table: Mapping[str, Lined], id: str, below: str) -> Step:
    asks, hand_off = "ask" in table, _text(table, "hand_off")
    _fits_together(at, table, id)
    choices, leading = _choices(table)
    branches, rest = _next(table)
    check, invalid = _check(table)
    return Step(
        id=id, at=at, text=_text(table, "ask") or _text(table, "say"), asks=asks, choices=choices, check=check,
        invalid=_text(table, "invalid") or invalid, optional="optional" in table and table["optional"].flag(),
        store=(_text(table, "store") or id) if asks else "", by=_text(table, "by"),
        branches={fold(answer): target for answer, target in (leading | branches).items() if answer != "else"},
        otherwise=branches.get("else", "") or rest or (END if hand_off else below),
        open=not choices or "else" in branches, hand_off=hand_off,
    )  # fmt: skip


def _fits_together(at: Lined, table: Mapping[str, Lined], id: str) -> None:
    asks, says, hands_off = ("ask" in table), ("say" in table), ("hand_off" in table)
    if asks and hands_off:
        table["hand_off"].refuse("a step either asks or hands off; let the question lead to a step that hands off")
    if asks == says and not hands_off:
        at.refuse(f"the step {id!r} needs either ask or say")
    for key in ("ask", "say", "hand_off"):
        if key in table and not table[key].text():
            table[key].refuse(f"{key} is empty")
    for key in _ONLY_FOR_ASK:
        if key in table and not asks:
            table[key].refuse(f"{key} goes with ask, and the step {id!r} asks nothing")
    if "next" in table and not table["next"].is_text and not asks and "by" not in table:
        table["next"].refuse("which answer decides? Name it with by: ...")


def _choices(table: Mapping[str, Lined]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The choices offered, and where they lead if they say so."""
    if "choices" not in table:
        return (), {}
    if table["choices"].is_list:
        return tuple(item.text() for item in table["choices"].items()), {}
    leading = {label: target.text() for label, target in table["choices"].table().items()}
    return tuple(leading), leading


def _next(table: Mapping[str, Lined]) -> tuple[dict[str, str], str]:
    """Where single answers lead, and where all lead."""
    if "next" not in table:
        return {}, ""
    if table["next"].is_text:
        return {}, table["next"].text()
    return {answer: target.text() for answer, target in table["next"].table().items()}, ""


def _check(table: Mapping[str, Lined]) -> tuple[re.Pattern[str] | None, str]:
    if "check" not in table:
        return None, ""
    at = table["check"]
    if at.is_text and at.text() in CHECKS:
        return CHECKS[at.text()]
    if at.is_text:
        at.refuse(f"{at.text()!r} is no check; there are {', '.join(CHECKS)}, or a pattern: ...")
    pattern = at.table(("pattern",)).get("pattern")
    if pattern is None:
        at.refuse("the pattern is missing")
    try:
        return re.compile(rf"(?<!\w)(?:{pattern.text()})(?!\w)", re.IGNORECASE), "That does not look right."
    except re.error as error:
        pattern.refuse(f"the pattern is not a regular expression: {error.msg}")


def _text(table: Mapping[str, Lined], key: str) -> str:
    return table[key].text() if key in table else ""
