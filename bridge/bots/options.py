"""The options of one bot's table in `bridge.toml`, checked; what is wrong becomes one sentence."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bridge.errors import WrongSetting


class Options(BaseModel):
    """What a kind of bot can be told. Unknown options are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Some = TypeVar("Some", bound=Options)


def read(kind: type[Some], name: str, table: Mapping[str, object]) -> Some:
    """Read a table, or raise a WrongSetting that names the table and the option."""
    try:
        return kind.model_validate(dict(table))
    except ValidationError as error:
        first = error.errors()[0]
        option = ".".join(str(part) for part in first["loc"])
        raise WrongSetting(f"[bots.{name}] {option}: {_sentence(first['type'], first['msg'], option, kind)}") from None


def existing(name: str, option: str, path: Path) -> Path:
    """The path, if it is there."""
    if not path.exists():
        raise WrongSetting(f"[bots.{name}] {option}: {path} is not there.")
    return path


def _sentence(type_: str, message: str, option: str, kind: type[Options]) -> str:
    if type_ == "missing":
        return "is needed."
    if type_ != "extra_forbidden":
        return f"{message}."
    near = difflib.get_close_matches(option, kind.model_fields, n=1)
    return (
        f"is no option; did you mean {near[0]}?" if near else f"is no option; there are {', '.join(kind.model_fields)}."
    )
