"""Where a variable may stand, and which of the places wins."""

import zoneinfo
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from bridge import settings
from bridge.app import built
from bridge.desk_file import read_desk
from bridge.errors import WrongSetting


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with `.env` and `secrets/`, and an environment in which nothing of ours is set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "SECRETS", tmp_path / "secrets")
    (tmp_path / "secrets").mkdir()
    for name in settings.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_environment_goes_before_the_file_and_the_file_before_the_secret(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (places / "secrets" / "web_title").write_text("from the secret\n")
    assert settings.load().env["WEB_TITLE"] == "from the secret"
    (places / ".env").write_text("WEB_TITLE=from the file\n")
    assert settings.load().env["WEB_TITLE"] == "from the file"
    monkeypatch.setenv("WEB_TITLE", "from the environment")
    assert settings.load().env["WEB_TITLE"] == "from the environment"


def test_what_is_blank_hides_nothing(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (places / "secrets" / "web_title").write_text("from the secret\n")
    (places / ".env").write_text("WEB_TITLE=\n")
    monkeypatch.setenv("WEB_TITLE", "")
    assert settings.load().env["WEB_TITLE"] == "from the secret"


def test_a_key_is_made_once_and_only_its_owner_may_read_it(places: Path) -> None:
    key = settings.load().env["SECRET_KEY"]
    assert settings.load().env["SECRET_KEY"] == key
    assert (places / "data" / "secret_key").stat().st_mode & 0o077 == 0


def test_an_env_file_that_is_no_text_is_said(places: Path) -> None:
    (places / ".env").write_bytes(b"WEB_TITLE=\xff\xfe")
    with pytest.raises(WrongSetting, match=r"^\.env cannot be read"):
        settings.load()


def test_secrets_are_not_shown_with_the_settings(places: Path) -> None:
    shown = repr(settings.load({"SLACK_BOT_TOKEN": "xoxb-1-secret", "DATABASE_URL": "postgresql://u:secret@h/d"}))
    assert "secret" not in shown.replace("secret_key", "")


# --------------------------------------------------------------------------- what is wrong or missing stops the start

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-token",
    "SLACK_APP_TOKEN": "xapp-1-token",
    "SLACK_QUEUE_CHANNEL": "support-queue",
    "TELEGRAM_BOT_TOKEN": "4242424242:telegram-token",
    "WHATSAPP_TOKEN": "whatsapp-token",
    "WHATSAPP_PHONE_NUMBER_ID": "100200300",
    "WHATSAPP_APP_SECRET": "app-secret",
    "WHATSAPP_VERIFY_TOKEN": "verify-token",
}
WRONG = [
    ("SLACK_BOT_TOKEN", "", "is missing"),
    ("SLACK_BOT_TOKEN", "xapp-1-token", "does not begin with xoxb-"),
    ("SLACK_APP_TOKEN", "", "is missing"),
    ("SLACK_APP_TOKEN", "xoxb-1-token", "does not begin with xapp-"),
    ("SLACK_QUEUE_CHANNEL", "", "is missing"),
    ("SLACK_API_URL", "slack.com/api", "is not an address"),
    ("TELEGRAM_BOT_TOKEN", "token", "does not look like"),
    ("TELEGRAM_MODE", "push", "is neither polling nor webhook"),
    ("TELEGRAM_MODE", "webhook", "TELEGRAM_WEBHOOK_SECRET is missing"),
    ("TELEGRAM_API_URL", "api.telegram.org", "is not a web address"),
    ("WHATSAPP_TOKEN", "", "is missing"),
    ("WHATSAPP_TOKEN", "with a blank", "holds characters that no token has"),
    ("WHATSAPP_PHONE_NUMBER_ID", "", "is missing"),
    ("WHATSAPP_PHONE_NUMBER_ID", "+49 30 1234", "is not a number"),
    ("WHATSAPP_APP_SECRET", "", "is missing"),
    ("WHATSAPP_VERIFY_TOKEN", "", "is missing"),
    ("WHATSAPP_API_URL", "graph", "is not a web address"),
    ("WHATSAPP_API_VERSION", "26", "is not a version"),
    ("WEB_CHAT", "maybe", "must be"),
    ("WEB_ORIGINS", "www.example.com", "must list origins"),
    ("OPENAI_BASE_URL", "localhost:11434", "is not a web address"),
    ("DATABASE_URL", "mysql://u:hunter2@host/bridge", "must begin with sqlite:/// or postgresql://"),
    ("DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:1/bridge", "cannot be reached"),
    ("BRIDGE_CONFIG", "elsewhere.toml", "there is no file"),
    ("BRIDGE_PACING", "fast", "must be strict, off, or"),
    ("BRIDGE_PACING", "-1", "must be strict, off, or"),
    ("BRIDGE_PACING", "nan", "must be strict, off, or"),
    ("PORT", "http", "must be a number"),
    ("PORT", "65536", "must be a number"),
    ("PORT", "-1", "must be a number"),
    ("PUBLIC_URL", "bridge.example.com", "is not a web address"),
    ("SECRET_KEY", "short", "is too short"),
    ("LOG_LEVEL", "LOUD", "must be one of DEBUG, INFO, WARNING, ERROR"),
    ("LOG_FORMAT", "xml", "must be one of console, json"),
]


async def starts(env: dict[str, str]) -> None:
    async with built(settings.load(env)):
        pass


async def test_a_good_environment_starts(shop: Path) -> None:
    (shop / "bridge.toml").write_text(FILE)
    await starts(GOOD)
    await starts({**GOOD, "LOG_LEVEL": "debug", "LOG_FORMAT": "JSON", "BRIDGE_PACING": "20", "SECRET_KEY": "k" * 16})


@pytest.mark.parametrize(("name", "value", "why"), WRONG)
async def test_a_wrong_variable_is_named_in_one_sentence_that_shows_no_secret(
    places: Path, name: str, value: str, why: str
) -> None:
    with pytest.raises(WrongSetting) as wrong:
        await starts({**GOOD, name: value})
    told = str(wrong.value)
    assert name in told or why.startswith("TELEGRAM_WEBHOOK_SECRET")
    assert why in told
    assert "\n" not in told
    assert not [secret for secret in ("1-token", "m-token", "app-secret", "hunter2", "49 30 1234") if secret in told]


async def test_without_any_channel_nothing_starts(places: Path) -> None:
    slack = {name: value for name, value in GOOD.items() if name.startswith("SLACK")}
    with pytest.raises(WrongSetting, match=r"^No customer channel is set up: set TELEGRAM_BOT_TOKEN or"):
        await starts({**slack, "WEB_CHAT": "off"})


async def test_a_folder_that_cannot_be_written_is_named(places: Path) -> None:
    (places / "file").touch()
    with pytest.raises(WrongSetting, match="BRIDGE_DATA_DIR: file"):
        await starts({**GOOD, "BRIDGE_DATA_DIR": "file/deeper"})


async def test_a_second_bridge_on_the_same_data_is_refused(shop: Path) -> None:
    (shop / "bridge.toml").write_text(FILE)
    async with built(settings.load(GOOD)):
        with pytest.raises(WrongSetting, match="DATABASE_URL: another bridge is running"):
            await starts(GOOD)
    await starts(GOOD)


# ----------------------------------------------------------------------------------------------------- bridge.toml

FILE = """[desk]
name = "Shop"
bots = ["faq"]

[texts]
waiting = "One moment, {{customer.name}}."

[bots.faq]
kind = "knowledge"
folder = "pages"
"""
BROKEN = [
    ('name = "Shop"', 'name = "Shop', r"bridge\.toml: .*line 2"),
    ('name = "Shop"', "name = 5", r"bridge\.toml line 2: name must be a text in quotes\."),
    ('name = "Shop"', 'nmae = "Shop"', r"bridge\.toml line 2: nmae is not known; did you mean name\?$"),
    ('bots = ["faq"]', 'bots = "faq"', r"bridge\.toml line 3: bots must be a list of texts"),
    ('bots = ["faq"]', 'bots = ["shop"]', r"bridge\.toml line 3: there is no \[bots\.shop\]; there are faq"),
    ('bots = ["faq"]', "trigger_after_unsure = true", r"line 3: trigger_after_unsure must be a number"),
    ('bots = ["faq"]', "trigger_after_unsure = -1", r"line 3: trigger_after_unsure must be a number"),
    ('bots = ["faq"]', "answer_minutes = 10081", r"line 3: answer_minutes must be 0 to 10080\."),
    ('bots = ["faq"]', 'language = "fr"', r"line 3: language must be one of en, de, es, pt\."),
    ('bots = ["faq"]', 'call = ["@agents"]', r"line 3: '@agents' is nobody to call: write the id of a person"),
    ('bots = ["faq"]', 'call = ["channel"]', r"line 3: 'channel' is nobody to call"),
    ('bots = ["faq"]', "call = [5]", r"line 3: (call|5) "),
    ('bots = ["faq"]', 'timezone = "Mars/Base"', r"line 3: there is no time zone 'Mars/Base'; write one such as"),
    ('bots = ["faq"]', 'timezone = "Europe"', r"line 3: there is no time zone 'Europe'"),
    ('bots = ["faq"]', 'timezone = "../passwd"', r"line 3: there is no time zone '../passwd'"),
    ('bots = ["faq"]', 'timezone = ""', r"line 3: there is no time zone ''"),
    ('bots = ["faq"]', 'trigger_on_request = "yes"', r"line 3: trigger_on_request must be true or false"),
    ("[texts]", "[text]", r"bridge\.toml line 5: \[text\] is not known; did you mean texts\?"),
    ("[texts]", '[roles]\nviewers = ["W1"]\nadmins = ["ana"]\n[texts]', r"line 7: 'ana' in admins is no user id \(\"U"),
    ("[texts]", '[roles]\nadmins = ["@a b"]\n[texts]', r"line 6: '@a b' in admins is no user id"),
    ("[texts]", "[rolls]\nadmins = []", r"bridge\.toml line 5: \[rolls\] is not known"),
    ("{{customer.name}}", "{{custmer.name}}", r"line 6: \{\{custmer\.name\}\} is not known; did you mean"),
    ("{{customer.name}}", "{{customer.name", r"bridge\.toml line 6: \{\{ and \}\} do not match"),
    ("waiting =", "wating =", r"bridge\.toml line 6: wating is not known; did you mean waiting\?"),
    ("[bots.faq]", "[bots]\nother = 3\n[bots.faq]", r"bridge\.toml line 9: a bot is a table, written \[bots\.other\]"),
    (
        'kind = "knowledge"',
        'kind = "clever"',
        r"bridge\.toml line 8: \[bots\.faq\]: there is no kind 'clever'; the kinds are",
    ),
    ('folder = "pages"', 'folder = "nowhere"', r"bridge\.toml line 8: \[bots\.faq\] folder: .*nowhere"),
    (
        'folder = "pages"',
        'folder = "pages"\nfoldr = "pages"',
        r"bridge\.toml line 8: \[bots\.faq\] foldr: is no option; did you mean folder\?",
    ),
    ('kind = "knowledge"\nfolder = "pages"', 'kind = "flow"\nfile = "steps.yaml"', r"steps\.yaml line 3: "),
]


@pytest.fixture
def shop(places: Path) -> Path:
    (places / "pages").mkdir()
    (places / "pages" / "tea.md").write_text("# Tea\n\nWe sell tea.\n")
    (places / "steps.yaml").write_text("steps:\n  - id: a\n    sya: hello\n")
    return places


@pytest.mark.parametrize(("old", "new", "why"), BROKEN)
async def test_what_is_wrong_in_a_file_is_said_with_its_line(shop: Path, old: str, new: str, why: str) -> None:
    assert old in FILE
    (shop / "bridge.toml").write_text(FILE.replace(old, new))
    with pytest.raises(WrongSetting, match=why):
        await starts(GOOD)


async def test_a_file_that_is_no_text_is_said(shop: Path) -> None:
    (shop / "bridge.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(WrongSetting, match=r"^BRIDGE_CONFIG: bridge\.toml cannot be read"):
        await starts(GOOD)


def test_without_a_file_there_is_a_desk(places: Path) -> None:
    desk = settings.load(GOOD).desk
    assert (desk.name, desk.bots) == ("Support", ("knowledge",))
    assert desk.triggers.can_fire


@pytest.fixture
def no_zone_files() -> Iterator[None]:
    """As on a small image."""
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()


@pytest.mark.usefixtures("no_zone_files")
def test_a_desk_in_utc_needs_no_files_of_time_zones() -> None:
    assert read_desk({}, Path("bridge.toml"), "").hours.zone is UTC
