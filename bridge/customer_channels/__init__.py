"""The ways to reach customers. A channel is one module in this folder; those whose settings are present are on.

Modules that begin with an underscore are parts of a channel, not channels.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules

from bridge.ports import CustomerChannel, Kit

Build = Callable[[Mapping[str, str], Kit], CustomerChannel | None]
"""A channel from its settings; None when there are none. Raises WrongSetting when they cannot be used."""


def builders() -> dict[str, Build]:
    """How to build each channel that there is, by its name."""
    modules = {
        module.name: import_module(f"{__name__}.{module.name}")
        for module in iter_modules(__path__)
        if module.name[0] != "_"
    }
    return {name: module.from_settings for name, module in modules.items() if hasattr(module, "from_settings")}


def found(env: Mapping[str, str], kit: Kit) -> list[CustomerChannel]:
    """Every channel that `env` has settings for. Raises WrongSetting when they cannot be used."""
    channels = [build(env, kit) for build in builders().values()]
    return [channel for channel in channels if channel is not None]
