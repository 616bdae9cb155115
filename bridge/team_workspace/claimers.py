"""Whether anybody can claim: somebody whom the lists let, whom Slack says no worse of, and who sees the queue."""

from typing import Any

import structlog

from bridge.errors import DeliveryError
from bridge.i18n import t
from bridge.ports import Agent, Role
from bridge.team_workspace.people import People
from bridge.team_workspace.roles import listed_to_claim, may_claim
from bridge.team_workspace.web_api import WebApi

MOST_ASKED = 50  # members about whom Slack is asked, until one is found who can claim
PAGE = 999

log = structlog.get_logger()


async def somebody(api: WebApi, people: People, channel: str) -> Agent | None:
    """Somebody in the channel who can claim; those who are listed are looked at first."""
    await people.groups.freshen()
    roles = people.groups.roles
    listed = listed_to_claim(roles)
    can = [member for member in await _members(api, channel) if may_claim(member, roles)]
    for member in sorted(can, key=lambda member: member not in listed)[:MOST_ASKED]:
        if (agent := await people.agent(member)).role >= Role.RESPONDER:
            return agent
    return None


def mend(people: People, channel: str) -> str:
    """What to do when there is nobody."""
    roles = people.groups.roles
    if listed_to_claim(roles) or may_claim("", roles):
        return t("Invite agents to #{channel}, or list them in the desk's roles.", channel=channel)
    return t(
        "The desk's roles leave nobody who can claim. Under responders, name people, "
        "or a user group that has members, and invite them to #{channel}.",
        channel=channel,
    )


async def wrong(api: WebApi, people: People, channel: str, name: str) -> str:
    """What to mend if nobody can claim; also in the log. Whatever Slack answers, nobody's work stops for it."""
    try:
        if await somebody(api, people, channel):
            return ""
    except (DeliveryError, AttributeError, TypeError, KeyError) as error:
        log.warning("nobody_looked_for_agents", error=type(error).__name__)
        return ""
    how = mend(people, name)
    log.warning("nobody_can_claim", mend=how)
    return how


async def _members(api: WebApi, channel: str) -> list[str]:
    members, cursor = list[str](), None
    while True:
        asked = {"channel": channel, "limit": PAGE, "cursor": cursor}
        page: Any = await api.call("conversations.members", asked, repeatable=True)
        members += page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return members
