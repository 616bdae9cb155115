"""Wrong settings stop the start with one sentence; `bridge doctor` says what is right and mends the rest."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bridge.errors import TryLater, WrongSetting
from bridge.sandbox.slack.methods import METHODS
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


def at(rig: Rig, session: aiohttp.ClientSession, channel: str, roles: Roles | None = None) -> Slack:
    settings = SlackSettings("xoxb-1", channel, "xapp-1", api_url=f"{rig.url}/slack/api/")
    return Slack(settings, roles or Roles(), session, lambda: datetime.now(UTC))


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
    rig.slack.here.external = True
    assert await wrong(rig.slack) == []


async def test_a_check_without_slack_ends_with_the_reason(rig: Rig) -> None:
    rig.fault("auth.test", "drop_after_accept")
    (away,) = await rig.slack.check(SCOPES)
    assert (away.ok, away.mend) == (False, "Slack did not answer.")


# ----------------------------------------------------------------------------------------------- roles by user groups


async def wrong(slack: Slack, *scopes: str) -> list[str]:
    """The mends of what is wrong."""
    return [finding.mend for finding in await slack.check(scopes or SCOPES) if not finding.ok]


async def test_groups_that_are_there_are_named(rig: Rig, session: aiohttp.ClientSession) -> None:
    slack = at(rig, session, "C0SUPPORT", Roles(admins=("S0AGENTS",), responders=("@agents",)))
    findings = await slack.check(SCOPES)
    assert {finding.mend for finding in findings} == {""}
    assert "Slack: user groups: @agents, S0AGENTS" in [finding.what for finding in findings]


async def test_each_group_that_is_of_no_use_is_named_with_its_mend(rig: Rig, session: aiohttp.ClientSession) -> None:
    await rig.act("clea", "change_group", "S0OLD", handle="old", disabled=True)
    slack = at(rig, session, "C0SUPPORT", Roles(responders=("U0ANA", "@agnets", "S0NONE", "@old", "@agents")))
    assert await wrong(slack) == [
        "The desk's roles name @agnets, but no user group has that handle. Correct it, or make the group in Slack.",
        "The desk's roles name @old, but that user group is disabled. Enable it in Slack, or take it out of them.",
        "The desk's roles name S0NONE, but no user group has that id. Correct it, or make the group in Slack.",
    ]


async def test_the_permission_for_groups_is_needed_only_if_one_is_named(
    rig: Rig, session: aiohttp.ClientSession
) -> None:
    rig.sandbox.slack.scopes.remove("usergroups:read")
    assert await wrong(at(rig, session, "C0SUPPORT"), *SCOPES, "usergroups:read") == []
    named = at(rig, session, "C0SUPPORT", Roles(responders=("U0ANA", "@agents")))
    lacking, unread = await wrong(named, *SCOPES, "usergroups:read")
    assert "lacks usergroups:read. Without usergroups:read nobody has a role" in lacking
    assert unread.startswith("They cannot be read, so nobody has a role by them: ")


# --------------------------------------------------------------------------------------------------- who can claim

NOBODY = "The desk's roles leave nobody who can claim. Under responders, name people, "


@pytest.mark.parametrize(
    "roles",
    [
        Roles(admins=("@empty",), responders=("@empty",)),
        Roles(admins=("@empty",), responders=("S0EMPTY",), viewers=("U0ANA",)),
    ],
)
async def test_roles_that_leave_nobody_are_noticed(rig: Rig, session: aiohttp.ClientSession, roles: Roles) -> None:
    await rig.act("clea", "change_group", "S0EMPTY", handle="empty")
    (mend,) = await wrong(at(rig, session, "C0SUPPORT", roles))
    assert mend.startswith(NOBODY)


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_bot": True}, {"is_stranger": True}])
async def test_an_agent_who_is_gone_is_nobody(rig: Rig, session: aiohttp.ClientSession, change: dict[str, Any]) -> None:
    await rig.act("clea", "change_user", "U0ANA", **change)
    roles = Roles(admins=("U0ANA",), responders=("U0ANA",))
    assert await wrong(at(rig, session, "C0SUPPORT", roles)) == [
        "Invite agents to #support-queue, or list them in the desk's roles."
    ]


@pytest.mark.parametrize(
    ("roles", "who"),
    [
        (Roles(admins=("U0CLEA",), responders=("@agents",)), "Ana"),
        (Roles(admins=("@empty",), responders=("U0BEN",)), "Ben"),
        (Roles(responders=("@empty",)), "Clea"),  # workspace admins are admins, for no admins are listed
        (Roles(admins=("@empty",)), "Ana"),  # every member is a responder, for none are listed
        (Roles(viewers=("@agents",)), "Clea"),
        (Roles(admins=("U0VERA",), responders=("@empty",)), "Vera"),
    ],
)
async def test_somebody_who_can_claim_is_found(
    rig: Rig, session: aiohttp.ClientSession, roles: Roles, who: str
) -> None:
    rig.sandbox.slack.workspace.person("vera")
    await rig.act("clea", "change_group", "S0EMPTY", handle="empty")
    last = (await at(rig, session, "C0SUPPORT", roles).check(SCOPES))[-1]
    assert (last.ok, last.what) == (True, f"Slack: somebody can claim, such as {who}")


async def test_the_one_agent_among_thousands_is_found_by_the_list(rig: Rig, session: aiohttp.ClientSession) -> None:
    crowd = {f"U{number:08d}" for number in range(2_500)}
    rig.sandbox.slack.workspace.channels["C0SUPPORT"].members |= crowd
    slack = at(rig, session, "C0SUPPORT", Roles(responders=("@agents",)))
    assert await wrong(slack) == []
    assert len(rig.history("users.info")) == 1
    assert len(rig.history("conversations.members")) == 3


@pytest.mark.parametrize(("responders", "warned"), [("@agents", False), ("@empty", True), ("@none", True)])
async def test_at_the_start_it_is_said_if_nobody_can_claim(
    rig: Rig, session: aiohttp.ClientSession, responders: str, warned: bool
) -> None:
    await rig.act("clea", "change_group", "S0EMPTY", handle="empty")
    slack = at(rig, session, "support-queue", Roles(admins=("@empty",), responders=(responders,)))
    with capture_logs() as logs:
        await slack.start()
        assert slack.people.groups.fresh()
        await slack.look_for_agents()
    said = [line["mend"] for line in logs if line["event"] == "nobody_can_claim" and line["log_level"] == "warning"]
    assert [mend.startswith(NOBODY) for mend in said] == [True] * warned
    assert any(line["event"] == "slack_group_useless" for line in logs) is (responders == "@none")


@pytest.mark.parametrize("fault", ["500", "garbage", "disconnect", "not as it was"])
async def test_that_agents_could_not_be_looked_for_stops_nothing(
    rig: Rig, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "not as it was":
        monkeypatch.setitem(METHODS, "conversations.members", METHODS["api.test"])
    else:
        rig.fault("conversations.members", fault)
    with capture_logs() as logs:
        await rig.slack.look_for_agents()
    assert [line["event"] for line in logs] == ["nobody_looked_for_agents"]
