"""`bridge doctor` against the sandbox: what is right, what is wrong and its mend, and never a secret."""

import json
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog

from bridge.demo.stage import environment
from bridge.doctor import examine
from bridge.sandbox.server import Sandbox, serve
from bridge.sandbox.world import Fault
from bridge.settings import keys
from bridge.store import setting_changes
from bridge.store.migrate import HEAD, migrate
from bridge.store.setting_changes import Change
from bridge.store.store import Store

MAKE_IT = "Correct it, or make the group in Slack."
NOWHERE = "http://127.0.0.1:9"
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1-not-for-anybody",
    "SLACK_APP_TOKEN": "xapp-1-not-for-anybody",
    "SLACK_SIGNING_SECRET": "signing-not-for-anybody",
    "TELEGRAM_BOT_TOKEN": "4242424242:telegram-not-for-anybody-else",
    "TELEGRAM_WEBHOOK_SECRET": "webhook-not-for-anybody",
    "WHATSAPP_TOKEN": "whatsapp-not-for-anybody",
    "WHATSAPP_APP_SECRET": "app-not-for-anybody",
    "WHATSAPP_VERIFY_TOKEN": "verify-not-for-anybody",
    "OPENAI_API_KEY": "sk-not-for-anybody-else-12345",
    "SECRET_KEY": "key-not-for-anybody-else",
}


@dataclass
class Clinic:
    """A sandbox, the environment in which the doctor looks at it, and what the doctor says."""

    sandbox: Sandbox
    url: str
    set: Callable[[str, str], None]
    folder: Path
    capsys: pytest.CaptureFixture[str]
    printed: str = ""

    async def lines(self, patience: float = 20.0) -> list[dict[str, Any]]:
        """Run the doctor; the exit code must fit what it says."""
        code = await examine(as_json=True, patience=patience)
        said = self.capsys.readouterr()
        self.printed = said.out + said.err
        lines = [json.loads(line) for line in said.out.splitlines()]
        assert code == (0 if all(line["ok"] for line in lines) else 1)
        return lines

    async def wrong(self) -> list[tuple[str, str]]:
        """Only what is not right, with its mend."""
        return [(line["check"], line["mend"]) for line in await self.lines() if not line["ok"]]

    def desk(self, toml: str) -> None:
        (self.folder / "bridge.toml").write_text(toml)
        self.set("BRIDGE_CONFIG", str(self.folder / "bridge.toml"))


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """The doctor sends all logs to stderr, which pytest takes away after each test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def clinic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> AsyncGenerator[Clinic]:
    monkeypatch.chdir(tmp_path)
    for name in keys():
        monkeypatch.delenv(name, raising=False)
    sandbox = Sandbox()
    async with serve(sandbox=sandbox) as url:
        for name, value in environment(url, tmp_path).items():
            monkeypatch.setenv(name, value)
        yield Clinic(sandbox, url, monkeypatch.setenv, tmp_path, capsys)


async def test_a_healthy_bridge_has_nothing_to_mend(clinic: Clinic) -> None:
    clinic.set("OPENAI_BASE_URL", f"{clinic.url}/openai/v1")
    lines = await clinic.lines()
    assert {line["mend"] for line in lines} == {""}
    checks = list(dict.fromkeys(line["check"] for line in lines))
    assert checks == [
        *("settings", "database", "slack", "telegram", "web", "whatsapp", "public_url"),
        *("bots", "texts", "triggers", "model"),
    ]


async def test_people_read_one_line_for_each_check(clinic: Clinic) -> None:
    clinic.set("PUBLIC_URL", "")
    assert await examine(as_json=False) == 1
    lines = clinic.capsys.readouterr().out.splitlines()
    assert "✓ web        on" in lines
    (bad,) = [line for line in lines if not line.startswith("✓ ")]
    assert bad.startswith("✗ public_url <PUBLIC_URL>/whatsapp/webhook: PUBLIC_URL is missing")


@pytest.mark.parametrize(
    ("name", "value", "check", "mend"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1", "slack", "SLACK_BOT_TOKEN does not begin with xoxb-"),
        ("SLACK_APP_TOKEN", "", "slack", "SLACK_APP_TOKEN is missing"),
        ("SLACK_QUEUE_CHANNEL", "nowhere", "slack", "SLACK_QUEUE_CHANNEL: there is no channel nowhere"),
        ("SLACK_API_URL", NOWHERE, "slack", "Slack cannot be reached."),
        ("TELEGRAM_BOT_TOKEN", "letters", "telegram", "TELEGRAM_BOT_TOKEN does not look like"),
        ("TELEGRAM_API_URL", NOWHERE, "telegram", "TELEGRAM_API_URL does not answer"),
        ("WHATSAPP_APP_SECRET", "", "whatsapp", "WHATSAPP_APP_SECRET is missing"),
        ("WHATSAPP_API_URL", NOWHERE, "whatsapp", "WHATSAPP_API_URL does not answer"),
        ("WEB_CHAT", "perhaps", "web", 'WEB_CHAT must be "on" or "off"'),
        ("PUBLIC_URL", "", "public_url", "PUBLIC_URL is missing"),
        ("PUBLIC_URL", "http://bridge.example.com", "public_url", "PUBLIC_URL must be an https address"),
        ("OPENAI_BASE_URL", NOWHERE, "model", "OPENAI_BASE_URL does not answer"),
        ("DATABASE_URL", "postgresql://u:p@127.0.0.1:9/x", "database", "DATABASE_URL: the database cannot be reached"),
    ],
)
async def test_what_is_wrong_is_named_with_its_mend(
    clinic: Clinic, name: str, value: str, check: str, mend: str
) -> None:
    clinic.set(name, value)
    ((found, said),) = await clinic.wrong()
    assert found == check
    assert said.startswith(mend)


async def test_several_wrong_channels_are_all_named(clinic: Clinic) -> None:
    clinic.set("TELEGRAM_BOT_TOKEN", "letters")
    clinic.set("WHATSAPP_APP_SECRET", "")
    clinic.set("WEB_ORIGINS", "somewhere")
    assert [check for check, _ in await clinic.wrong()] == ["telegram", "web", "whatsapp"]


async def test_a_bridge_without_customers_is_noticed(clinic: Clinic) -> None:
    clinic.set("WEB_CHAT", "off")
    for name in keys():
        if name.startswith(("TELEGRAM_", "WHATSAPP_")):
            clinic.set(name, "")
    assert await clinic.wrong() == [
        ("channels", "No customer channel is set up: set TELEGRAM_BOT_TOKEN or WHATSAPP_TOKEN, or WEB_CHAT=on.")
    ]


async def test_a_permission_that_the_manifest_has_and_the_app_lacks_is_named(clinic: Clinic) -> None:
    clinic.sandbox.slack.scopes.remove("reactions:write")
    ((_, mend),) = await clinic.wrong()
    assert mend == "Update the app from the manifest and reinstall: lacks reactions:write."


async def test_an_app_token_that_opens_no_socket_is_noticed(clinic: Clinic) -> None:
    clinic.sandbox.world.faults.append(Fault("slack", "apps.connections.open", "500"))
    ((_, mend),) = await clinic.wrong()
    assert mend.startswith("SLACK_APP_TOKEN opens no socket")


async def test_http_mode_needs_an_address_and_no_socket(clinic: Clinic) -> None:
    clinic.set("SLACK_APP_TOKEN", "")
    clinic.set("SLACK_SIGNING_SECRET", "s")
    clinic.set("PUBLIC_URL", "https://bridge.example.com")
    details = {line["check"]: line["detail"] for line in await clinic.lines()}
    assert "https://bridge.example.com/slack/events" in details["public_url"]


async def test_somebody_who_can_claim_is_looked_for(clinic: Clinic) -> None:
    clinic.sandbox.slack.workspace.channels["C0SUPPORT"].members = {"U0BRIDGE"}
    ((_, mend),) = await clinic.wrong()
    assert mend.startswith("Invite agents to #support-queue")


async def test_a_group_that_is_not_there_and_a_desk_with_nobody_are_noticed(clinic: Clinic) -> None:
    (clinic.folder / "page.md").write_text("# Tea\n\nWe sell tea.\n")
    roles = '[roles]\nadmins = ["@leads"]\nresponders = ["S0GONE"]\n'
    clinic.desk(roles + '[bots.a]\nkind = "knowledge"\nfolder = "."')
    leads, gone, nobody = await clinic.wrong()
    assert leads == ("slack", "The desk's roles name @leads, but no user group has that handle. " + MAKE_IT)
    assert gone == ("slack", "The desk's roles name S0GONE, but no user group has that id. " + MAKE_IT)
    assert nobody[1].startswith("The desk's roles leave nobody who can claim.")


@pytest.mark.parametrize(
    ("desk", "check", "mend"),
    [
        ('[bots.a]\nkind = "knowledge"\nfolder = "gone"', "bots", "bridge.toml line 1: [bots.a] folder: "),
        ('[bots.a]\nkind = "llm"', "bots", "bridge.toml line 1: [bots.a]: OPENAI_API_KEY, or OPENAI_BASE_URL"),
        ('[bots.a]\nkind = "parrot"', "bots", "bridge.toml line 1: [bots.a]: there is no kind 'parrot'"),
        (
            '[texts]\nwaiting = "{{agent.nam}}"\n[bots.a]\nkind = "knowledge"\nfolder = "."',
            "texts",
            "bridge.toml line 2: {{agent.nam}}",
        ),
        (
            '[desk]\ntrigger_on_request = false\ntrigger_after_unsure = 0\nkeywords = [" "]\n'
            '[bots.a]\nkind = "knowledge"\nfolder = "."',
            "triggers",
            "Set trigger_on_request = true",
        ),
    ],
)
async def test_what_is_wrong_in_the_desk_is_named(clinic: Clinic, desk: str, check: str, mend: str) -> None:
    (clinic.folder / "page.md").write_text("# Tea\n\nWe sell tea.\n")
    clinic.desk(desk)
    ((found, said),) = await clinic.wrong()
    assert found == check
    assert said.startswith(mend)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "seven", "PORT must be a number"),
        ("PUBLIC_URL", "bridge", "PUBLIC_URL is not a web address"),
        ("OPENAI_BASE_URL", "localhost:11434/v1", "OPENAI_BASE_URL is not a web address"),
        ("BRIDGE_CONFIG", "nowhere.toml", "BRIDGE_CONFIG: there is no file nowhere.toml"),
    ],
)
async def test_settings_that_cannot_be_read_are_all_that_is_said(
    clinic: Clinic, name: str, value: str, said: str
) -> None:
    clinic.set(name, value)
    ((check, mend),) = await clinic.wrong()
    assert check == "settings"
    assert mend.startswith(said)


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
async def test_what_calls_a_person_is_what_admins_have_set(
    clinic: Clinic, request: pytest.FixtureRequest, where: str
) -> None:
    address = f"sqlite:///{clinic.folder}/bridge.db"
    if where == "postgres":
        address = request.getfixturevalue("postgres")
        clinic.set("DATABASE_URL", address)
    migrate(address)
    store = Store(address)

    async def sets(version: int, **became: str) -> None:
        change = Change("triggers", version, False, {}, became, "U0CLEA", "Clea", datetime.now(UTC))
        assert await store.write(lambda tx: setting_changes.add(tx, change))

    await sets(1, on_request="no", after_unsure="0", keywords="refund")
    lines = {line["check"]: line["detail"] for line in await clinic.lines()}
    assert lines["triggers"] == "a person is called by 1 keyword, as set in Slack"
    await sets(2, on_request="no", after_unsure="0", keywords="")
    assert ("triggers", "Open Settings with /desk in Slack, where this was changed.") in await clinic.wrong()
    store.close()


async def test_a_file_that_is_no_database_is_noticed(clinic: Clinic) -> None:
    (clinic.folder / "bridge.db").write_text("not a database, but long enough to be looked at as if it were one" * 20)
    ((check, mend),) = await clinic.wrong()
    assert check == "database"
    assert mend.startswith("DATABASE_URL")


async def test_the_doctor_looks_while_a_bridge_is_working_and_leaves_nothing_behind(clinic: Clinic) -> None:
    address = f"sqlite:///{clinic.folder / 'bridge.db'}"
    migrate(address)
    store = Store(address)
    try:
        lines = await clinic.lines()
        kept = await store.read(lambda tx: tx.all("SELECT name FROM sqlite_master WHERE name LIKE '%doctor%'"))
    finally:
        store.close()
    (database,) = [line for line in lines if line["check"] == "database"]
    assert (database["ok"], database["detail"]) == (True, f"SQLite, version {HEAD}, can be written")
    assert kept == []


async def test_the_doctor_makes_no_database(clinic: Clinic) -> None:
    await clinic.lines()
    assert not (clinic.folder / "bridge.db").exists()


async def test_postgresql_is_looked_at_too(clinic: Clinic, postgres: str) -> None:
    migrate(postgres)
    clinic.set("DATABASE_URL", postgres)
    (database,) = [line for line in await clinic.lines() if line["check"] == "database"]
    assert (database["ok"], database["detail"]) == (True, f"PostgreSQL, version {HEAD}, can be written")


async def test_a_platform_that_never_answers_holds_up_nobody_for_ever(clinic: Clinic) -> None:
    clinic.sandbox.world.faults.append(Fault("slack", "auth.test", "delay", seconds=3600.0))
    lines = await clinic.lines(patience=1.0)
    (slack,) = [line for line in lines if line["check"] == "slack"]
    assert (slack["ok"], slack["detail"]) == (False, "no answer within 1 seconds")
    assert next(line["ok"] for line in lines if line["check"] == "telegram")


@pytest.mark.parametrize("broken", [False, True])
async def test_no_secret_is_ever_printed(clinic: Clinic, broken: bool) -> None:
    for name, value in SECRETS.items():
        clinic.set(name, value)
    clinic.set("OPENAI_BASE_URL", f"{clinic.url}/openai/v1")
    if broken:
        clinic.set("DATABASE_URL", "postgresql://bridge:password-not-for-anybody@127.0.0.1:9/bridge")
        for name in ("SLACK_API_URL", "TELEGRAM_API_URL", "WHATSAPP_API_URL", "OPENAI_BASE_URL"):
            clinic.set(name, NOWHERE)
    lines = await clinic.lines()
    printed = clinic.printed
    assert await examine(as_json=False) == (1 if broken else 0)
    said = clinic.capsys.readouterr()
    assert len([line for line in lines if not line["ok"]]) == (5 if broken else 0)
    assert "not-for-anybody" not in printed + said.out + said.err


async def test_a_secret_that_a_platform_repeats_is_struck_out(clinic: Clinic) -> None:
    clinic.set("SLACK_QUEUE_CHANNEL", "verify-not-for-anybody")  # pasted into the wrong line
    clinic.set("WHATSAPP_VERIFY_TOKEN", "verify-not-for-anybody")
    ((_, mend),) = await clinic.wrong()
    assert mend.startswith("SLACK_QUEUE_CHANNEL: there is no channel ***")


ROUTES = """[[routes]]
channel = "#billing"
keywords = ["refund"]
"""


def with_routes(clinic: Clinic, routes: str) -> None:
    (clinic.folder / "knowledge").mkdir()
    (clinic.folder / "knowledge" / "tea.md").write_text("# Tea\n\nWe sell tea.\n")
    clinic.desk(routes)


async def test_the_channel_of_every_route_is_looked_at(clinic: Clinic) -> None:
    with_routes(clinic, ROUTES)
    ((check, mend),) = await clinic.wrong()
    assert check == "slack"
    assert mend.startswith("[[routes]] in bridge.toml: there is no channel billing that the bot can see.")
    await clinic.sandbox.act("slack", "clea", "create_channel", "billing")
    details = [line["detail"] for line in await clinic.lines() if line["check"] == "slack"]
    assert details[-1] == "the bot is in #billing, for a route"


async def test_a_route_for_customers_whom_nobody_knows_is_named(clinic: Clinic) -> None:
    with_routes(clinic, ROUTES.replace("keywords", "customer_channels"))
    ((check, mend),) = await clinic.wrong()
    assert (check, mend.split(";")[0]) == ("slack", "bridge.toml line 3: there is no customer channel refund")
