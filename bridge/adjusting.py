"""What admins change of the desk's settings, from Slack: a section at a time, checked, recorded, never over another's.

Runs inside the desk's transaction. Whoever is no admin is refused at every step.
"""

from collections.abc import Mapping, Sequence

from bridge.act import Act, number_in
from bridge.content import time_of_day
from bridge.desk_settings import (
    GROUPS,
    DeskSettings,
    Section,
    filled_in,
    in_words,
    may_set,
    section_of,
    with_words,
    wrong_in,
)
from bridge.errors import Refused, WrongEntry
from bridge.i18n import t
from bridge.ports import Pressed, Received, Role, Submitted
from bridge.store import setting_changes, signals
from bridge.store.setting_changes import Change
from bridge.store.tx import Tx


def in_effect(tx: Tx, in_file: DeskSettings) -> DeskSettings:
    """What holds: what bridge.toml says, but for the sections that were changed."""
    settings = in_file
    for name, change in setting_changes.newest(tx).items():
        if (section := section_of(name)) and not change.in_file:
            words = filled_in(in_words(settings, section), change.became)  # it may be of an older bridge
            if section == "texts" or not wrong_in(words, (), in_file.bots):  # or of a newer one, with more choices
                settings = with_words(settings, section, words)
    return settings


def as_version(number: int) -> str:
    """What a form or a button carries, so that it cannot be taken for a handoff's number."""
    return f"v{number}"


def may_change(received: Sequence[Received]) -> bool:
    """Whether one of these events may have changed the settings."""
    return any(
        (isinstance(it.event, Pressed) and it.event.action == "in_file")
        or (isinstance(it.event, Submitted) and section_of(it.event.form) is not None)
        for it in received
    )


def pressed(act: Act, press: Pressed) -> bool:
    """A button; whether it is one of these."""
    if press.action == "settings" or section_of(press.action):
        may_set(act.agent)
        act.show(press.action)
    elif press.action == "in_file":
        may_set(act.agent)
        name, _, version = press.value.partition(" ")
        if (section := section_of(name)) is None:
            raise Refused(t("This button is not known any more. Nothing has changed."))
        became = in_words(act.session.house.in_file, section)
        if section == "roles" and not _stays_admin(act, became):
            raise Refused(t("By bridge.toml you would be no admin any more. Nothing has changed."))
        _change(act, section, version, became, in_file=True)
        act.show("settings")
    else:
        return False
    return True


def submitted(act: Act, section: Section, form: Submitted) -> None:
    """A form with a section: saved as a whole, or not at all."""
    may_set(act.agent)
    holds = in_words(in_effect(act.session.tx, act.session.house.in_file), section)
    words = filled_in(holds, form.values)
    if wrong := wrong_in(words, act.session.house.names, act.session.house.in_file.bots):
        raise WrongEntry(wrong)
    if section == "triggers" and not with_words(DeskSettings(), section, words).triggers.can_fire:
        raise WrongEntry({"on_request": t("With all of this off, no customer could ever reach a person.")})
    if section == "roles":
        _look_at_roles(act, words)
    _change(act, section, form.about, words, in_file=False)


def _look_at_roles(act: Act, words: Mapping[str, str]) -> None:
    """Who saves them must be an admin afterwards, too: so somebody is left who can claim, and take it back."""
    team = act.session.house.team
    useless = {name: next(filter(None, map(team.useless, words[name].splitlines())), "") for name in GROUPS}
    if wrong := {name: why for name, why in useless.items() if why}:
        raise WrongEntry(wrong)
    if not _stays_admin(act, words):
        lost = t("You would be no admin any more, and could not take this back. Put yourself on this list.")
        raise WrongEntry({"admins": lost})


def _stays_admin(act: Act, words: Mapping[str, str]) -> bool:
    listed = with_words(DeskSettings(), "roles", words).roles
    return act.session.house.team.role(act.agent.id, listed) is Role.ADMIN


def _change(act: Act, section: Section, version: str, became: Mapping[str, str], *, in_file: bool) -> None:
    """Record it, if nobody was faster. What changes nothing is not recorded."""
    session, seen = act.session, number_in(version.removeprefix("v"))
    was = in_words(in_effect(session.tx, session.house.in_file), section)
    if was == became and not in_file:
        return
    change = Change(section, seen + 1, in_file, was, became, act.agent.id, act.agent.name, session.now)
    if not setting_changes.add(session.tx, change):
        raise Refused(_meanwhile(setting_changes.newest(session.tx).get(section)))
    signals.tell(session.tx, signals.SETTINGS)


def _meanwhile(change: Change | None) -> str:
    if change is None:
        return t("This form is not known any more. Nothing has changed.")
    return t(
        "{name} has changed this meanwhile, {time}. Open it again; nothing of yours was saved.",
        name=change.name, time=time_of_day(change.at),
    )  # fmt: skip
