"""`bridge serve` and `bridge sandbox`: start a server, run the parts on it, say what is on."""

import asyncio
import gc
import socket

import structlog

from bridge import __version__, customer_channels, logs, manifest
from bridge.app import built
from bridge.errors import WrongSetting
from bridge.open_files import allow_many
from bridge.server import listening, serving_on
from bridge.settings import Settings, load
from bridge.watchdog import watched

log = structlog.get_logger()


async def serve() -> None:
    """The bridge, until cancelled. Raises WrongSetting with one sentence."""
    settings = load()
    logs.set_up(settings.log_level, settings.log_format)
    allow_many()
    with _bound("HOST, PORT", settings.host, settings.port) as listener:
        async with built(settings) as bridge:
            off = sorted({*customer_channels.builders()} - {*bridge.channels})
            log.info("starting", version=__version__, on=sorted(bridge.channels), off=off, database=_kind(settings))
            async with serving_on(bridge.routes(), listener, bridge.leave) as port:
                log.info("listening", address=f"http://{settings.host}:{port}")
                gc.freeze()  # the modules and parts stay: to look through them again and again took a fifth of all time
                gc.set_threshold(5000)
                with watched():
                    await bridge.run()


async def sandbox(port: int) -> None:
    """The look-alikes alone, until cancelled."""
    from bridge.sandbox.server import Sandbox  # only here: it takes long, and the bridge needs none
    from bridge.sandbox.server import serve as serve_sandbox

    _bound("--port", "127.0.0.1", port).close()
    made = Sandbox()
    made.slack.connect({"manifest": manifest.content()})
    async with serve_sandbox("127.0.0.1", port, sandbox=made) as address:
        print(f"Sandbox: {address}/sandbox", flush=True)  # noqa: T201
        await asyncio.get_running_loop().create_future()


def _bound(named: str, host: str, port: int) -> socket.socket:
    """Take the port first: a second bridge started by mistake then touches nothing."""
    try:
        return listening(host, port)
    except (OSError, OverflowError, UnicodeError) as error:
        why = str(getattr(error, "strerror", None) or "it is no address").partition(" (while")[0]
        raise WrongSetting(f"{named}: {host}:{port} cannot be used ({why}). Choose another.") from None


def _kind(settings: Settings) -> str:
    return settings.database_url.partition(":")[0]
