"""Runs the checks side by side, each with a limit on its time, and prints their lines in order."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp

from bridge import logs
from bridge.doctor import checks
from bridge.doctor.line import Line, secrets_of, without, written
from bridge.errors import WrongSetting
from bridge.settings import Settings, load

PATIENCE = 20.0  # seconds for one check
Check = Callable[[Settings, aiohttp.ClientSession], Awaitable[list[Line]]]
CHECKS: dict[str, Check] = {
    "database": checks.stored,
    "slack": checks.slack,
    "channels": checks.channels,
    "public_url": checks.public_url,
    "bots": checks.bots_and_texts,
    "triggers": checks.triggers,
    "model": checks.model,
}


async def examine(as_json: bool, patience: float = PATIENCE) -> int:
    """Print the report; 0 when everything is right, else 1."""
    try:
        settings = load()
    except WrongSetting as wrong:
        _say(Line("settings", False, "", str(wrong)), as_json)
        return 1
    logs.set_up("ERROR", settings.log_format)  # what a part would only warn of, its line says
    secrets = secrets_of(settings.env)
    desk = settings.desk
    source = desk.path if desk.source else f"there is no {desk.path} here, so everything has its default"
    lines = [Line("settings", True, f"{source}; the desk {desk.name}")]
    _say(lines[0], as_json)
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        looking = [group.create_task(_looked(name, settings, session, patience)) for name in CHECKS]
        for task in looking:
            for line in await task:
                lines.append(without(secrets, line))
                _say(lines[-1], as_json)
    return 0 if all(line.ok for line in lines) else 1


async def _looked(name: str, settings: Settings, session: aiohttp.ClientSession, patience: float) -> list[Line]:
    try:
        async with asyncio.timeout(patience):
            return await CHECKS[name](settings, session)
    except WrongSetting as wrong:
        return [Line(name, False, "", str(wrong))]
    except TimeoutError:
        return [Line(name, False, f"no answer within {patience:g} seconds", "Check the network, then try again.")]
    except Exception as error:
        mend = "This is a fault of the bridge: please report it."
        return [Line(name, False, f"could not be looked at ({type(error).__name__})", mend)]


def _say(line: Line, as_json: bool) -> None:
    print(written(line, as_json=as_json), flush=True)  # noqa: T201
