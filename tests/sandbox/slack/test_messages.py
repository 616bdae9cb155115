"""Posting, changing, deleting and reading back, through the real slack_sdk."""

from typing import Any

import pytest

from .conftest import CHANNEL, Sandbox, error, refusal

DATA = {"event_type": "outbox", "event_payload": {"obx": "7"}}
POST = {"channel": CHANNEL, "text": "x"}
SECTION = [{"type": "section", "text": {"type": "mrkdwn", "text": "card"}}]


async def texts(client: Any, ts: str, **more: Any) -> list[str]:
    return [
        message["text"] for message in (await client.conversations_replies(channel=CHANNEL, ts=ts, **more))["messages"]
    ]


async def test_a_post_comes_back_in_the_history_of_the_channel_and_of_the_sandbox(sandbox: Sandbox, client: Any):
    posted = await client.chat_postMessage(channel=CHANNEL, text="hello")
    read = await client.conversations_history(channel=CHANNEL)
    assert [message["text"] for message in read["messages"]] == ["hello"]
    (entry,) = sandbox.history("chat.postMessage")
    assert (entry.direction, entry.chat, entry.id, entry.text) == ("out", CHANNEL, posted["ts"], "hello")


async def test_timestamps_rise_and_never_repeat(sandbox: Sandbox):
    stamps = [await sandbox.act("ana", "type", CHANNEL, f"{n}") for n in range(200)]
    assert stamps == sorted(set(stamps))
    assert {len(ts) for ts in stamps} == {17}


async def test_a_thread_counts_its_replies_and_reads_root_first(sandbox: Sandbox, client: Any):
    root = (await client.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    first = await sandbox.act("ana", "type", f"{CHANNEL}:{root}", "one")
    last = (await client.chat_postMessage(channel=CHANNEL, thread_ts=root, text="two"))["ts"]
    answer = await client.conversations_replies(channel=CHANNEL, ts=first)
    assert [message["ts"] for message in answer["messages"]] == [root, first, last]
    head = answer["messages"][0]
    assert (head["thread_ts"], head["reply_count"], head["latest_reply"]) == (root, 2, last)
    assert head["reply_users"] == ["U0ANA", "U0BRIDGE"]
    history = await client.conversations_history(channel=CHANNEL)
    assert [message["ts"] for message in history["messages"]] == [root]


async def test_a_broadcast_reply_also_stands_in_the_channel(client: Any):
    root = (await client.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    sent = await client.chat_postMessage(channel=CHANNEL, thread_ts=root, text="all", reply_broadcast=True)
    assert sent["message"]["subtype"] == "thread_broadcast"
    history = await client.conversations_history(channel=CHANNEL)
    assert [message["text"] for message in history["messages"]] == ["all", "root"]


async def test_replies_are_read_in_pages_and_between_times(sandbox: Sandbox, client: Any):
    root = await sandbox.act("ana", "type", CHANNEL, "root")
    stamps = [await sandbox.act("ana", "type", f"{CHANNEL}:{root}", f"{n}") for n in range(5)]
    page = await client.conversations_replies(channel=CHANNEL, ts=root, limit=3)
    assert [message["text"] for message in page["messages"]] == ["root", "0", "1"]
    cursor = page["response_metadata"]["next_cursor"]
    assert await texts(client, root, cursor=cursor, limit=100) == ["2", "3", "4"]
    assert await texts(client, root, oldest=stamps[2]) == ["root", "3", "4"]
    assert await texts(client, root, oldest=stamps[2], latest=stamps[4]) == ["root", "3"]
    assert await texts(client, root, oldest=stamps[2], latest=stamps[3], inclusive=True) == ["root", "2", "3"]


async def test_history_is_read_in_pages_newest_first(sandbox: Sandbox, client: Any):
    for n in range(5):
        await sandbox.act("ana", "type", CHANNEL, f"{n}")
    page = await client.conversations_history(channel=CHANNEL, limit=2)
    assert ([message["text"] for message in page["messages"]], page["has_more"]) == (["4", "3"], True)
    rest = await client.conversations_history(channel=CHANNEL, cursor=page["response_metadata"]["next_cursor"])
    assert ([message["text"] for message in rest["messages"]], rest["has_more"]) == (["2", "1", "0"], False)


async def test_metadata_is_read_back_whole_only_when_asked_for(client: Any):
    ts = (await client.chat_postMessage(channel=CHANNEL, text="x", metadata=DATA))["ts"]
    (plain,) = (await client.conversations_replies(channel=CHANNEL, ts=ts))["messages"]
    (whole,) = (await client.conversations_replies(channel=CHANNEL, ts=ts, include_all_metadata=True))["messages"]
    assert (plain["metadata"], whole["metadata"]) == ({"event_type": "outbox"}, DATA)


async def test_an_update_keeps_metadata_unless_told_and_drops_blocks_that_are_not_sent(client: Any):
    ts = (await client.chat_postMessage(channel=CHANNEL, text="x", blocks=SECTION, metadata=DATA))["ts"]
    kept = (await client.chat_update(channel=CHANNEL, ts=ts, text="y"))["message"]
    assert ("blocks" in kept, kept["metadata"], kept["edited"]["user"]) == (False, DATA, "U0BRIDGE")
    bare = (await client.chat_update(channel=CHANNEL, ts=ts, text="z", blocks=SECTION, metadata={}))["message"]
    assert ("metadata" in bare, bare["blocks"][0]["text"]["text"]) == (False, "card")


async def test_an_update_with_blocks_shows_no_edited_mark(client: Any):
    ts = (await client.chat_postMessage(channel=CHANNEL, text="x", blocks=SECTION))["ts"]
    assert "edited" not in (await client.chat_update(channel=CHANNEL, ts=ts, text="x", blocks=SECTION))["message"]


async def test_a_deleted_root_with_replies_leaves_a_tombstone(sandbox: Sandbox, client: Any):
    root = (await client.chat_postMessage(channel=CHANNEL, text="root", blocks=SECTION))["ts"]
    reply = await sandbox.act("ana", "type", f"{CHANNEL}:{root}", "reply")
    await client.chat_delete(channel=CHANNEL, ts=root)
    head, kept = (await client.conversations_replies(channel=CHANNEL, ts=root))["messages"]
    assert (head["subtype"], "blocks" in head, kept["ts"]) == ("tombstone", False, reply)
    assert await error(client.chat_update(channel=CHANNEL, ts=root, text="x")) == "cant_update_message"
    await sandbox.act("ana", "delete", f"{CHANNEL}:{reply}")
    assert await error(client.conversations_replies(channel=CHANNEL, ts=root)) == "thread_not_found"


async def test_a_deleted_message_is_gone(client: Any):
    ts = (await client.chat_postMessage(channel=CHANNEL, text="x"))["ts"]
    await client.chat_delete(channel=CHANNEL, ts=ts)
    assert (await client.conversations_history(channel=CHANNEL))["messages"] == []
    assert await error(client.chat_delete(channel=CHANNEL, ts=ts)) == "message_not_found"


async def test_reactions_are_added_once_and_taken_back_once(sandbox: Sandbox, client: Any):
    ts = await sandbox.act("ana", "type", CHANNEL, "x")
    await sandbox.act("ana", "react", f"{CHANNEL}:{ts}", emoji="eyes")
    await client.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes")
    assert await error(client.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes")) == "already_reacted"
    message = (await client.reactions_get(channel=CHANNEL, timestamp=ts))["message"]
    assert message["reactions"] == [{"name": "eyes", "users": ["U0ANA", "U0BRIDGE"], "count": 2}]
    await client.reactions_remove(channel=CHANNEL, timestamp=ts, name="eyes")
    assert await error(client.reactions_remove(channel=CHANNEL, timestamp=ts, name="eyes")) == "no_reaction"
    assert await error(client.reactions_add(channel=CHANNEL, timestamp=ts, name="no such")) == "invalid_name"


async def test_a_permalink_to_a_reply_names_its_thread(sandbox: Sandbox, client: Any):
    root = await sandbox.act("ana", "type", CHANNEL, "root")
    reply = await sandbox.act("ana", "type", f"{CHANNEL}:{root}", "reply")
    link = (await client.chat_getPermalink(channel=CHANNEL, message_ts=reply))["permalink"]
    assert link.endswith(f"/archives/{CHANNEL}/p{reply.replace('.', '')}?thread_ts={root}&cid={CHANNEL}")


async def test_a_whisper_in_a_thread_nobody_has_answered_in_is_not_shown(sandbox: Sandbox, client: Any):
    root = (await client.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    await client.chat_postEphemeral(channel=CHANNEL, user="U0ANA", thread_ts=root, text="unseen")
    await sandbox.act("ana", "type", f"{CHANNEL}:{root}", "reply")
    await client.chat_postEphemeral(channel=CHANNEL, user="U0ANA", thread_ts=root, text="seen")
    assert [each["text"] for each in sandbox.slack.view()["ephemerals"]] == ["seen"]
    assert [entry.raw["shown"] for entry in sandbox.history("chat.postEphemeral")] == [False, True]


async def test_a_status_goes_away_when_the_app_posts(sandbox: Sandbox, client: Any):
    root = (await client.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    await client.assistant_threads_setStatus(channel_id=CHANNEL, thread_ts=root, status="is typing")
    assert [each["status"] for each in sandbox.slack.view()["statuses"]] == ["is typing"]
    await client.chat_postMessage(channel=CHANNEL, thread_ts=root, text="x")
    assert sandbox.slack.view()["statuses"] == []


async def test_pins_are_kept_listed_and_removed(client: Any):
    ts = (await client.chat_postMessage(channel=CHANNEL, text="board"))["ts"]
    await client.pins_add(channel=CHANNEL, timestamp=ts)
    assert await error(client.pins_add(channel=CHANNEL, timestamp=ts)) == "already_pinned"
    assert [item["message"]["ts"] for item in (await client.pins_list(channel=CHANNEL))["items"]] == [ts]
    await client.pins_remove(channel=CHANNEL, timestamp=ts)
    assert await error(client.pins_remove(channel=CHANNEL, timestamp=ts)) == "no_pin"


@pytest.mark.parametrize(
    ("method", "args", "expected"),
    [
        ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": CHANNEL}, "no_text"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {**POST, "thread_ts": "1700000000.000100"}, "thread_not_found"),
        ("chat.postMessage", {**POST, "thread_ts": "nonsense"}, "invalid_thread_ts"),
        ("chat.postMessage", {**POST, "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ("chat.postMessage", {**POST, "blocks": [{"type": "nope"}]}, "invalid_blocks"),
        ("chat.postMessage", {**POST, "markdown_text": "y"}, "markdown_text_conflict"),
        ("chat.postMessage", {**POST, "metadata": {"a": 1}}, "invalid_metadata_format"),
        (
            "chat.postMessage",
            {**POST, "metadata": {"event_type": ""}},
            "invalid_metadata_schema",
        ),
        ("chat.update", {"channel": CHANNEL, "ts": "1700000000.000100", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": CHANNEL, "ts": "1700000000.000100"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": CHANNEL, "user": "U0NOBODY", "text": "x"}, "user_not_found"),
        ("conversations.info", {"channel": "C0NONE"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0GENERAL"}, "not_in_channel"),
        ("conversations.replies", {"channel": CHANNEL, "ts": "1700000000.000100"}, "thread_not_found"),
        ("reactions.add", {"channel": CHANNEL, "timestamp": "1700000000.000100", "name": "eyes"}, "message_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
        ("files.info", {"file": "F0NONE"}, "file_not_found"),
        ("files.getUploadURLExternal", {"filename": "a.txt", "length": 0}, "missing_argument"),
        ("no.such.method", {}, "unknown_method"),
    ],
)
async def test_slack_refuses_with_its_own_word(client: Any, method: str, args: dict[str, Any], expected: str):
    assert await error(client.api_call(method, json=args)) == expected


async def test_what_is_refused_is_recorded_as_rejected_and_has_no_effect(sandbox: Sandbox, client: Any):
    await error(client.chat_postMessage(channel=CHANNEL, text="x", blocks=[{"type": "nope"}]))
    assert [entry.raw for entry in sandbox.world.history] == [{"method": "chat.postMessage", "error": "invalid_blocks"}]
    assert sandbox.slack.view()["messages"][CHANNEL] == []


async def test_somebody_elses_message_can_be_neither_changed_nor_deleted(sandbox: Sandbox, client: Any):
    ts = await sandbox.act("ana", "type", CHANNEL, "mine")
    assert await error(client.chat_update(channel=CHANNEL, ts=ts, text="x")) == "cant_update_message"
    assert await error(client.chat_delete(channel=CHANNEL, ts=ts)) == "cant_delete_message"


async def test_a_reply_cannot_have_replies(sandbox: Sandbox, client: Any):
    root = await sandbox.act("ana", "type", CHANNEL, "root")
    reply = await sandbox.act("ana", "type", f"{CHANNEL}:{root}", "reply")
    call = client.chat_postMessage(channel=CHANNEL, thread_ts=reply, text="x")
    assert await error(call) == "cannot_reply_to_message"


async def test_an_update_over_four_thousand_characters_is_too_long_but_a_post_is_cut_at_forty_thousand(
    client: Any,
):
    ts = (await client.chat_postMessage(channel=CHANNEL, text="x" * 40_001))["ts"]
    assert len((await client.conversations_history(channel=CHANNEL))["messages"][0]["text"]) == 40_000
    assert await error(client.chat_update(channel=CHANNEL, ts=ts, text="x" * 4_001)) == "msg_too_long"
    await client.chat_update(channel=CHANNEL, ts=ts, text="x" * 4_000)


async def test_an_archived_channel_takes_nothing_more(sandbox: Sandbox, client: Any):
    await sandbox.act("clea", "archive_channel", CHANNEL)
    assert await error(client.chat_postMessage(channel=CHANNEL, text="x")) == "is_archived"
    assert (await sandbox.slack.act("ana", "type", CHANNEL, "x"))["error"] == "is_archived"
    assert (await client.conversations_info(channel=CHANNEL))["channel"]["is_archived"]


@pytest.mark.parametrize(
    ("token", "method", "expected"),
    [
        ("", "auth.test", "not_authed"),
        ("nonsense", "auth.test", "invalid_auth"),
        ("xapp-1", "chat.postMessage", "not_allowed_token_type"),
        ("xoxb-1", "apps.connections.open", "not_allowed_token_type"),
    ],
)
async def test_tokens_are_looked_at(sandbox: Sandbox, token: str, method: str, expected: str):
    assert await error(sandbox.client(token).api_call(method)) == expected


async def test_a_missing_scope_is_named(sandbox: Sandbox, client: Any):
    sandbox.slack.connect({"scopes": ["chat:write"]})
    answer = await refusal(client.users_info(user="U0ANA"))
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "users:read", "chat:write")
    assert (await client.auth_test()).headers["x-oauth-scopes"] == "chat:write"


async def test_the_seed_shows_who_is_guest_outsider_and_admin(client: Any):
    users = {name: (await client.users_info(user=name))["user"] for name in ("U0GUS", "U0EXT", "U0CLEA")}
    assert users["U0GUS"]["is_restricted"]
    assert (users["U0EXT"]["is_stranger"], users["U0EXT"]["team_id"]) == (True, "T0EXTERN")
    assert users["U0CLEA"]["is_admin"]
    members = (await client.conversations_members(channel=CHANNEL))["members"]
    assert {"U0ANA", "U0BEN", "U0CLEA", "U0BRIDGE"} <= set(members)
    assert (await client.usergroups_users_list(usergroup="S0AGENTS"))["users"] == ["U0ANA", "U0BEN"]


async def test_the_bot_joins_a_public_channel_and_then_hears_it(sandbox: Sandbox, client: Any):
    await client.conversations_join(channel="C0GENERAL")
    assert (await client.chat_postMessage(channel="#general", text="x"))["channel"] == "C0GENERAL"


async def test_a_direct_message_is_opened_by_posting_to_a_person(client: Any):
    opened = (await client.conversations_open(users="U0ANA"))["channel"]["id"]
    assert (await client.chat_postMessage(channel="U0ANA", text="x"))["channel"] == opened
