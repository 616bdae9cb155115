"""`bridge serve` and `bridge sandbox`: start a server, run the parts on it, say what is on."""

import asyncio

import structlog

from bridge import logs
from bridge.app import built
from bridge.errors import WrongSetting
from bridge.sandbox.server import serve as serve_sandbox
from bridge.server import serving
from bridge.settings import Settings, load

log = structlog.get_logger()


async def serve() -> None:
    """The bridge, until cancelled. Raises WrongSetting with one sentence."""
    settings = load()
    logs.set_up(settings.log_level, settings.log_format)
    async with built(settings) as bridge:
        off = sorted({"telegram", "whatsapp", "web"} - set(bridge.channels))
        log.info("starting", version=_version(), on=sorted(bridge.channels), off=off, database=_kind(settings))
        try:
            async with serving(bridge.routes(), settings.host, settings.port) as port:
                log.info("listening", address=f"http://{settings.host}:{port}")
                await bridge.run()
        except OSError as error:
            raise WrongSetting(f"PORT: {settings.host}:{settings.port} cannot be used ({error.strerror}).") from None


async def sandbox(port: int) -> None:
    """The look-alikes alone, until cancelled."""
    async with serve_sandbox("127.0.0.1", port) as address:
        print(f"Sandbox: {address}/sandbox", flush=True)  # noqa: T201
        await asyncio.get_running_loop().create_future()


def _version() -> str:
    from bridge import __version__

    return __version__


def _kind(settings: Settings) -> str:
    return settings.database_url.partition(":")[0]
