"""bridge.toml as values: the desk, its texts, roles and bots. Says file, line and what is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

from bridge.desk_file.hours import read_hours, read_zone
from bridge.desk_file.lines import Here
from bridge.desk_file.routes import in_words, read_routes
from bridge.desk_file.shape import check_table
from bridge.desk_file.texts import named as named_texts
from bridge.desk_file.texts import read_variants
from bridge.desk_settings import DeskSettings
from bridge.errors import WrongSetting
from bridge.hours import Hours
from bridge.hours import listed as listed_hours
from bridge.i18n import LANGUAGES, t
from bridge.policy import LONGEST_RECALL, LONGEST_WAIT, AfterHandBack, Audience, Policy, Reactions
from bridge.ports import Listed, is_group, is_person
from bridge.routing import Route
from bridge.texts import Texts
from bridge.triggers import Triggers
from bridge.wording import Variants

_BOTS: Mapping[str, Mapping[str, object]] = {"knowledge": {"kind": "knowledge", "folder": "knowledge"}}


@dataclass(frozen=True, slots=True)
class DeskFile:
    """One desk. `path` and `source` serve to say where something is wrong."""

    name: str = "Support"
    language: str = "en"  # of what the team reads together
    hours: Hours = field(default_factory=Hours)  # and the time zone in which its days begin
    bots: tuple[str, ...] = ("knowledge",)
    triggers: Triggers = field(default_factory=Triggers)
    texts: Texts = field(default_factory=Texts)
    variants: Variants = field(default_factory=dict[tuple[str, ...], Mapping[str, str]])
    admins: tuple[str, ...] = ()
    responders: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()
    board: bool = True  # the pinned message that shows what waits and who has what
    call: tuple[str, ...] = ()  # who is to hear of it when a customer waits
    ask_address: bool = False  # customers who find nobody may leave an e-mail address or a number
    ask_rating: bool = False  # customers may say how it was with a person
    external_channels: bool = False  # queue channels may be shared with another company
    policy: Policy = field(default_factory=Policy)
    bot_tables: Mapping[str, Mapping[str, object]] = field(default_factory=lambda: _BOTS)
    routes: tuple[Route, ...] = ()
    path: Path = Path("bridge.toml")
    source: str = ""

    @property
    def listed(self) -> Listed:
        """Who has which role."""
        return Listed(self.admins, self.responders, self.viewers)

    @property
    def settings(self) -> DeskSettings:
        """What admins may change from Slack, as the file has it."""
        return DeskSettings(self.texts, self.triggers, self.policy, self.listed, self.bots)

    @property
    def here(self) -> Here:
        """To say where something in it is wrong."""
        return Here(self.path.name, self.source)

    @property
    def folder(self) -> Path:
        """Paths in the file are relative to this."""
        return self.path.parent


def read_desk(content: Mapping[str, Any], path: Path, source: str) -> DeskFile:
    """Check a parsed bridge.toml. Raises WrongSetting with the line."""
    here = Here(path.name, source)
    for table, value in content.items():
        check_table(here, table, value)
    desk, roles = content.get("desk", {}), content.get("roles", {})
    _check_roles(here.table("roles"), roles)
    bots: dict[str, Mapping[str, object]] = content.get("bots", {}) or dict(_BOTS)
    named = tuple(desk.get("bots", ())) or tuple(bots)[:1]
    for name in named:
        if name not in bots:
            raise here.wrong("bots", f"there is no [bots.{name}]; there are {', '.join(bots)}")
    return DeskFile(
        name=desk.get("name", "Support"),
        language=_one_of(here, desk, "language", LANGUAGES),
        hours=read_hours(here, content.get("hours", {}), read_zone(here, desk)),
        bots=named,
        triggers=Triggers(
            on_request=desk.get("trigger_on_request", True),
            after_unsure=desk.get("trigger_after_unsure", 2),
            keywords=tuple(desk.get("keywords", ())),
        ),
        texts=Texts(**named_texts(content.get("texts", {}))),
        variants=read_variants(here, content.get("texts", {})),
        admins=tuple(roles.get("admins", ())),
        responders=tuple(roles.get("responders", ())),
        viewers=tuple(roles.get("viewers", ())),
        board=desk.get("board", True),
        call=_called(here, desk),
        ask_address=desk.get("ask_address", False),
        ask_rating=desk.get("ask_rating", False),
        external_channels=desk.get("external_channels", False),
        policy=_policy(here, desk),
        bot_tables=bots,
        routes=read_routes(here, content.get("routes", ()), bots),
        path=path,
        source=source,
    )


def only_in_file(desk: DeskFile) -> dict[str, str]:
    """What nobody can change from Slack, in words."""
    return {
        t("Name"): desk.name,
        t("Language"): desk.language,
        t("Time zone"): str(desk.hours.zone),
        t("Hours"): listed_hours(desk.hours),
        t("Bots"): ", ".join(desk.bots),
        t("Called when a customer waits"): ", ".join(desk.call),
        t("Ask for an address when nobody is there"): t("on") if desk.ask_address else t("off"),
        t("Ask how it was"): t("on") if desk.ask_rating else t("off"),
        t("Board"): t("on") if desk.board else t("off"),
        t("Routes"): in_words(desk.routes),
    }


def with_line(desk: DeskFile, wrong: WrongSetting) -> WrongSetting:
    """What is wrong in a `[bots.<name>]` table, with its file and line."""
    named = re.match(r"\[bots\.([^\]]+)\]", str(wrong))
    if named is None or not desk.source:
        return wrong
    return desk.here.table("bots").wrong(named[1], str(wrong).rstrip("."))


def _policy(here: Here, desk: Mapping[str, Any]) -> Policy:
    after = _one_of(here, desk, "after_hand_back", get_args(AfterHandBack))
    audience = _one_of(here, desk, "audience", get_args(Audience))
    seconds = _up_to(here, desk, "recall_seconds", 0, LONGEST_RECALL)
    minutes = _up_to(here, desk, "answer_minutes", Policy().answer_within // timedelta(minutes=1), LONGEST_WAIT)
    reactions = _one_of(here, desk, "reactions", get_args(Reactions))
    return Policy(after, audience, timedelta(seconds=seconds), timedelta(minutes=minutes), reactions)


def _up_to(here: Here, desk: Mapping[str, Any], key: str, default: int, most: int) -> int:
    number: int = desk.get(key, default)
    if not 0 <= number <= most:
        raise here.wrong(key, f"{key} must be 0 to {most}")
    return number


def _called(here: Here, desk: Mapping[str, Any]) -> tuple[str, ...]:
    called: list[object] = desk.get("call", [])
    for who in called:
        if not isinstance(who, str) or not _can_be_called(who):
            what = f'{who!r} is nobody to call: write the id of a person (U...) or of a user group (S...), or "here"'
            raise here.wrong("call", what)
    return tuple(map(str, called))


def _can_be_called(who: str) -> bool:
    by_id = is_person(who) or (is_group(who) and not who.startswith("@"))
    return by_id or who == "here"


def _one_of(here: Here, desk: Mapping[str, Any], key: str, known: tuple[Any, ...]) -> Any:
    """The first is what holds when nothing is said."""
    if desk.get(key, known[0]) not in known:
        raise here.wrong(key, f"{key} must be one of {', '.join(known)}")
    return desk.get(key, known[0])


def _check_roles(here: Here, roles: Mapping[str, list[str]]) -> None:
    for role, listed in roles.items():
        for name in listed:
            if not (is_person(name) or is_group(name)):
                what = (
                    f'{name!r} in {role} is no user id ("U..."), user group id ("S...") or handle of a group ("@...")'
                )
                raise here.wrong(role, what)
