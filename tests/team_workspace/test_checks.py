"""Wrong settings stop the start with one sentence; `bridge doctor` says what is right and mends the rest."""

from datetime import UTC, datetime

import aiohttp
import pytest

from bridge.errors import TryLater, WrongSetting
from bridge.team_workspace.people import Roles
from bridge.team_workspace.settings import SlackSettings, read_settings
from bridge.team_workspace.slack import Slack

from .conftest import Rig

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_QUEUE_CHANNEL": "#support-queue"}
SCOPES = ("chat:write", "users:read")


def test_settings_are_read_from_the_environment() -> None:
    assert read_settings(GOOD) == SlackSettings("xoxb-1", "support-queue", "xapp-1")
    over_http = {**GOOD, "SLACK_APP_TOKEN": " ", "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": "http://127.0.0.1:9/api"}
    assert read_settings(over_http) == SlackSettings(
        "xoxb-1", "support-queue", signing_secret="s", api_url="http://127.0.0.1:9/api/"
    )


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xapp-1-secret"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
        ({"SLACK_APP_TOKEN": "xoxb-1-secret"}, "SLACK_APP_TOKEN does not begin with xapp-"),
        ({"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN is missing"),
        ({"SLACK_QUEUE_CHANNEL": ""}, "SLACK_QUEUE_CHANNEL is missing"),
        ({"SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL is not an address"),
        ({"SLACK_API_URL": "http://[oops"}, "SLACK_API_URL is not an address"),
    ],
)
def test_a_wrong_variable_is_named_and_never_shown(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(WrongSetting) as caught:
        read_settings(GOOD | wrong)
    sentence = str(caught.value)
    assert sentence.startswith(named)
    assert "-secret" not in sentence


def elsewhere(session: aiohttp.ClientSession, url: str) -> Slack:
    """A port to another Slack, over sockets."""
    return Slack(
        SlackSettings("xoxb-1", "C0SUPPORT", "xapp-1", api_url=url), Roles(), session, lambda: datetime.now(UTC)
    )


def at(rig: Rig, session: aiohttp.ClientSession, channel: str) -> Slack:
    settings = SlackSettings("xoxb-1", channel, "xapp-1", api_url=f"{rig.url}/slack/api/")
    return Slack(settings, Roles(), session, lambda: datetime.now(UTC))


@pytest.mark.parametrize("channel", ["support-queue", "C0SUPPORT"])
async def test_the_queue_channel_is_found_by_name_or_id(rig: Rig, session: aiohttp.ClientSession, channel: str) -> None:
    slack = at(rig, session, channel)
    await slack.start()
    assert slack.here.channel == "C0SUPPORT"


@pytest.mark.parametrize("channel", ["no-such-channel", "C0NOWHERE", "general"])
async def test_a_channel_without_the_bot_stops_the_start(
    rig: Rig, session: aiohttp.ClientSession, channel: str
) -> None:
    with pytest.raises(WrongSetting, match=rf"^SLACK_QUEUE_CHANNEL: .*{channel}"):
        await at(rig, session, channel).start()


async def test_an_archived_channel_stops_the_start(rig: Rig, session: aiohttp.ClientSession) -> None:
    rig.sandbox.slack.workspace.channels["C0SUPPORT"].is_archived = True
    with pytest.raises(WrongSetting, match="archived"):
        await at(rig, session, "C0SUPPORT").start()


async def test_slack_being_away_is_no_wrong_setting(rig: Rig, session: aiohttp.ClientSession) -> None:
    rig.fault("auth.test", "500")
    with pytest.raises(TryLater):
        await at(rig, session, "C0SUPPORT").start()


async def test_a_healthy_workspace_has_nothing_to_mend(rig: Rig) -> None:
    findings = await rig.slack.check(SCOPES)
    assert [(finding.ok, finding.mend) for finding in findings] == [(True, "")] * 5
    assert findings[-1].what == "Slack: somebody can claim, such as Ana"


async def test_an_app_token_that_opens_no_socket_is_noticed(rig: Rig, session: aiohttp.ClientSession) -> None:
    slack = at(rig, session, "C0SUPPORT")
    assert [finding.ok for finding in await slack.check(SCOPES)] == [True] * 6
    rig.fault("apps.connections.open", "500")
    (closed,) = [finding for finding in await slack.check(SCOPES) if not finding.ok]
    assert closed.mend.startswith("SLACK_APP_TOKEN opens no socket")


async def test_missing_permissions_are_named(rig: Rig) -> None:
    (lacking,) = [finding for finding in await rig.slack.check((*SCOPES, "pins:admin")) if not finding.ok]
    assert "pins:admin" in lacking.mend
    assert "chat:write" not in lacking.mend


async def test_a_queue_without_agents_is_noticed(rig: Rig) -> None:
    rig.sandbox.slack.workspace.channels["C0SUPPORT"].members = {"U0BRIDGE", "U0GUS"}
    (nobody,) = [finding for finding in await rig.slack.check(SCOPES) if not finding.ok]
    assert nobody.mend.startswith("Invite agents to #support-queue")


async def test_a_channel_shared_with_another_company_is_noticed(rig: Rig) -> None:
    await rig.act("ana", "share_channel", "C0SUPPORT")
    (shared,) = [finding for finding in await rig.slack.check(SCOPES) if not finding.ok]
    assert "another company" in shared.mend


async def test_a_check_without_slack_ends_with_the_reason(rig: Rig) -> None:
    rig.fault("auth.test", "drop_after_accept")
    (away,) = await rig.slack.check(SCOPES)
    assert (away.ok, away.mend) == (False, "Slack did not answer.")
