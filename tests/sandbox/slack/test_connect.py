"""What the app's manifest and settings change."""

from .conftest import CHANNEL, Sandbox, error

MANIFEST = {
    "features": {
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [{"command": "/handback", "description": "Back", "should_escape": False}],
        "shortcuts": [{"name": "Hand back", "type": "message", "callback_id": "handback_msg", "description": "x"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.channels"]}},
}


async def test_with_a_manifest_only_its_commands_and_shortcuts_exist(sandbox: Sandbox):
    assert not sandbox.slack.view()["home_tab"]
    sandbox.slack.connect({"manifest": MANIFEST})
    view = sandbox.slack.view()
    assert view["home_tab"]
    assert [each["command"] for each in view["commands"]] == ["/handback"]
    assert [each["callback_id"] for each in view["shortcuts"]] == ["handback_msg"]
    assert (await sandbox.slack.act("ana", "command", CHANNEL, "/queue"))["error"] == "unknown_command"
    other = await sandbox.slack.act("ana", "shortcut", "", callback_id="other")
    assert other["error"] == "unknown_shortcut"
    assert await error(sandbox.client().users_list()) == "missing_scope"


async def test_only_subscribed_events_are_told(sandbox: Sandbox):
    sandbox.slack.connect({"manifest": MANIFEST})
    sandbox.slack.grace = 0.05
    sandbox.world.set_speed(20_000)
    ts = await sandbox.act("ana", "mention", CHANNEL, "x")
    await sandbox.act("ana", "react", f"{CHANNEL}:{ts}", emoji="eyes")
    await sandbox.settled()
    assert [entry.raw["type"] for entry in sandbox.history("event_lost")] == ["message"]


async def test_a_commands_text_is_escaped_if_the_manifest_says_so(sandbox: Sandbox):
    await sandbox.act("ana", "command", CHANNEL, "/queue @ben <x> #1042")
    sandbox.slack.connect({"manifest": MANIFEST})
    await sandbox.act("ana", "command", CHANNEL, "/handback @ben <x> #1042")
    texts = [entry.raw["text"] for entry in sandbox.history("slash_commands")]
    assert texts == ["<@U0BEN|ben> &lt;x&gt; #1042", "@ben <x> #1042"]
    assert [entry.text for entry in sandbox.history("slash_commands")][1] == "/handback @ben <x> #1042"
