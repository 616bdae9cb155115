"""What must be right in the workspace before anybody can work: token, scopes, channel, and somebody to claim."""

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bridge.errors import DeliveryError, Undeliverable, WrongSetting
from bridge.team_workspace import claimers
from bridge.team_workspace.groups import SCOPE, Groups
from bridge.team_workspace.people import People
from bridge.team_workspace.refusals import TokenRefused
from bridge.team_workspace.web_api import WebApi

CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{6,}")
SETTING, ROUTES = "SLACK_QUEUE_CHANNEL", "[[routes]] in bridge.toml"  # where a channel is named
Channel = dict[str, Any]


class Finding(NamedTuple):
    """One line of `bridge doctor`: what was looked at, whether it is right, and else the mend."""

    what: str
    ok: bool
    mend: str = ""


async def identity(api: WebApi) -> Any:
    """Who the bot is; WrongSetting when Slack refuses its token."""
    try:
        return await api.call("auth.test", {}, repeatable=True)
    except TokenRefused as refused:
        raise WrongSetting(f"SLACK_BOT_TOKEN: {refused} Copy the token again from the app's page.") from None


async def queue_channel(
    api: WebApi, name: str, setting: str = SETTING, listed: Mapping[str, Channel] | None = None
) -> Channel:
    """The channel by id or name, as Slack describes it; WrongSetting when there is none or the bot is not in it.

    `listed` are channels whose names were looked up already.
    """
    if CHANNEL_ID.fullmatch(name):
        channel = await _by_id(api, name)
    else:
        channel = (await by_names(api, [name]) if listed is None else listed).get(name)
    if channel is None:
        raise WrongSetting(f"{setting}: there is no channel {name} that the bot can see. Invite the bot to it.")
    if channel.get("is_archived"):
        raise WrongSetting(f"{setting}: the channel {name} is archived. Unarchive it, or name another.")
    if not channel.get("is_member"):
        raise WrongSetting(f"{setting}: the bot is not in {name}. Write /invite @ and its name there.")
    return channel


def foreign(channel: Channel) -> str:
    """What to mend where another company reads along; blank: the channel is ours alone."""
    if not channel.get("is_ext_shared"):
        return ""
    return (
        f"#{channel['name']} is shared with another company, which would read your customers' words. "
        "Use another, or allow it with external_channels = true under [desk] in bridge.toml."
    )


async def _by_id(api: WebApi, id: str) -> Channel | None:
    try:
        return (await api.call("conversations.info", {"channel": id}, repeatable=True))["channel"]
    except Undeliverable:
        return None


async def by_names(api: WebApi, names: Iterable[str]) -> dict[str, Channel]:
    """The channels with these names. Slack only has a list, and few calls a minute for it: it is read once for all."""
    wanted = {name for name in names if not CHANNEL_ID.fullmatch(name)}
    kinds = {"types": "public_channel,private_channel", "exclude_archived": "true", "limit": 1000}
    found, cursor = dict[str, Channel](), None
    while len(found) < len(wanted):
        try:
            page = await api.call("conversations.list", {**kinds, "cursor": cursor}, repeatable=True)
        except Undeliverable:
            break
        found.update((channel["name"], channel) for channel in page["channels"] if channel.get("name") in wanted)
        cursor = next_cursor(page)
        if not cursor:
            break
    return found


def next_cursor(page: Any) -> str | None:
    """Where the next page begins, if there is one."""
    return (page.get("response_metadata") or {}).get("next_cursor") or None


async def findings(
    api: WebApi,
    people: People,
    channel: str,
    needed: Iterable[str],
    app_token: str = "",
    routes: Iterable[str] = (),
    *,
    external: bool = False,
) -> AsyncIterator[Finding]:
    """One after the other; stops at what makes the rest pointless."""
    try:
        me = await identity(api)
        yield Finding(f"Slack: the bot is {me['user']} in {me['team']}", ok=True)
        people.team = me["team_id"]
        yield _scopes(await api.scopes(), needed, people.groups)
        if app_token:
            yield await _socket(api, app_token)
        found = await queue_channel(api, channel)
        yield Finding(f"Slack: the bot is in #{found['name']}", ok=True)
        yield _shared(found, external)
        for finding in await _groups(people.groups):
            yield finding
        yield await _somebody(api, people, found)
        async for finding in _routes(api, list(dict.fromkeys(routes)), external):
            yield finding
    except (WrongSetting, DeliveryError) as trouble:
        yield Finding("Slack", ok=False, mend=str(trouble))


def _scopes(granted: set[str], needed: Iterable[str], groups: Groups) -> Finding:
    lacking = sorted(set(needed) - granted - (set() if groups.named else {SCOPE}))
    mend = f"Update the app from the manifest and reinstall: lacks {', '.join(lacking)}." if lacking else ""
    if SCOPE in lacking:
        mend += f" Without {SCOPE} nobody has a role by the user groups in the desk's roles."
    return Finding("Slack: permissions", not lacking, mend)


async def _groups(groups: Groups) -> list[Finding]:
    """A line for each user group in the desk's roles that is of no use, or one for all."""
    what = "Slack: user groups"
    if not groups.named:
        return []
    await groups.freshen()
    if groups.unread:
        return [Finding(what, ok=False, mend=f"They cannot be read, so nobody has a role by them: {groups.unread}")]
    useless = [Finding(what, ok=False, mend=mend) for _, mend in sorted(groups.wrong.items())]
    return useless or [Finding(f"{what}: {', '.join(sorted(groups.named))}", ok=True)]


async def _socket(api: WebApi, app_token: str) -> Finding:
    """Asks for a socket's address, and lets it lapse."""
    what = "Slack: Socket Mode"
    try:
        await api.call("apps.connections.open", {}, repeatable=True, token=app_token)
    except DeliveryError:
        mend = "SLACK_APP_TOKEN opens no socket: generate one with connections:write, and switch Socket Mode on."
        return Finding(what, ok=False, mend=mend)
    return Finding(what, ok=True)


async def _routes(api: WebApi, names: Sequence[str], external: bool) -> AsyncIterator[Finding]:
    listed = await by_names(api, names)
    for name in names:
        try:
            found = await queue_channel(api, name, ROUTES, listed)
        except WrongSetting as wrong:
            yield Finding(f"Slack: the route to #{name}", ok=False, mend=str(wrong))
            continue
        yield Finding(f"Slack: the bot is in #{found['name']}, for a route", ok=True)
        if not (shared := _shared(found, external)).ok:
            yield shared


def _shared(channel: Channel, external: bool) -> Finding:
    if external and foreign(channel):
        return Finding("Slack: another company may read along, as bridge.toml says", ok=True)
    return Finding("Slack: the channel is yours alone", not foreign(channel), foreign(channel))


async def _somebody(api: WebApi, people: People, channel: Channel) -> Finding:
    what = "Slack: somebody can claim"
    if agent := await claimers.somebody(api, people, channel["id"]):
        return Finding(f"{what}, such as {agent.name}", ok=True)
    return Finding(what, ok=False, mend=claimers.mend(people, channel["name"]))
