"""What customers are told by the desk, with names filled in. Pure.

`{{name}}` stands for a value. A value is put in as it is: braces inside it mean nothing.
"""

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bridge.i18n import english, t

BUILT_IN = frozenset({"agent.name", "customer.name", "wait", "opens"})
"""Names that every text may use; answers of a flow come beside them.

But in `waiting`, `wait` is blank; and `opens` is, but in `absent`.
"""

LONGEST_BUTTON = 20  # characters: WhatsApp takes no more

_NAME = re.compile(r"\{\{([^{}]*)\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


SAID: Mapping[str, str] = {
    "waiting": t("A person from our team will join you here shortly."),
    "absent": t("Nobody is here right now. We will read this {{opens}} and answer you here."),
    "address": t("If you leave an e-mail address or a phone number here, we can reach you there, too."),
    "noted": t("Thank you, we have noted that."),
    "back": t("Back to the bot"),
    "handover": t("You are now talking to {{agent.name}}."),
    "resumes": t("Our assistant is back. Just write if you need anything else."),
    "ended": t("This conversation has ended. Write again whenever you like."),
}
"""What is said where a desk says nothing of its own, in every language of the bridge."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a desk. A blank one sends nothing."""

    waiting: str = english(SAID["waiting"])
    absent: str = english(SAID["absent"])
    address: str = english(SAID["address"])
    noted: str = english(SAID["noted"])
    back: str = english(SAID["back"])
    handover: str = english(SAID["handover"])
    resumes: str = english(SAID["resumes"])
    ended: str = english(SAID["ended"])


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put the values in. A missing or blank one leaves nothing behind, not even its blank."""
    pieces = _NAME.split(template)
    text = pieces[0]
    for name, after in zip(pieces[1::2], pieces[2::2], strict=True):
        value = _one_line(values.get(name.strip(), ""))
        if value:
            text += value + after
        else:
            text = _joined(text, after)
    return text.strip()


def names_in(template: str) -> list[str]:
    """The names that a template uses, in order."""
    return [name.strip() for name in _NAME.findall(template)]


def check(template: str, known: Collection[str]) -> list[str]:
    """What is wrong with a template, one sentence each; nothing when it can be used."""
    return [what for _, what in faults(template, known)]


def faults(template: str, known: Collection[str]) -> list[tuple[str, str]]:
    """The same, each with the piece that is wrong, where it is one; blanks in it do not count."""
    wrong = [(f"{{{{{name}}}}}", _unknown(name, known)) for name in names_in(template) if name not in known]
    if _BRACES.search(_NAME.sub("", template)):
        wrong.append(("", t("{{ and }} do not match; a name is written {{agent.name}}")))
    return wrong


def check_said(name: str, template: str, known: Collection[str]) -> list[str]:
    """The same for one of the desk's texts. `back` is a button, whose words somebody may type, too."""
    return [what for _, what in faults_said(name, template, known)]


def faults_said(name: str, template: str, known: Collection[str]) -> list[tuple[str, str]]:
    """The same, each with the piece that is wrong."""
    if name != "back":
        return faults(template, known)
    named = [f"{{{{{it}}}}}" for it in names_in(template)]
    wrong = [(it, t("{name} cannot be on a button", name=it)) for it in named]
    if len(" ".join(template.split())) > LONGEST_BUTTON:
        wrong.append(("", t("a button has at most {most} characters", most=LONGEST_BUTTON)))
    return [*wrong, *faults(_NAME.sub("", template), known)]


def key_of(written: str) -> str:
    """A language, or a table for one, as it is looked for: `pt_BR` is `pt-br`."""
    return written.replace("_", "-").lower()


def _unknown(name: str, known: Collection[str]) -> str:
    near, written = difflib.get_close_matches(name, sorted(known), n=1), f"{{{{{name}}}}}"
    if not near:
        return t("{name} is not known; known are {known}", name=written, known=", ".join(sorted(known)))
    return t("{name} is not known; did you mean {near}?", name=written, near=f"{{{{{near[0]}}}}}")


def _one_line(value: str) -> str:
    return " ".join(_CONTROL.sub(" ", value).split())


def _joined(before: str, after: str) -> str:
    """Close the gap that a blank value leaves: no doubled blank, no comma that now separates nothing."""
    left, right = before.rstrip(" \t"), after.lstrip(" \t")
    if left.endswith("(") and right.startswith(")"):
        return _joined(left[:-1], right[1:])
    if not left or left.endswith("\n"):
        return left + right.lstrip(", \t")
    if not right or right[0] in ".!?\n":
        return left.rstrip(",") + right
    if right[0] in ",;:)":
        return left + right
    return left + " " * (left != before or right != after) + right
