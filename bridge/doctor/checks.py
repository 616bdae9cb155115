"""The checks, one function for each thing that has to be right. Each returns its lines and raises only WrongSetting."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp

from bridge import customer_channels, manifest
from bridge.app import build_bots, check_routes, check_texts, now
from bridge.doctor import database
from bridge.doctor.line import Line
from bridge.errors import WrongSetting
from bridge.language.words import fold
from bridge.ports import CustomerChannel, Kit
from bridge.settings import Settings
from bridge.store.journal import StoredJournal
from bridge.store.store import Store
from bridge.store.uploads import StoredUploads
from bridge.team_workspace.roles import roles_by
from bridge.team_workspace.slack import Slack, from_settings

OPENAI = "https://api.openai.com/v1"
PATIENCE = aiohttp.ClientTimeout(total=10)


async def stored(settings: Settings, _: aiohttp.ClientSession) -> list[Line]:
    """The database, on a thread of its own because it may have to wait."""
    return [await asyncio.to_thread(database.database, settings)]


async def slack(settings: Settings, session: aiohttp.ClientSession) -> list[Line]:
    """Tokens, scopes against the manifest, the queue channels, somebody who can claim."""
    check_routes(settings)
    workspace = await _workspace(settings, session)
    try:
        findings = await workspace.check(manifest.scopes())
    finally:
        await workspace.close()
    return [Line("slack", finding.ok, finding.what.removeprefix("Slack: "), finding.mend) for finding in findings]


async def channels(settings: Settings, session: aiohttp.ClientSession) -> list[Line]:
    """Every customer channel: off, or whether its platform knows us."""
    looked = await asyncio.gather(*(_channel(name, settings, session) for name in customer_channels.builders()))
    lines = [line for line, _ in looked]
    if not any(on for _, on in looked):
        mend = "No customer channel is set up: set TELEGRAM_BOT_TOKEN or WHATSAPP_TOKEN, or WEB_CHAT=on."
        lines.append(Line("channels", False, "", mend))
    return lines


async def public_url(settings: Settings, session: aiohttp.ClientSession) -> list[Line]:
    """The address from outside, where somebody has to call us."""
    parts = {name: part for name in customer_channels.builders() if (part := _built(name, settings, session))}
    called = [path for part in parts.values() for path in _paths(part) if path.endswith("/webhook")]
    with suppress(WrongSetting):  # said by `slack`
        called += _paths(await _workspace(settings, session))
    if not called and not settings.public_url:
        return [Line("public_url", True, "nobody has to call the bridge from outside")]
    listed = ", ".join(sorted({f"<PUBLIC_URL>{path}" for path in called})) or "only the web chat uses it"
    if not settings.public_url:
        return [Line("public_url", False, listed, "PUBLIC_URL is missing: set the https address of this bridge.")]
    if not _is_public(settings.public_url):
        mend = "PUBLIC_URL must be an https address, such as https://bridge.example.com: platforms call no other."
        return [Line("public_url", False, listed, mend)]
    return [Line("public_url", True, listed.replace("<PUBLIC_URL>", settings.public_url))]


async def bots_and_texts(settings: Settings, _: aiohttp.ClientSession) -> list[Line]:
    """Whether every bot can be built, and every name in the texts is known."""
    built = build_bots(settings)
    texts = Line("texts", True, "every name in them is known")
    try:
        check_texts(settings, built)
    except WrongSetting as wrong:
        texts = Line("texts", False, "", str(wrong))
    finally:
        for bot in built.values():
            await bot.close()
    return [Line("bots", True, ", ".join(built)), texts]


async def triggers(settings: Settings, _: aiohttp.ClientSession) -> list[Line]:
    """Whether anything a customer writes can call a person, as things are set: in Slack, else in bridge.toml."""
    in_effect = (await asyncio.to_thread(database.in_effect, settings)).triggers
    rules = replace(in_effect, keywords=tuple(word for word in in_effect.keywords if fold(word)))
    changed = in_effect != settings.desk.triggers
    if not rules.can_fire:
        mend = "Set trigger_on_request = true in [desk], or trigger_after_unsure, or keywords."
        mend = "Open Settings with /desk in Slack, where this was changed." if changed else mend
        return [Line("triggers", False, "no customer can ever reach a person", mend)]
    on = [
        *(["asking for one"] if rules.on_request else []),
        *([f"a bot unsure {rules.after_unsure} times in a row"] if rules.after_unsure else []),
        *([f"{len(rules.keywords)} keyword{'s' * (len(rules.keywords) > 1)}"] if rules.keywords else []),
    ]
    where = ", as set in Slack" if changed else ""
    return [Line("triggers", True, f"a person is called by {', '.join(on)}{where}")]


async def model(settings: Settings, session: aiohttp.ClientSession) -> list[Line]:
    """The endpoint for summaries and the llm bot, if there is one."""
    key, address = settings.env.get("OPENAI_API_KEY", ""), settings.env.get("OPENAI_BASE_URL", "")
    if not key and not address:
        return [Line("model", True, "off: summaries are made offline, and say so")]
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        url = f"{(address or OPENAI).rstrip('/')}/models"
        async with session.get(url, headers=headers, timeout=PATIENCE, allow_redirects=False) as response:
            status = response.status
    except (aiohttp.ClientError, ValueError, OSError, TimeoutError) as error:
        mend = "OPENAI_BASE_URL does not answer: check the address, which mostly ends in /v1, and the network."
        return [Line("model", False, type(error).__name__, mend)]
    if status in (401, 403):
        return [Line("model", False, f"refused ({status})", "OPENAI_API_KEY is refused: copy it again.")]
    if status >= 500:
        return [Line("model", False, f"in trouble ({status})", "OPENAI_BASE_URL answers, but does not work now.")]
    return [Line("model", True, settings.env.get("OPENAI_MODEL", "reachable"))]


async def _channel(name: str, settings: Settings, session: aiohttp.ClientSession) -> tuple[Line, bool]:
    try:
        channel = customer_channels.builders()[name](settings.env, _kit(session))
        if channel is None:
            return Line(name, True, "off: its variables are not set"), False
        check = getattr(channel, "check", None)
        try:
            return Line(name, True, await check() if check else "on"), True
        finally:
            await channel.close()
    except WrongSetting as wrong:
        return Line(name, False, "", str(wrong)), True


def _built(name: str, settings: Settings, session: aiohttp.ClientSession) -> CustomerChannel | None:
    try:
        return customer_channels.builders()[name](settings.env, _kit(session))
    except WrongSetting:
        return None  # said by `channels`


async def _workspace(settings: Settings, session: aiohttp.ClientSession) -> Slack:
    desk = settings.desk
    roles = roles_by((await asyncio.to_thread(database.in_effect, settings)).roles)
    routed = [route.channel for route in desk.routes]
    return from_settings(settings.env, roles, session, now, routed, external=desk.external_channels)


def _kit(session: aiohttp.ClientSession) -> Kit:
    """For a channel that is only asked who it is: nobody writes, so the journal needs no store."""
    store = cast("Store", None)
    return Kit(session, StoredJournal(store), now, StoredUploads(store, now))


def _paths(part: CustomerChannel | Slack) -> list[str]:
    async def nobody(_: Any) -> list[Any]:
        return []

    routes: Sequence[Any] = part.routes(nobody)
    return [route.path for route in routes]


def _is_public(address: str) -> bool:
    """Plain http is right only where the caller is on this machine, such as the sandbox."""
    try:
        url = urlsplit(address)
    except ValueError:
        return False
    return bool(url.hostname) and (url.scheme == "https" or url.hostname in ("127.0.0.1", "localhost"))
