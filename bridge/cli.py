"""The commands. Thin: each reads the settings and calls one part."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Generator, Iterator
from typing import Annotated

import typer
from uvloop import new_event_loop

from bridge.errors import WrongSetting

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def bridge() -> None:
    """Customers on Telegram, WhatsApp and the web; agents in Slack threads."""


@app.command()
def serve() -> None:
    """Run the bridge from the environment."""
    with _in_one_sentence():
        from bridge.serve import serve as run

        _until_told(run)


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="One JSON line for each check.")] = False) -> None:
    """Check tokens, scopes, channel, roles, triggers and database; one line each, with the mend."""
    from bridge.doctor import examine

    raise typer.Exit(asyncio.run(examine(as_json)))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    with _in_one_sentence():
        from bridge.settings import load
        from bridge.store.migrate import migrate as upgrade

        typer.echo(f"The database is at version {upgrade(load().database_url)}.")


@app.command()
def manifest(
    url: Annotated[bool, typer.Option("--url", help="The link that creates the app in Slack.")] = False,
    http: Annotated[str, typer.Option(help="Your https address, for HTTP mode instead of Socket Mode.")] = "",
) -> None:
    """Print the Slack app's manifest."""
    with _in_one_sentence():
        from bridge.manifest import link, text

        typer.echo(link(http) if url else text(http))


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 8701,
) -> None:
    """Run only the sandbox: look-alikes of Slack, Telegram, WhatsApp and OpenAI."""
    with _in_one_sentence():
        from bridge.serve import sandbox as run

        _until_told(lambda: run(port))


def main() -> None:
    """Run a command."""
    app(prog_name="bridge")


def _until_told(work: Callable[[], Awaitable[None]]) -> None:
    """Run until done or told to stop; SIGTERM ends it as Ctrl-C does, cleanly, and a second one at once."""

    async def watched() -> None:
        task = asyncio.ensure_future(work())
        loop = asyncio.get_running_loop()

        def stop() -> None:
            loop.remove_signal_handler(signal.SIGTERM)
            task.cancel()

        loop.add_signal_handler(signal.SIGTERM, stop)
        await task

    done = contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError)
    with done, asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(watched())


@contextlib.contextmanager
def _in_one_sentence() -> Generator[None]:
    """What is set wrong is said in a sentence and ends with 2, without a traceback."""
    try:
        yield
    except* WrongSetting as errors:
        for sentence in _sentences(errors):
            typer.echo(sentence, err=True)
        raise SystemExit(2) from None


def _sentences(errors: BaseExceptionGroup[WrongSetting]) -> Iterator[str]:
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _sentences(error)
        else:
            yield str(error)
