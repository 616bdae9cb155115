"""What people type, and what they may not do."""

from typing import Any

import pytest

from bridge.sandbox.slack.composer import compose

from .conftest import CHANNEL, Sandbox, error


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("@ben and @nobody", "<@U0BEN> and @nobody"),
        ("@here!", "<!here>!"),
        ("@agents please", "<!subteam^S0AGENTS> please"),
        ("see #general", "see <#C0GENERAL|general>"),
        ("ticket #1042", "ticket #1042"),
        ("https://example.com/a?b=1&c=2.", "<https://example.com/a?b=1&amp;c=2>."),
        ("mail ana@example.com", "mail <mailto:ana@example.com|ana@example.com>"),
        ("go to example.com now", "go to <http://example.com|example.com> now"),
        ("well done 🎉 👍🏽", "well done :tada: :+1::skin-tone-4:"),
        ("*bold* and _it_", "*bold* and _it_"),
        ("`a < @ben`", "`a &lt; @ben`"),
        ("<@U0BEN> stays", "<@U0BEN> stays"),
        ("!note 2 < 3", "!note 2 &lt; 3"),
    ],
)
def test_the_message_field_writes_mrkdwn(sandbox: Sandbox, typed: str, wire: str):
    assert compose(sandbox.slack.workspace, typed)[0] == wire


def test_bold_becomes_a_style(sandbox: Sandbox):
    _, (block,) = compose(sandbox.slack.workspace, "a *b*")
    elements = block["elements"][0]["elements"]
    assert elements == [{"type": "text", "text": "a "}, {"type": "text", "text": "b", "style": {"bold": True}}]


def test_a_fence_stands_on_lines_of_its_own(sandbox: Sandbox):
    _, (block,) = compose(sandbox.slack.workspace, "a\n```\nx = 1```b")
    parts = [(part["type"], part["elements"][0]["text"]) for part in block["elements"]]
    assert parts == [("rich_text_section", "a\n"), ("rich_text_preformatted", "x = 1"), ("rich_text_section", "b")]


async def test_an_unknown_handle_becomes_an_ordinary_member(sandbox: Sandbox):
    await sandbox.act("zoe", "type", CHANNEL, "hi")
    user = (await sandbox.client().users_info(user="U0ZOE"))["user"]
    assert (user["name"], user["is_restricted"]) == ("zoe", False)


async def test_an_outsiders_message_names_the_other_workspace(sandbox: Sandbox):
    await sandbox.act("eve", "type", CHANNEL, "hi")
    (entry,) = sandbox.history("message")
    assert (entry.raw["user_team"], entry.raw["source_team"]) == ("T0EXTERN", "T0EXTERN")


@pytest.mark.parametrize(
    ("actor", "action", "expected", "more"),
    [
        ("ben", "edit", "cant_update_message", {}),
        ("ben", "delete", "cant_delete_message", {}),
        ("ana", "react", "invalid_name", {}),
        ("ana", "fly", "unknown_action", {}),
        ("eve", "command", "command_not_in_thread", {}),
    ],
)
async def test_people_may_not_do_everything(
    sandbox: Sandbox, actor: str, action: str, expected: str, more: dict[str, Any]
):
    ts = await sandbox.act("ana", "type", CHANNEL, "mine")
    text = "" if action == "react" else "x"
    done = await sandbox.slack.act(actor, action, f"{CHANNEL}:{ts}", text, **more)
    assert done == {"ok": False, "id": None, "error": expected}


async def test_an_admin_may_delete_anybodys_message(sandbox: Sandbox):
    ts = await sandbox.act("ana", "type", CHANNEL, "mine")
    await sandbox.act("clea", "delete", f"{CHANNEL}:{ts}")
    assert sandbox.slack.view()["messages"][CHANNEL] == []


async def test_outsiders_have_no_commands_and_nobody_acts_where_they_are_not(sandbox: Sandbox):
    assert (await sandbox.slack.act("eve", "command", CHANNEL, "/queue"))["error"] == "restricted_action"
    assert (await sandbox.slack.act("gus", "type", "C0GENERAL", "x"))["error"] == "not_in_channel"
    assert (await sandbox.slack.act("gus", "type", "C0NONE", "x"))["error"] == "channel_not_found"


async def test_the_view_shows_messages_reactions_and_threads(sandbox: Sandbox):
    client = sandbox.client()
    root = (await client.chat_postMessage(channel=CHANNEL, text="card", username="Maria", icon_emoji=":cat:"))["ts"]
    await sandbox.act("ana", "type", f"{CHANNEL}:{root}", "reply")
    await sandbox.act("ana", "react", f"{CHANNEL}:{root}", emoji="eyes")
    head, reply = sandbox.slack.view()["messages"][CHANNEL]
    assert (head["username"], head["icon_emoji"], head["reply_count"]) == ("Maria", ":cat:", 1)
    assert (head["reactions"][0]["users"], reply["thread_ts"]) == (["U0ANA"], root)


async def test_a_preview_of_a_link_is_no_edit(sandbox: Sandbox):
    ts = await sandbox.act("ana", "type", CHANNEL, "see https://example.com")
    await sandbox.act("ana", "unfurl", f"{CHANNEL}:{ts}")
    (message,) = sandbox.slack.view()["messages"][CHANNEL]
    assert ("edited" in message, len(message["attachments"])) == (False, 1)


async def test_new_channels_can_be_private_and_without_the_app(sandbox: Sandbox):
    client = sandbox.client()
    private = await sandbox.act("ana", "create_channel", "desk-es", private=True)
    await client.chat_postMessage(channel=private, text="x")
    hidden = await sandbox.act("ana", "create_channel", "desk-fr", private=True, bot=False)
    assert await error(client.conversations_info(channel=hidden)) == "channel_not_found"
    await sandbox.act("ana", "invite_bot", hidden)
    assert (await client.conversations_info(channel=hidden))["channel"]["is_private"]
    await sandbox.act("ana", "remove_bot", CHANNEL)
    assert await error(client.chat_postMessage(channel=CHANNEL, text="x")) == "not_in_channel"


async def test_people_write_to_the_app_directly(sandbox: Sandbox):
    await sandbox.act("ana", "type", "U0BRIDGE", "hi")
    (entry,) = sandbox.history("message")
    assert entry.chat == "D0ANA"
    read = await sandbox.client().conversations_history(channel="D0ANA")
    assert [message["text"] for message in read["messages"]] == ["hi"]


async def test_nobody_can_act_as_the_app(sandbox: Sandbox):
    assert (await sandbox.slack.act("bridge", "type", CHANNEL, "x"))["error"] == "user_not_found"


async def test_presence_is_told_to_those_who_ask(sandbox: Sandbox):
    await sandbox.act("ana", "presence", "", "away")
    assert (await sandbox.client().users_getPresence(user="U0ANA"))["presence"] == "away"


async def test_an_answer_to_a_reply_lands_in_its_thread(sandbox: Sandbox):
    root = await sandbox.act("ana", "type", CHANNEL, "root")
    reply = await sandbox.act("ana", "type", f"{CHANNEL}:{root}", "reply")
    await sandbox.act("ben", "type", f"{CHANNEL}:{reply}", "answer")
    assert sandbox.history("message")[-1].thread == root
    done = await sandbox.slack.act("ben", "type", f"{CHANNEL}:1700000000.000100", "x")
    assert done["error"] == "thread_not_found"
