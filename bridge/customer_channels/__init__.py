"""The ways to reach customers. A channel is one module in this folder; those whose settings are present are on.

Modules that begin with an underscore are parts of a channel, not channels.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from bridge.ports import CustomerChannel, Kit


def found(env: Mapping[str, str], kit: Kit) -> list[CustomerChannel]:
    """Every channel that `env` has settings for. Raises WrongSetting when they cannot be used."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__) if module.name[0] != "_"]
    channels = [module.from_settings(env, kit) for module in modules if hasattr(module, "from_settings")]
    return [channel for channel in channels if channel is not None]
