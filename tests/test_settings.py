"""Where a variable may stand, and which of the places wins."""

from pathlib import Path

import pytest

from bridge import settings
from bridge.errors import WrongSetting


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with `.env` and `secrets/`, and an environment in which nothing of ours is set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "SECRETS", tmp_path / "secrets")
    (tmp_path / "secrets").mkdir()
    for name in settings.Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
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
