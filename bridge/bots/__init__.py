"""The bots. A kind of bot is a module here with `from_settings`; it is found by being there."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from pathlib import Path

from bridge.errors import WrongSetting
from bridge.ports import Bot

Bots = Callable[[str], Bot]
"""Another bot of the same configuration, by name."""


def build(tables: Mapping[str, Mapping[str, object]], folder: Path, env: Mapping[str, str]) -> dict[str, Bot]:
    """Build every bot of `[bots.<name>]` tables; paths in them are relative to `folder`."""
    built: dict[str, Bot] = {}
    begun: list[str] = []

    def bot(name: str) -> Bot:
        if name in built:
            return built[name]
        if name not in tables:
            raise WrongSetting(f"There is no bot {name!r}; the bots are {', '.join(sorted(tables))}.")
        if name in begun:
            raise WrongSetting(f"[bots.{name}]: {' -> '.join([*begun, name])} leads back to itself.")
        begun.append(name)
        built[name] = _build_one(name, tables[name], folder, env, bot)
        begun.pop()
        return built[name]

    return {name: bot(name) for name in tables}


def kinds() -> list[str]:
    """The kinds of bots that there are."""
    modules = (module.name for module in pkgutil.iter_modules(__path__))
    return [name for name in modules if hasattr(importlib.import_module(f"{__name__}.{name}"), "from_settings")]


def _build_one(name: str, table: Mapping[str, object], folder: Path, env: Mapping[str, str], bots: Bots) -> Bot:
    kind = table.get("kind", name)
    present = {module.name for module in pkgutil.iter_modules(__path__)}
    module = importlib.import_module(f"{__name__}.{kind}") if kind in present else None
    if not hasattr(module, "from_settings"):
        raise WrongSetting(f"[bots.{name}]: there is no kind {kind!r}; the kinds are {', '.join(kinds())}.")
    options = {key: value for key, value in table.items() if key != "kind"}
    return module.from_settings(name, options, folder, env, bots)  # type: ignore[union-attr]
