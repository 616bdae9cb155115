"""The Slack manifest asks for what the bridge uses, within the limits that Slack sets, and for nothing else."""

from pathlib import Path
from typing import Any

import pytest
import yaml

MANIFEST: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent / "manifest.yml").read_text())

SCOPES = {
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.customize",
    "commands",
    "groups:history",
    "groups:read",
    "reactions:write",
    "users:read",
}

# Slack delivers nothing for an event whose scope is missing, and says nothing about it.
SCOPE_OF_EVENT = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
}


def test_the_scopes_are_exactly_those_in_use() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]
    assert list(scopes) == ["bot"]
    assert sorted(scopes["bot"]) == sorted(SCOPES)


def test_the_events_are_messages_in_channels_and_mentions() -> None:
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == set(SCOPE_OF_EVENT)


@pytest.mark.parametrize(("event", "scope"), SCOPE_OF_EVENT.items())
def test_every_event_has_the_scope_without_which_it_never_comes(event: str, scope: str) -> None:
    assert scope in MANIFEST["oauth_config"]["scopes"]["bot"], event


def test_socket_mode_is_on_so_no_address_is_needed() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}
    assert "url" not in str(MANIFEST)


def test_tokens_do_not_rotate_because_that_cannot_be_undone() -> None:
    assert MANIFEST["settings"]["token_rotation_enabled"] is False


def test_handback_is_the_one_command_and_says_how_it_is_used() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    assert command["command"] == "/handback"
    assert command["usage_hint"] == "[#n] [note]"
    assert set(command) <= {"command", "description", "usage_hint", "should_escape", "url"}


def test_names_and_descriptions_are_within_slacks_limits() -> None:
    shown = MANIFEST["display_information"]
    assert shown["name"] == "Handoff"
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    bot = MANIFEST["features"]["bot_user"]["display_name"]
    assert bot == "handoff"
    assert set(bot) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_the_manifest_has_only_sections_that_slack_knows() -> None:
    known = {
        "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
        "_metadata": {"major_version", "minor_version"},
        "display_information": {"name", "description", "long_description", "background_color"},
        "features": {"app_home", "bot_user", "shortcuts", "slash_commands"},
        "oauth_config": {"scopes"},
        "settings": {
            "event_subscriptions",
            "interactivity",
            "org_deploy_enabled",
            "socket_mode_enabled",
            "token_rotation_enabled",
        },
    }
    assert {name: set(MANIFEST[name] if name else MANIFEST) - keys for name, keys in known.items()} == {
        name: set() for name in known
    }
