"""The desk's settings, for admins: what holds and where it comes from, a form for each section, who changed what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.adjusting import as_version, in_effect
from bridge.content import time_of_day
from bridge.desk_settings import (
    GROUPS,
    LONGEST,
    NO,
    PEOPLE,
    SECTIONS,
    YES,
    Section,
    in_words,
    may_set,
    section_of,
    too_long,
    wrong_in,
)
from bridge.errors import Refused
from bridge.i18n import again, t
from bridge.language.words import cut
from bridge.policy import LONGEST_RECALL, LONGEST_WAIT
from bridge.ports import Agent, Choice, Form, GroupsInput, OneOf, Option, Part, PeopleInput, Row, TextInput, Words
from bridge.session import Session
from bridge.store import setting_changes
from bridge.store.setting_changes import Change
from bridge.windows.words import shown
from bridge.wording import table_of

MOST_CHANGES, EACH = 15, 80  # in the list; characters of a value there
NOTHING = t("(nothing)")
EVERYBODY = {"admins": t("(the workspace's admins and owners)"), "responders": t("(every member)")}  # named: nobody


@dataclass(frozen=True, slots=True)
class Field:
    """How one setting is asked for; with options it is chosen, else typed."""

    label: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    lines: bool = False
    optional: bool = False
    several: bool = False  # one a line

    def spoken(self, value: str) -> str:
        """A value as it is read."""
        value = ", ".join(value.splitlines()) if self.several else value
        return next((option.label for option in self.options if option.value == value), value)

    def asked(self, name: str, value: str) -> Part:
        """The field of a form."""
        if name in PEOPLE:
            return PeopleInput(name, self.label, tuple(value.splitlines()), self.hint)
        if name in GROUPS:
            return GroupsInput(name, self.label, " ".join(value.splitlines()), self.hint)
        if self.options:
            return OneOf(name, self.label, self.options, value)
        return TextInput(name, self.label, value, self.hint, self.lines, self.optional, LONGEST if self.lines else 10)


def _text(label: str) -> Field:
    return Field(label, t("Leave it empty to say nothing."), lines=True, optional=True)


TITLES: Mapping[Section, str] = {
    "texts": t("Texts"),
    "triggers": t("Triggers"),
    "policy": t("Policy"),
    "roles": t("Roles"),
    "bots": t("Bots"),
}
CHANGES: Mapping[Section, str] = {
    "texts": t("Change texts"),
    "triggers": t("Change triggers"),
    "policy": t("Change policy"),
    "roles": t("Change roles"),
    "bots": t("Change bots"),
}
FIELDS: Mapping[str, Field] = {
    "waiting": _text(t("When a person has been called")),
    "absent": _text(t("When a person has been called, but nobody is there")),
    "address": _text(t("... and where the customer may leave an address, if the desk asks for one")),
    "noted": _text(t("When they have left one")),
    "back": Field(
        t("The button with which who waits goes back to the bot"), t("At most 20 characters. Empty: there is none."),
        lines=True, optional=True,
    ),
    "handover": _text(t("When an agent has claimed")),
    "resumes": _text(t("When the bot is back")),
    "ended": _text(t("When the conversation was ended")),
    "on_request": Field(
        t("Call a person when a customer asks for one"), options=(Option(YES, t("Yes")), Option(NO, t("No"))),
    ),
    "after_unsure": Field(t("Call a person when the bot was unsure so many times in a row"), t("0: never.")),
    "keywords": Field(
        t("Words that call a person"), t("One word or phrase a line. Case and accents do not count."),
        lines=True, optional=True, several=True,
    ),
    "after_hand_back": Field(t("A handoff that is handed back"), options=(
        Option("resolve", t("Is resolved")),
        Option("close", t("Is resolved, and its card is folded")),
        Option("keep", t("Stays open until somebody resolves it")),
    )),
    "audience": Field(t("The customer hears"), options=(
        Option("owner", t("What the owner types")),
        Option("explicit", t("Only what begins with !say")),
    )),
    "recall_seconds": Field(
        t("Seconds that a reply waits and can be taken back"), t("0: none. At most {most}.", most=LONGEST_RECALL),
    ),
    "answer_minutes": Field(
        t("Minutes after which a customer waits too long for a person"),
        t("They are marked on the board. 0: never. At most {most}.", most=LONGEST_WAIT),
    ),
    "admins": Field(
        t("Admins"), t("Nobody here and no group: the workspace's admins and owners are admins."), several=True,
    ),
    "admin_groups": Field(t("User groups of admins"), t("By handle or id: @leads, S0614TZR7."), several=True),
    "responders": Field(
        t("Responders"), t("They claim and answer. Nobody here and no group: every member may."), several=True,
    ),
    "responder_groups": Field(t("User groups of responders"), several=True),
    "viewers": Field(t("Viewers"), t("They watch, and leave notes."), several=True),
    "viewer_groups": Field(t("User groups of viewers"), several=True),
    "first": Field(t("The bot that answers")),
}  # fmt: skip


def settings(session: Session, agent: Agent, _: str) -> Form:
    """What holds, where it comes from, and what was changed last."""
    may_set(agent)
    holds = in_effect(session.tx, session.house.in_file)
    changed = {name: change for name, change in setting_changes.newest(session.tx).items() if not change.in_file}
    parts = [
        part
        for section in SECTIONS
        for part in _section(session, section, in_words(holds, section), changed.get(section))
    ]
    fixed = [Words(again(name), again(said)) for name, said in session.house.only_in_file.items() if said]
    parts += [Words(t("*Only in bridge.toml*")), *fixed] if fixed else []
    happened = setting_changes.latest(session.tx, MOST_CHANGES)
    parts.append(Words(t("*What was changed*") if happened else t("Nothing was changed from Slack yet.")))
    parts += [_entry(session, change) for change in happened]
    return Form("settings", t("Settings"), tuple(parts))


def texts(session: Session, agent: Agent, _: str) -> Form:
    """What customers are told, and the names that are filled in."""
    names = ", ".join(f"`{{{{{shown(name)}}}}}`" for name in sorted(session.house.names))
    return _form(session, agent, "texts", Words(t("These names are filled in: {names}", names=names)))


def triggers(session: Session, agent: Agent, _: str) -> Form:
    """Why a person is called."""
    return _form(session, agent, "triggers")


def policy(session: Session, agent: Agent, _: str) -> Form:
    """How the agents' work is taken."""
    return _form(session, agent, "policy")


def roles(session: Session, agent: Agent, _: str) -> Form:
    """Who may do what."""
    return _form(session, agent, "roles")


def bots(session: Session, agent: Agent, _: str) -> Form:
    """Which of them answers."""
    whom = t("It answers everybody whom no agent has handed to another bot, from what they write next on.")
    return _form(session, agent, "bots", Words(whom))


def _form(session: Session, agent: Agent, section: Section, *before: Part) -> Form:
    """It remembers which version it shows."""
    may_set(agent)
    words = in_words(in_effect(session.tx, session.house.in_file), section)
    change = setting_changes.newest(session.tx).get(section)
    if too_long(words):
        raise Refused(
            t(
                "Something in this is longer than {most} characters: it can be changed in bridge.toml only.",
                most=LONGEST,
            )
        )
    back = Row("", choices=(Choice("settings", t("Back to the settings"), ""),))
    parts = (*before, *(_field(session, name).asked(name, said) for name, said in words.items()), back)
    return Form(section, again(TITLES[section]), parts, as_version(change.version if change else 0), t("Save"))


def _field(session: Session, name: str) -> Field:
    options = tuple(Option(bot, bot) for bot in session.house.in_file.bots)
    return replace(again(FIELDS[name]), options=options) if name == "first" else again(FIELDS[name])


def _section(session: Session, section: Section, words: Mapping[str, str], change: Change | None) -> Sequence[Part]:
    wrong = wrong_in(words, session.house.names, session.house.in_file.bots)
    said = [
        Words(
            again(FIELDS[name].label) + (f" (⚠ {shown(wrong[name])})" if name in wrong else ""),
            again(EVERYBODY[name]) if name in EVERYBODY and not _listed(words, name) else _spoken(session, name, text),
        )
        for name, text in words.items()
    ]
    title, choices = again(TITLES[section]), (Choice(section, again(CHANGES[section]), ""),)
    if change is None:
        head = t("*{section}*: from bridge.toml", section=title)
    else:
        by, time = shown(change.name), time_of_day(change.at)
        head = t("*{section}*: changed by {name}, {time}", section=title, name=by, time=time)
        choices += (Choice("in_file", t("Back to bridge.toml"), f"{section} {as_version(change.version)}"),)
    if section == "texts" and (some := session.house.variants):
        names = ", ".join(f"`{table_of(whom)}`" for whom in some)
        said.append(Words(t("and for some customers in bridge.toml: {names}", names=names)))
    return (Words(head), *said, Row("", choices=choices))


def _listed(words: Mapping[str, str], name: str) -> bool:
    """Whether anybody has this role by name, or by a group."""
    return bool(words[name].strip() or words[f"{name[:-1]}_groups"].strip())


def _entry(session: Session, change: Change) -> Words:
    section = section_of(change.section)
    what = f"*{again(TITLES[section])}*" if section else shown(change.section)
    if change.in_file:
        what = t("{what} back to bridge.toml", what=what)
    lines = [
        f"{_label(name)}: {_short(session, name, was)} → {_short(session, name, change.became[name])}"
        for name, was in change.was.items()
        if change.became.get(name, was) != was
    ]
    return Words(f"{time_of_day(change.at)}  {shown(change.name)}: {what}", "\n".join(lines))


def _label(name: str) -> str:
    return again(FIELDS[name].label) if name in FIELDS else name


def _spoken(session: Session, name: str, value: str) -> str:
    if name in PEOPLE:
        value = "\n".join(map(session.house.team.name, value.splitlines()))
    spoken = again(FIELDS[name]).spoken(value) if name in FIELDS else value
    return spoken if spoken.strip() else again(NOTHING)


def _short(session: Session, name: str, value: str) -> str:
    spoken = " ".join(_spoken(session, name, value).split())
    return spoken if spoken == again(NOTHING) else f"“{cut(spoken, EACH)}”"
