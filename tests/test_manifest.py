"""The Slack manifest asks for exactly what the bridge uses, both ways, within the limits that Slack sets."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bridge import manifest
from bridge.errors import WrongSetting
from bridge.team_workspace.using import SHORTCUTS
from bridge.verbs import COMMANDS

ROOT = Path(__file__).parent.parent
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
WORKSPACE = ROOT / "bridge" / "team_workspace"

READING, HISTORY = ("channels:read", "groups:read"), ("channels:history", "groups:history")
SCOPES_OF_METHOD = {
    "apps.connections.open": (),  # the app-level token's own connections:write
    "assistant.threads.setStatus": ("chat:write",),
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": HISTORY,
    "conversations.info": READING,
    "conversations.list": READING,
    "conversations.members": READING,
    "conversations.replies": HISTORY,
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "pins.add": ("pins:write",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "usergroups.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}
SCOPE_OF_LOSS = {
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_shared": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "member_left_channel": "channels:read",
}
EVENTS_OF_TYPE = {
    "app_home_opened": ("app_home_opened",),
    "message": ("message.channels", "message.groups"),
    "reaction_added": ("reaction_added",),
    "reaction_removed": ("reaction_removed",),
    "subteam_members_changed": ("subteam_members_changed",),
    "subteam_updated": ("subteam_updated",),
    "user_change": ("user_change",),
    **{event: (event,) for event in SCOPE_OF_LOSS},
}

# Slack delivers nothing for an event whose scope is missing, and says nothing about it.
SCOPE_OF_EVENT = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "user_change": "users:read",
    **SCOPE_OF_LOSS,
}


def nodes() -> Iterator[ast.AST]:
    """Everything in the source of Slack's room."""
    for source in WORKSPACE.glob("**/*.py"):
        yield from ast.walk(ast.parse(source.read_text()))


def methods_used() -> set[str]:
    """The Web API's methods that are called by name: "chat.update"."""
    named = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {name for name in named if "." in name and hasattr(AsyncWebClient, name.replace(".", "_"))}


def types_of_events() -> set[str]:
    """The types in patterns such as `{"event": {"type": "message"}}`."""
    for_events = (
        pattern for node in nodes() if isinstance(node, ast.MatchMapping) for pattern in _under(node, "event")
    )
    either = (pattern for event in for_events for pattern in _under(event, "type"))
    typed = (one for pattern in either for one in (pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]))
    return {pattern.value.value for pattern in typed if isinstance(pattern, ast.MatchValue)}  # type: ignore[attr-defined]


def _under(pattern: ast.pattern, key: str) -> list[ast.pattern]:
    if isinstance(pattern, ast.MatchAs) and pattern.pattern:
        pattern = pattern.pattern
    if not isinstance(pattern, ast.MatchMapping):
        return []
    return [below for name, below in zip(pattern.keys, pattern.patterns, strict=True) if ast.unparse(name) == repr(key)]


def scopes_used() -> set[str]:
    """What the source needs: for its calls, for its events, and for its one command."""
    needed = {scope for method in methods_used() for scope in SCOPES_OF_METHOD[method]}
    events = {event for kind in types_of_events() for event in EVENTS_OF_TYPE[kind]}
    needed |= {SCOPE_OF_EVENT[event] for event in events if event in SCOPE_OF_EVENT}
    if any(isinstance(node, ast.keyword | ast.arg) and node.arg == "username" for node in nodes()):
        needed.add("chat:write.customize")
    return needed | {"commands"}


def test_the_scopes_are_exactly_those_in_use() -> None:
    assert list(MANIFEST["oauth_config"]["scopes"]) == ["bot"]
    assert sorted(manifest.scopes()) == sorted(scopes_used())


def test_the_methods_in_use_are_seen_in_the_source() -> None:
    assert methods_used() == {*SCOPES_OF_METHOD}


def test_the_events_are_exactly_those_that_are_read() -> None:
    events = {event for kind in types_of_events() for event in EVENTS_OF_TYPE[kind]}
    assert events
    assert sorted(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == sorted(events)


@pytest.mark.parametrize("event", sorted(SCOPE_OF_EVENT))
def test_every_event_has_the_scope_without_which_it_never_comes(event: str) -> None:
    assert SCOPE_OF_EVENT[event] in manifest.scopes()


def test_socket_mode_is_on_so_no_address_is_needed() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}
    assert "url" not in str(MANIFEST)


def test_tokens_do_not_rotate_because_that_cannot_be_undone() -> None:
    assert MANIFEST["settings"]["token_rotation_enabled"] is False


def test_the_commands_are_those_that_are_known_and_say_how_they_are_used() -> None:
    commands = MANIFEST["features"]["slash_commands"]
    assert [command["command"] for command in commands] == [f"/{name}" for name in COMMANDS]
    assert all(command["usage_hint"] and len(command["usage_hint"]) <= 1000 for command in commands)
    assert all(set(it) <= {"command", "description", "usage_hint", "should_escape", "url"} for it in commands)


def test_the_shortcuts_are_those_that_are_known() -> None:
    shortcuts = MANIFEST["features"]["shortcuts"]
    assert {it["callback_id"] for it in shortcuts} == SHORTCUTS
    assert all(it["type"] == "message" and len(it["name"]) <= 24 for it in shortcuts)


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


def test_the_link_opens_a_new_app_with_the_whole_manifest() -> None:
    link = urlsplit(manifest.link())
    asked = parse_qs(link.query, strict_parsing=True)
    assert f"{link.scheme}://{link.netloc}{link.path}" == "https://api.slack.com/apps"
    assert asked["new_app"] == ["1"]
    assert yaml.safe_load(asked["manifest_yaml"][0]) == MANIFEST


def test_over_http_slack_is_told_where_to_call() -> None:
    told = yaml.safe_load(manifest.text("https://bridge.example.com/"))
    address = "https://bridge.example.com/slack/events"
    assert told["settings"]["socket_mode_enabled"] is False
    assert told["settings"]["event_subscriptions"].pop("request_url") == address
    assert told["settings"]["interactivity"].pop("request_url") == address
    assert {command.pop("url") for command in told["features"]["slash_commands"]} == {address}
    told["settings"]["socket_mode_enabled"] = True
    assert told == MANIFEST


def test_an_address_that_slack_does_not_call_is_refused() -> None:
    with pytest.raises(WrongSetting, match="https://"):
        manifest.text("http://bridge.example.com")
