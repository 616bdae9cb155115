"""The commands as a person starts them: the program in a process of its own, against a sandbox in another."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog
import yaml
from typer.testing import CliRunner, Result

from bridge.cli import app
from bridge.demo.stage import environment
from bridge.server import listening
from bridge.settings import keys
from bridge.store.migrate import HEAD

ROOT = Path(__file__).parent.parent
WORDS = "quite unmistakable words about kettles"
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1-not-for-the-log",
    "SLACK_APP_TOKEN": "xapp-1-not-for-the-log",
    "TELEGRAM_BOT_TOKEN": "4242424242:telegram-not-for-the-log-at-all",
    "WHATSAPP_TOKEN": "whatsapp-not-for-the-log",
    "WHATSAPP_APP_SECRET": "app-not-for-the-log",
    "WHATSAPP_VERIFY_TOKEN": "verify-not-for-the-log",
    "OPENAI_API_KEY": "sk-not-for-the-log-at-all-12345",
    "SECRET_KEY": "key-not-for-the-log-at-all",
}


@dataclass
class Program:
    """One `bridge ...` that runs; stdout and stderr together are what it says."""

    process: "subprocess.Popen[str]"
    said: list[str] = field(default_factory=list[str])

    def until(self, pattern: str) -> re.Match[str]:
        """Read on until a line fits."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.search(pattern, line):
                return found
        pytest.fail(f"It ended without saying {pattern!r}:\n{''.join(self.said)}")

    def end(self, with_signal: signal.Signals | None = None) -> tuple[int, str]:
        """Wait for the end, after a signal if one is given: the exit code and everything that was said."""
        if with_signal:
            self.process.send_signal(with_signal)
        rest, _ = self.process.communicate(timeout=60)
        self.said.append(rest)
        return self.process.returncode, "".join(self.said)


@contextmanager
def started(*arguments: str, env: Mapping[str, str], cwd: Path) -> Generator[Program]:
    clean = {name: value for name, value in os.environ.items() if name not in keys()}
    process = subprocess.Popen(
        [sys.executable, "-m", "bridge", *arguments],
        env={**clean, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **env},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield Program(process)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `bridge sandbox`."""
    with started("sandbox", "--port", "0", env={}, cwd=tmp_path_factory.mktemp("sandbox")) as program:
        yield program.until("Sandbox: (http://127.0.0.1:[0-9]+)/sandbox")[1]


@pytest.fixture
def env(sandbox: str, tmp_path: Path) -> dict[str, str]:
    """With which a bridge uses that sandbox, on a port that is free."""
    with listening("127.0.0.1", 0) as found:
        port = found.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    return {**environment(sandbox, tmp_path, url), "PORT": str(port)}


def asked(url: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Run a command in this process, where it must not need its own."""
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run(*arguments: str, env: Mapping[str, str] | None = None) -> Result:
        for name in keys():
            monkeypatch.delenv(name, raising=False)
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(app, arguments)

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


# -------------------------------------------------------------------------------------------------------------- serve


def test_serve_says_what_is_on_works_and_stops_cleanly_when_told(env: dict[str, str], tmp_path: Path) -> None:
    env |= {"WEB_CHAT": "off"}
    with started("serve", env=env, cwd=tmp_path) as program:
        start = program.until(" starting ")
        assert "on=['telegram', 'whatsapp']" in start.string
        assert "off=['web']" in start.string
        program.until(" ready ")
        assert asked(f"{env['PUBLIC_URL']}/healthz") == {"ok": True}
        assert asked(f"{env['PUBLIC_URL']}/readyz") == {"ok": True, "reason": ""}
        code, said = program.end(signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in said


def test_serve_stops_cleanly_while_it_is_starting(env: dict[str, str], tmp_path: Path) -> None:
    with started("serve", env=env, cwd=tmp_path) as program:
        program.until(" listening ")
        code, said = program.end(signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in said


def test_at_its_most_talkative_the_log_holds_no_secret_and_no_words(
    sandbox: str, env: dict[str, str], tmp_path: Path
) -> None:
    env |= SECRETS | {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json", "OPENAI_BASE_URL": f"{sandbox}/openai/v1"}
    webhook = {"webhook_url": f"{env['PUBLIC_URL']}/whatsapp/webhook", "app_secret": env["WHATSAPP_APP_SECRET"]}
    asked(f"{sandbox}/_sandbox/connect", {"whatsapp": webhook})
    with started("serve", env=env, cwd=tmp_path) as program:
        program.until("slack_socket_open")
        for platform, actor in (("telegram", "maria"), ("whatsapp", "joao")):
            said = {"platform": platform, "actor": actor, "action": "write", "text": f"I want a person, {WORDS}"}
            assert asked(f"{sandbox}/_sandbox/act", said)["ok"]
            answered(sandbox, platform)
        code, said = program.end(signal.SIGTERM)
    assert code == 0
    assert "not-for-the-log" not in said
    assert "unmistakable" not in said
    assert "Traceback" not in said


def answered(sandbox: str, platform: str) -> None:
    """Wait at the far end until the bridge has spoken to the customer."""
    after = 0
    while True:
        with urllib.request.urlopen(
            f"{sandbox}/_sandbox/history?platform={platform}&after={after}", timeout=30
        ) as lines:
            for entry in map(json.loads, lines):
                after = entry["seq"]
                if entry["direction"] == "out" and "person from our team" in (entry["text"] or ""):
                    return


def test_a_channel_that_slack_does_not_know_stops_the_start(env: dict[str, str], tmp_path: Path) -> None:
    with started("serve", env=env | {"SLACK_QUEUE_CHANNEL": "nowhere"}, cwd=tmp_path) as program:
        code, said = program.end()
    assert code == 2
    assert said.splitlines()[-1].startswith("SLACK_QUEUE_CHANNEL: there is no channel nowhere")
    assert "Traceback" not in said


NO_SLACK = {"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": "", "SLACK_QUEUE_CHANNEL": ""}
NO_CHANNEL = {name: "" for name in keys() if name.startswith(("TELEGRAM", "WHATSAPP"))} | {"WEB_CHAT": "off"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (NO_SLACK, "SLACK_APP_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_QUEUE_CHANNEL": ""}, "SLACK_QUEUE_CHANNEL is missing"),
        (NO_CHANNEL, "No customer channel is set up"),
        ({"TELEGRAM_BOT_TOKEN": "letters"}, "TELEGRAM_BOT_TOKEN does not look like"),
        ({"WHATSAPP_VERIFY_TOKEN": ""}, "WHATSAPP_VERIFY_TOKEN is missing"),
        ({"WEB_CHAT": "perhaps"}, "WEB_CHAT must be"),
        ({"PORT": "99999"}, "PORT must be a number from 1 to 65535"),
        ({"HOST": "nowhere.invalid"}, "HOST, PORT: nowhere.invalid:"),
        ({"PUBLIC_URL": "bridge"}, "PUBLIC_URL is not a web address"),
        ({"OPENAI_BASE_URL": "localhost:11434/v1"}, "OPENAI_BASE_URL is not a web address"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be one of"),
        ({"BRIDGE_CONFIG": "nowhere.toml"}, "BRIDGE_CONFIG: there is no file nowhere.toml."),
    ],
)
def test_serve_refuses_to_start_with_one_sentence(
    invoke: Any, tmp_path: Path, wrong: dict[str, str], sentence: str
) -> None:
    given = environment("http://127.0.0.1:9", tmp_path) | {"PORT": "0"} | wrong
    refused = invoke("serve", env=given)
    assert refused.exit_code == 2
    (line,) = refused.output.splitlines()
    assert line.startswith(sentence)


def test_serve_names_a_taken_port_and_touches_nothing(invoke: Any, tmp_path: Path) -> None:
    with listening("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        refused = invoke("serve", env=environment("http://127.0.0.1:9", tmp_path) | {"PORT": port})
    assert refused.exit_code == 2
    (line,) = refused.output.splitlines()
    assert line == f"HOST, PORT: 127.0.0.1:{port} cannot be used (Address already in use). Choose another."
    assert not (tmp_path / "bridge.db").exists()


# ---------------------------------------------------------------------------------------------------------- the others


def test_the_commands_are_those_that_work() -> None:
    assert sorted(command.callback.__name__ for command in app.registered_commands if command.callback) == [
        *("doctor", "manifest", "migrate", "sandbox", "serve")
    ]


def test_migrate_says_the_version_as_often_as_it_is_asked(invoke: Any, tmp_path: Path) -> None:
    for _ in range(2):
        done = invoke("migrate", env={"BRIDGE_DATA_DIR": str(tmp_path / "new")})
        assert (done.exit_code, done.output) == (0, f"The database is at version {HEAD}.\n")


def test_migrate_says_why_it_cannot(invoke: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = invoke("migrate", env={"BRIDGE_DATA_DIR": str(tmp_path / "file")})
    assert refused.exit_code == 2
    assert refused.output.startswith("BRIDGE_DATA_DIR: ")


def test_manifest_prints_the_file_or_the_link(invoke: Any) -> None:
    assert invoke("manifest").output.strip() == (ROOT / "manifest.yml").read_text().strip()
    assert invoke("manifest", "--url").output.startswith("https://api.slack.com/apps?new_app=1&manifest_yaml=")
    over_http = yaml.safe_load(invoke("manifest", "--http", "https://bridge.example.com").output)
    assert over_http["settings"]["socket_mode_enabled"] is False
    refused = invoke("manifest", "--url", "--http", "bridge.example.com")
    assert refused.exit_code == 2
    assert len(refused.output.splitlines()) == 1


def test_doctor_says_that_the_settings_are_wrong_and_stops(invoke: Any) -> None:
    done = invoke("doctor", "--json", env={"PORT": "seven"})
    assert done.exit_code == 1
    (line,) = map(json.loads, done.output.splitlines())
    assert (line["check"], line["ok"]) == ("settings", False)
    assert line["mend"].startswith("PORT must be a number")


def test_the_sandbox_serves_other_programs_and_stops_cleanly(tmp_path: Path) -> None:
    with started("sandbox", "--port", "0", env={}, cwd=tmp_path) as program:
        url = program.until("Sandbox: (.*)/sandbox")[1]
        assert asked(f"{url}/slack/api/api.test", {})["ok"]
        code, said = program.end(signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in said


def test_the_sandbox_names_a_taken_port(invoke: Any) -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        refused = invoke("sandbox", "--port", str(port))
    assert refused.exit_code == 2
    (line,) = refused.output.splitlines()
    assert line.startswith(f"--port: 127.0.0.1:{port} cannot be used")
