"""The commands. Thin: each reads the settings and calls one part."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from bridge.errors import WrongSetting

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def bridge() -> None:
    """Customers on Telegram, WhatsApp and the web; agents in Slack threads."""


@app.command()
def serve() -> None:
    """Run the bridge from the environment."""
    from bridge.serve import serve as run

    _finish(run)


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each check.")] = False) -> None:
    """Check tokens, scopes, channel, roles, triggers and database; one line each, with the mend."""
    from bridge.doctor import examine

    raise typer.Exit(asyncio.run(examine(as_json)))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bridge.settings import load
    from bridge.store.migrate import migrate as upgrade

    with _in_one_sentence():
        typer.echo(f"The database is at version {upgrade(load().database_url)}.")


@app.command()
def manifest(
    url: Annotated[bool, typer.Option("--url", help="The link that creates the app in Slack.")] = False,
) -> None:
    """Print the Slack app's manifest."""
    from bridge.manifest import link, text

    typer.echo(link() if url else text())


@app.command()
def sandbox(port: Annotated[int, typer.Option(help="0: any free one.")] = 8701) -> None:
    """Run only the sandbox: look-alikes of Slack, Telegram, WhatsApp and OpenAI."""
    from bridge.serve import sandbox as run

    _finish(lambda: run(port))


def main() -> None:
    """Run a command."""
    app()


def _finish(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with _in_one_sentence(), contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_until_told(work))


async def _until_told(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run until done or told to stop; SIGTERM ends it as Ctrl-C does, cleanly."""
    task = asyncio.ensure_future(work())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task


@contextlib.contextmanager
def _in_one_sentence() -> Any:
    try:
        yield
    except* WrongSetting as errors:
        for error in errors.exceptions:
            typer.echo(error, err=True)
        raise SystemExit(2) from None
