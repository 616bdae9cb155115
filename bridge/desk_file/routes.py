"""The tables [[routes]] as values: which handoffs go to which queue channel."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any

from bridge.desk_file.lines import Here
from bridge.desk_file.shape import check_keys
from bridge.routing import Route

CONDITIONS = tuple(item.name for item in fields(Route) if item.name != "channel")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*")


def read_routes(here: Here, tables: Sequence[Any], bots: Collection[str]) -> tuple[Route, ...]:
    """Check them. Which customer channels there are is not known here."""
    return tuple(_route(here.route(at), table, bots) for at, table in enumerate(tables))


def check_routes(here: Here, routes: Sequence[Route], channels: Collection[str]) -> None:
    """Refuse a route for customers of a channel that nobody knows."""
    for at, route in enumerate(routes):
        for name in route.customer_channels:
            if name not in channels:
                what = f"there is no customer channel {name}; there are {', '.join(channels)}"
                raise here.route(at).wrong("customer_channels", what)


def in_words(routes: Sequence[Route]) -> str:
    """All of them, for people to read."""
    return "; ".join(
        f"#{route.channel}: " + ", ".join(it for key in CONDITIONS for it in getattr(route, key)) for route in routes
    )


def _route(here: Here, table: Any, bots: Collection[str]) -> Route:
    if not isinstance(table, dict):
        raise here.wrong("routes", "a route is a table, written [[routes]]")
    given: Mapping[str, Any] = table
    check_keys(here, "routes", given)
    channel = given.get("channel", "").strip().removeprefix("#")
    if not channel:
        raise here.wrong("channel", 'a route needs its channel, as in channel = "#billing"')
    conditions = {key: tuple[str, ...](given.get(key, ())) for key in CONDITIONS}
    if not any(conditions.values()):
        raise here.wrong("routes", f"this route would take everything: give it one of {', '.join(CONDITIONS)}")
    for key, values in conditions.items():
        for value in values:
            _check_condition(here, key, value, bots)
    return Route(channel, **conditions)


def _check_condition(here: Here, key: str, value: str, bots: Collection[str]) -> None:
    if not value.strip():
        raise here.wrong(key, f"{key} must not hold a blank text")
    if key == "bots" and value not in bots:
        raise here.wrong(key, f"there is no [bots.{value}]; there are {', '.join(bots)}")
    if key == "languages" and not _LANGUAGE.fullmatch(value):
        raise here.wrong(key, f'{value} is not a language: write a code such as "de" or "pt-BR"')
