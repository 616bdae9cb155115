"""What Slack would bring to life in a text, and what stays dead."""

from typing import Any

import pytest

from bridge.sandbox.slack.live import in_message

from .conftest import CHANNEL, Sandbox

BROADCAST = {"type": "broadcast", "range": "here"}
NAMES = {"general": None}


def mrkdwn(text: str, **more: Any) -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}]


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": list(elements)}]}]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"text": "<!channel> <!here|here> <@U0ANA> <#C0GENERAL> <!subteam^S1>"}, 5),
        ({"text": "<https://evil.example|your bank>"}, ["<https://evil.example|your bank>"]),
        ({"text": "see https://evil.example now"}, ["https://evil.example"]),
        ({"text": "see https://evil.example now", "parse": "none"}, []),
        ({"text": "@here #general @everyone"}, []),
        ({"text": "@here #general @everyone", "link_names": True}, 3),
        ({"text": "@here", "parse": "full"}, ["@here"]),
        ({"text": "*bold* _it_ ~no~ `code`"}, 4),
        ({"text": "```pre\nformatted```"}, 1),
        ({"text": "> quoted\n&gt; quoted"}, 2),
        ({"text": "2*3*4 snake_case_name a ~ b"}, []),
        ({"text": "\u200b*bold\u200b*"}, []),
        ({"text": "*bold*", "mrkdwn": False}, []),
        ({"text": "&lt;!channel&gt; &amp;"}, []),
        ({"text": "<!here> *b* https://x.example", "blocks": rich({"type": "text", "text": "x"})}, ["<!here>"]),
        ({"blocks": mrkdwn("@here https://x.example #general #1042")}, 3),
        ({"blocks": mrkdwn("@here https://x.example #general", verbatim=True)}, []),
        ({"blocks": mrkdwn("<!here> *b*", verbatim=True)}, ["<!here>", "*b*"]),
        ({"blocks": [{"type": "section", "text": {"type": "plain_text", "text": "<!here> *b*"}}]}, []),
        ({"blocks": rich({"type": "text", "text": "<!here> <@U0ANA> https://x.example *b*"})}, []),
        (
            {"blocks": rich({"type": "user", "user_id": "U1"}, {"type": "broadcast", "range": "here"})},
            ["<@U1>", "<!here>"],
        ),
        ({"blocks": rich({"type": "link", "url": "https://x.example", "text": "t"})}, ["<https://x.example>"]),
        ({"blocks": rich({"type": "usergroup", "usergroup_id": "S1"})}, ["<!subteam^S1>"]),
        ({"blocks": rich({"type": "channel", "channel_id": "C1"})}, ["<#C1>"]),
        ({"blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "<@U1>"}]}]}, ["<@U1>"]),
        ({"blocks": [{"type": "markdown", "text": "[bank](https://evil.example) <!here>"}]}, 3),
        ({"attachments": [{"text": "<!here>", "blocks": mrkdwn("<@U1>")}]}, ["<!here>", "<@U1>"]),
        ({"markdown_text": "<!here>"}, ["<!here>"]),
    ],
)
def test_what_is_live(message: dict[str, Any], expected: list[str] | int):
    found = in_message(message, NAMES)
    assert (len(found) if isinstance(expected, int) else found) == expected


async def test_the_history_tells_what_was_live_in_posts_updates_and_whispers(sandbox: Sandbox, client: Any):
    ts = (await client.chat_postMessage(channel=CHANNEL, text="<!here>", parse="none"))["ts"]
    await client.chat_update(channel=CHANNEL, ts=ts, text="https://x.example")
    await client.chat_postEphemeral(channel=CHANNEL, user="U0ANA", text="calm", blocks=mrkdwn("<@U0BEN>"))
    found = [entry.raw["live"] for entry in sandbox.world.history]
    assert found == [["<!here>"], ["https://x.example"], ["<@U0BEN>"]]
