"""The Slack app's manifest, which stands beside the program, and the link that creates the app from it."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from bridge.errors import WrongSetting

FILE = Path(__file__).parent.parent / "manifest.yml"
NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_yaml="


def text() -> str:
    """The manifest as it is written."""
    try:
        return FILE.read_text(encoding="utf-8")
    except OSError:
        raise WrongSetting(f"{FILE.name} is not beside the program: start it from a clone of the repository.") from None


def link() -> str:
    """Opens Slack's page for a new app, filled in. Without the comments, which would make it twice as long."""
    return NEW_APP + quote(yaml.safe_dump(_content(), sort_keys=False), safe="")


def scopes() -> list[str]:
    """What the bot must be allowed."""
    return _content()["oauth_config"]["scopes"]["bot"]


def _content() -> Any:
    return yaml.safe_load(text())
