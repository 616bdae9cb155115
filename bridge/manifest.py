"""The Slack app's manifest, which stands beside the program, and the link that creates the app from it."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from bridge.errors import WrongSetting

FILE = Path(__file__).parent.parent / "manifest.yml"
NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_yaml="


def text(public_url: str = "") -> str:
    """The manifest as it is written; with an address, for HTTP mode instead of Socket Mode."""
    return _dumped(_over_http(public_url)) if public_url else _written()


def link(public_url: str = "") -> str:
    """Opens Slack's page for a new app, filled in. Without the comments, which would make it twice as long."""
    return NEW_APP + quote(_dumped(_over_http(public_url) if public_url else content()), safe="")


def scopes() -> list[str]:
    """What the bot must be allowed."""
    return content()["oauth_config"]["scopes"]["bot"]


def _over_http(public_url: str) -> Any:
    if not public_url.startswith("https://"):
        raise WrongSetting(f"Slack calls only addresses that begin with https://, not {public_url!r}.")
    address = f"{public_url.rstrip('/')}/slack/events"
    asked = content()
    settings = asked["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"] = {"request_url": address, **settings["event_subscriptions"]}
    settings["interactivity"]["request_url"] = address
    for command in asked["features"]["slash_commands"]:
        command["url"] = address
    return asked


def content() -> Any:
    """The manifest as values."""
    return yaml.safe_load(_written())


def _written() -> str:
    try:
        return FILE.read_text(encoding="utf-8")
    except OSError:
        raise WrongSetting(f"{FILE.name} is not beside the program: start it from a clone of the repository.") from None


def _dumped(content: Any) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
