"""bridge.toml as values: the desk, its texts, roles and bots. Says file, line and what is wrong."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, timedelta, tzinfo
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from bridge.desk_file.hours import read_hours
from bridge.desk_file.lines import Here
from bridge.desk_file.texts import named as named_texts
from bridge.desk_file.texts import read_variants
from bridge.desk_settings import DeskSettings
from bridge.errors import WrongSetting
from bridge.hours import DAYS, Hours
from bridge.hours import listed as listed_hours
from bridge.i18n import LANGUAGES, t
from bridge.policy import LONGEST_RECALL, LONGEST_WAIT, AfterHandBack, Audience, Policy, Reactions
from bridge.ports import Listed, is_group, is_person
from bridge.routing import Route
from bridge.texts import Texts
from bridge.triggers import Triggers
from bridge.wording import Variants, table_of

_TABLES = {
    "desk": {
        "name": str,
        "language": str,
        "timezone": str,
        "bots": list,
        "trigger_on_request": bool,
        "trigger_after_unsure": int,
        "keywords": list,
        "board": bool,
        "call": list,
        "external_channels": bool,
        "after_hand_back": str,
        "audience": str,
        "recall_seconds": int,
        "answer_minutes": int,
        "ask_address": bool,
        "reactions": str,
    },
    "hours": dict.fromkeys((*DAYS, "closed"), list),
    "texts": {item.name: str for item in fields(Texts)},
    "roles": {"admins": list, "responders": list, "viewers": list},
    "bots": {},
    "routes": {item.name: str if item.name == "channel" else list for item in fields(Route)},
}

_CONDITIONS = tuple(key for key in _TABLES["routes"] if key != "channel")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*")
_BOTS: Mapping[str, Mapping[str, object]] = {"knowledge": {"kind": "knowledge", "folder": "knowledge"}}


@dataclass(frozen=True, slots=True)
class DeskFile:
    """One desk. `path` and `source` serve to say where something is wrong."""

    name: str = "Support"
    language: str = "en"  # of what the team reads together
    timezone: str = "UTC"  # in which its days begin
    hours: Hours = field(default_factory=Hours)
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
    def zone(self) -> tzinfo:
        """In which its days begin."""
        return _zone(self.timezone)

    @property
    def folder(self) -> Path:
        """Paths in the file are relative to this."""
        return self.path.parent


def read_desk(content: Mapping[str, Any], path: Path, source: str) -> DeskFile:
    """Check a parsed bridge.toml. Raises WrongSetting with the line."""
    here = Here(path.name, source)
    for table, value in content.items():
        _check_table(here, table, value)
    desk, roles = content.get("desk", {}), content.get("roles", {})
    _check_roles(here, roles)
    bots: dict[str, Mapping[str, object]] = content.get("bots", {}) or dict(_BOTS)
    named = tuple(desk.get("bots", ())) or tuple(bots)[:1]
    for name in named:
        if name not in bots:
            raise here.wrong("bots", f"there is no [bots.{name}]; there are {', '.join(bots)}")
    return DeskFile(
        name=desk.get("name", "Support"),
        language=_one_of(here, desk, "language", LANGUAGES),
        timezone=(zone := _timezone(here, desk)),
        hours=read_hours(here, content.get("hours", {}), _zone(zone)),
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
        external_channels=desk.get("external_channels", False),
        policy=_policy(here, desk),
        bot_tables=bots,
        routes=tuple(_route(here.route(at), table, bots) for at, table in enumerate(content.get("routes", ()))),
        path=path,
        source=source,
    )


def only_in_file(desk: DeskFile) -> dict[str, str]:
    """What nobody can change from Slack, in words."""
    routes = "; ".join(
        f"#{route.channel}: " + ", ".join(it for key in _CONDITIONS for it in getattr(route, key))
        for route in desk.routes
    )
    return {
        t("Name"): desk.name,
        t("Language"): desk.language,
        t("Time zone"): desk.timezone,
        t("Hours"): listed_hours(desk.hours),
        t("Bots"): ", ".join(desk.bots),
        t("Called when a customer waits"): ", ".join(desk.call),
        t("Ask for an address when nobody is there"): t("on") if desk.ask_address else t("off"),
        t("Board"): t("on") if desk.board else t("off"),
        t("Routes"): routes,
    }


def with_line(desk: DeskFile, wrong: WrongSetting) -> WrongSetting:
    """What is wrong in a `[bots.<name>]` table, with its file and line."""
    named = re.match(r"\[bots\.([^\]]+)\]", str(wrong))
    if named is None or not desk.source:
        return wrong
    return Here(desk.path.name, desk.source).wrong(named[1], str(wrong).rstrip("."))


def wrong_variant(desk: DeskFile, whom: tuple[str, ...], what: str) -> WrongSetting:
    """What is wrong with a table under [texts], with its file and line."""
    return Here(desk.path.name, desk.source).table(table_of(whom)).wrong(whom[-1], what)


def wrong_route(desk: DeskFile, number: int, key: str, what: str) -> WrongSetting:
    """What is wrong in one of the `[[routes]]`, counted from 0, with its file and line."""
    return Here(desk.path.name, desk.source).route(number).wrong(key, what)


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


def _timezone(here: Here, desk: Mapping[str, Any]) -> str:
    name: str = desk.get("timezone", "UTC")
    try:
        _zone(name)
    except (KeyError, OSError, ValueError):  # such as none, a folder of zones, a path that leads elsewhere
        what = f'there is no time zone {name!r}; write one such as "Europe/Madrid", or "UTC"'
        raise here.wrong("timezone", what) from None
    return name


def _zone(name: str) -> tzinfo:
    """UTC needs no files, which small images do not have."""
    return UTC if name == "UTC" else ZoneInfo(name)


def _one_of(here: Here, desk: Mapping[str, Any], key: str, known: tuple[Any, ...]) -> Any:
    """The first is what holds when nothing is said."""
    if desk.get(key, known[0]) not in known:
        raise here.wrong(key, f"{key} must be one of {', '.join(known)}")
    return desk.get(key, known[0])


def _route(here: Here, table: Any, bots: Mapping[str, object]) -> Route:
    if not isinstance(table, dict):
        raise here.wrong("routes", "a route is a table, written [[routes]]")
    _check_keys(here, "routes", table)
    channel = table.get("channel", "").strip().removeprefix("#")
    if not channel:
        raise here.wrong("channel", 'a route needs its channel, as in channel = "#billing"')
    conditions = {key: tuple[str, ...](table.get(key, ())) for key in _CONDITIONS}
    if not any(conditions.values()):
        raise here.wrong("routes", f"this route would take everything: give it one of {', '.join(_CONDITIONS)}")
    for key, values in conditions.items():
        for value in values:
            _check_condition(here, key, value, bots)
    return Route(channel, **conditions)


def _check_condition(here: Here, key: str, value: str, bots: Mapping[str, object]) -> None:
    if not value.strip():
        raise here.wrong(key, f"{key} must not hold a blank text")
    if key == "bots" and value not in bots:
        raise here.wrong(key, f"there is no [bots.{value}]; there are {', '.join(bots)}")
    if key == "languages" and not _LANGUAGE.fullmatch(value):
        raise here.wrong(key, f'{value} is not a language: write a code such as "de" or "pt-BR"')


def _check_table(here: Here, table: str, value: Any) -> None:
    if table not in _TABLES:
        raise here.wrong(table, _unknown(f"[{table}]", table, _TABLES))
    if table == "routes":
        if not isinstance(value, list):
            raise here.wrong(table, "routes are tables, each written [[routes]]")
        return
    if not isinstance(value, dict):
        raise here.wrong(table, f"{table} must be a table, written [{table}]")
    _check_keys(here, table, named_texts(value) if table == "texts" else value)


def _check_keys(here: Here, table: str, value: Mapping[str, Any]) -> None:
    known: Mapping[str, type] = _TABLES[table]
    for key, found in value.items():
        if table == "bots":
            if not isinstance(found, dict):
                raise here.wrong(key, f"a bot is a table, written [bots.{key}]")
        elif key not in known:
            raise here.wrong(key, _unknown(key, key, known))
        elif not _fits(found, known[key]):
            raise here.wrong(key, f"{key} must be {_NAMES[known[key]]}")


def _check_roles(here: Here, roles: Mapping[str, list[str]]) -> None:
    for role, listed in roles.items():
        for name in listed:
            if not (is_person(name) or is_group(name)):
                what = (
                    f'{name!r} in {role} is no user id ("U..."), user group id ("S...") or handle of a group ("@...")'
                )
                raise here.wrong(role, what)


_NAMES = {str: "a text in quotes", list: 'a list of texts, such as ["a", "b"]', bool: "true or false", int: "a number"}


def _fits(value: Any, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, kind)


def _unknown(shown: str, key: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"{shown} is not known" + (f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}")
