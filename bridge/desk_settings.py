"""What admins may change from Slack while the bridge runs: a desk's texts, triggers, policy, roles and bot. Pure.

Each of these sections is also a few plain words by name: as a form has them, as they are kept, and as they are shown.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Literal, get_args

from bridge.errors import Refused
from bridge.i18n import joined, t
from bridge.language.words import fold
from bridge.policy import LONGEST_RECALL, LONGEST_WAIT, AfterHandBack, Audience, Policy
from bridge.ports import Agent, Listed, Role, groups_in, is_group, is_person
from bridge.texts import Texts, check_said
from bridge.triggers import Triggers

Section = Literal["texts", "triggers", "policy", "roles", "bots"]
SECTIONS: tuple[Section, ...] = get_args(Section)
LONGEST, MOST_UNSURE = 3_000, 100  # characters, as many as Slack's forms take; times in a row
MOST_PEOPLE = 100  # in a list, as many as Slack's forms take
YES, NO = "yes", "no"
_AFTER: Mapping[str, AfterHandBack] = {it: it for it in get_args(AfterHandBack)}
_AUDIENCES: Mapping[str, Audience] = {it: it for it in get_args(Audience)}
_CHOICES = {"on_request": (YES, NO), "after_hand_back": tuple(_AFTER), "audience": tuple(_AUDIENCES)}
_NUMBERS = {"after_unsure": MOST_UNSURE, "recall_seconds": LONGEST_RECALL, "answer_minutes": LONGEST_WAIT}


PEOPLE = {"admins": "admin_groups", "responders": "responder_groups", "viewers": "viewer_groups"}
"""Lists of people, one a line, and the lists of user groups that belong to them."""
GROUPS = tuple(PEOPLE.values())


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The sections."""

    texts: Texts = field(default_factory=Texts)
    triggers: Triggers = field(default_factory=Triggers)
    policy: Policy = field(default_factory=Policy)
    roles: Listed = field(default_factory=Listed)
    bots: tuple[str, ...] = ()  # the first is the default; only which one is may change


def may_set(agent: Agent) -> None:
    """Refuse everybody but admins."""
    if agent.role is not Role.ADMIN:
        raise Refused(t("Only an admin can see and change the settings. Nothing has changed."))


def section_of(name: str) -> Section | None:
    """The section with this name, if there is one."""
    return next((section for section in SECTIONS if section == name), None)


def in_words(settings: DeskSettings, section: Section) -> dict[str, str]:
    """A section in plain words."""
    match section:
        case "texts":
            return asdict(settings.texts)
        case "triggers":
            rules = settings.triggers
            return {
                "on_request": YES if rules.on_request else NO,
                "after_unsure": str(rules.after_unsure),
                "keywords": _lines(rules.keywords),
            }
        case "policy":
            policy = settings.policy
            return {
                "after_hand_back": policy.after_hand_back,
                "audience": policy.audience,
                "recall_seconds": str(policy.recall // timedelta(seconds=1)),
                "answer_minutes": str(policy.answer_within // timedelta(minutes=1)),
            }
        case "roles":
            found = dict[str, str]()
            for people, groups in PEOPLE.items():
                listed: tuple[str, ...] = getattr(settings.roles, people)
                found[people] = _lines([name for name in listed if not is_group(name)])
                found[groups] = _lines([name for name in listed if is_group(name)])
            return found
        case "bots":
            return {"first": settings.bots[0] if settings.bots else ""}


def with_words(settings: DeskSettings, section: Section, words: Mapping[str, str]) -> DeskSettings:
    """The settings with one section as these words say, in which nothing is wrong."""
    match section:
        case "texts":
            return replace(settings, texts=Texts(**words))
        case "triggers":
            on, unsure = words["on_request"] == YES, int(words["after_unsure"])
            return replace(settings, triggers=Triggers(on, unsure, tuple(words["keywords"].splitlines())))
        case "policy":
            after, audience = _AFTER[words["after_hand_back"]], _AUDIENCES[words["audience"]]
            recall = timedelta(seconds=int(words["recall_seconds"]))
            within = timedelta(minutes=int(words["answer_minutes"]))
            return replace(settings, policy=Policy(after, audience, recall, within, settings.policy.reactions))
        case "roles":
            lists = ((*words[people].splitlines(), *words[groups].splitlines()) for people, groups in PEOPLE.items())
            return replace(settings, roles=Listed(*lists))
        case "bots":
            first = words["first"]
            return replace(settings, bots=tuple(sorted(settings.bots, key=lambda name: name != first)))


def filled_in(before: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """What a form says, without needless blanks. What did not come along stays as it was."""
    words = {name: values.get(name, kept) for name, kept in before.items()}
    words |= {name: words[name].strip() for name in _NUMBERS if name in words}
    words |= {name: _lines(groups_in(words[name])) for name in GROUPS if name in words}
    words |= {name: _lines(words[name].splitlines()) for name in ("keywords", *PEOPLE) if name in words}
    return words


def wrong_in(words: Mapping[str, str], known: Collection[str], bots: Collection[str] = ()) -> dict[str, str]:
    """What is wrong with the words of a section, by name. `known` are the names that texts may use."""
    found = {name: _wrong(name, text, known) for name, text in words.items() if name != "first"}
    if "first" in words and words["first"] not in (bots or [""]):
        found["first"] = t("This desk has no such bot.")
    return {name: sentence for name, sentence in found.items() if sentence}


def too_long(words: Mapping[str, str]) -> bool:
    """Whether something in them is longer than a form can show. In bridge.toml it may be."""
    return any(len(text) > LONGEST for text in words.values()) or any(
        len(words.get(name, "").splitlines()) > MOST_PEOPLE for name in PEOPLE
    )


def _wrong(name: str, text: str, known: Collection[str]) -> str:
    if len(text) > LONGEST:
        return t("This is too long: at most {most} characters.", most=LONGEST)
    if name in _NUMBERS:
        most = _NUMBERS[name]
        return "" if _number(text, most) else t("This must be a whole number from 0 to {most}.", most=most)
    if name in _CHOICES:
        choices = _CHOICES[name]
        return "" if text in choices else t("This must be one of {choices}.", choices=", ".join(choices))
    if name in PEOPLE or name in GROUPS:
        return _wrong_list(name, text.splitlines())
    if name == "keywords":
        nothing = next((word for word in text.splitlines() if not any(map(str.isalnum, fold(word)))), "")
        return t("There is no word in “{word}”.", word=nothing[:40]) if nothing else ""
    return joined([it if it.endswith("?") else t("{sentence}.", sentence=it) for it in check_said(name, text, known)])


def _wrong_list(name: str, lines: list[str]) -> str:
    if name in PEOPLE and len(lines) > MOST_PEOPLE:
        return t("At most {most} people; name a user group instead.", most=MOST_PEOPLE)
    fits = is_person if name in PEOPLE else is_group
    odd = next((line for line in lines if not fits(line)), "")
    if not odd:
        return ""
    if name in PEOPLE:
        return t("“{name}” is nobody's id.", name=odd[:40])
    return t("“{name}” is no user group: write its handle, such as @agents, or its id.", name=odd[:40])


def _number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most


def _lines(words: Collection[str]) -> str:
    """One a line, each once."""
    return "\n".join(dict.fromkeys(tidy for word in words if (tidy := " ".join(word.split()))))
