"""Requests of all wrong kinds, at every endpoint of the shipped program: what it answers, does and says then.

Whatever comes, the answer is no 5xx, short, constant, and repeats nothing. Without a proof of who sent it, nothing
happens. The log has no traceback and nobody's words, memory stays flat, and afterwards a customer is served as before.
"""

import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from chaos import postgres
from chaos.bridges import Bridge, free_port
from chaos.far_end import HOST, far_end
from chaos.fuzz.attack import Attack
from chaos.fuzz.endpoints import SIGNING, TELEGRAM
from chaos.fuzz.report import Report
from chaos.fuzz.shapes import recorded
from chaos.rig import Setup, Tell
from chaos.shop import variables
from chaos.tally import Row

REQUESTS, QUICK = 10_000, 400  # at each endpoint
ALL_OVER_HTTP = {
    "SLACK_APP_TOKEN": "",
    "SLACK_SIGNING_SECRET": SIGNING,
    "TELEGRAM_MODE": "webhook",
    "TELEGRAM_WEBHOOK_SECRET": TELEGRAM,
    "LOG_LEVEL": "INFO",
    "LOG_FORMAT": "json",
}


async def run(setup: Setup, seed: int, tell: Tell) -> Row:
    """As a mode of `./run chaos`."""
    began = time.monotonic()
    report = await fuzzed(setup, seed, tell, QUICK if setup.quick else REQUESTS)
    took = time.monotonic() - began
    wrong = tuple(report.wrong)
    return Row("fuzz", seed, setup.store, texts=report.requests, stuck=len(wrong), seconds=took, notes=wrong)


async def fuzzed(setup: Setup, seed: int, tell: Tell, requests: int) -> Report:
    """Start the program, and send so many requests to each endpoint."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fuzz-", ignore_cleanup_errors=True)))
        far = await stack.enter_async_context(far_end(seed, 10.0, "off"))
        shapes = await recorded(far)
        sqlite = f"sqlite:///{folder}/bridge.db"
        database = await stack.enter_async_context(postgres.database()) if setup.store == "postgres" else sqlite
        port = free_port()
        ours = {**ALL_OVER_HTTP, "PUBLIC_URL": f"http://{HOST}:{port}"}
        env = {**variables(folder, far.url, database), **ours, **setup.env}
        bridge = Bridge(env, port, folder / "log", far.session, setup.command)
        stack.push_async_callback(bridge.end)
        await bridge.start()
        await bridge.listens("readyz")
        return await Attack(bridge, far, shapes, seed, tell).all(requests)
