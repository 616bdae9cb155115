"""The environment and bridge.toml, read once into frozen values, or one clear sentence about what is wrong.

A variable may stand in the environment, in `.env`, or in a file `/run/secrets/<name>`; the first that has it wins.
"""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bridge.desk_file import DeskFile, read_desk
from bridge.errors import WrongSetting

SECRETS = Path("/run/secrets")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


VARIABLES = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_QUEUE_CHANNEL",
    "SLACK_API_URL",
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_MODE",
    "TELEGRAM_WEBHOOK_SECRET",
    "TELEGRAM_API_URL",
    "WHATSAPP_TOKEN",
    "WHATSAPP_PHONE_NUMBER_ID",
    "WHATSAPP_APP_SECRET",
    "WHATSAPP_VERIFY_TOKEN",
    "WHATSAPP_BUSINESS_ID",
    "WHATSAPP_API_URL",
    "WHATSAPP_API_VERSION",
    "WEB_CHAT",
    "WEB_ORIGINS",
    "WEB_TITLE",
    "WEB_ASK_NAME",
    "WEB_ASK_EMAIL",
    "WEB_ASK_QUESTION",
    "WEB_IDENTITY_SECRET",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "DATABASE_URL",
    "BRIDGE_DATA_DIR",
    "BRIDGE_CONFIG",
    "BRIDGE_PACING",
    "HOST",
    "PORT",
    "PUBLIC_URL",
    "SECRET_KEY",
    "LOG_LEVEL",
    "LOG_FORMAT",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the bridge runs with. `env` holds what is set, for the parts that read their own variables."""

    env: Mapping[str, str] = field(repr=False)
    desk: DeskFile
    data_dir: Path
    database_url: str = field(repr=False)
    host: str
    port: int
    public_url: str
    pacing: float
    log_level: str
    log_format: str


def keys() -> tuple[str, ...]:
    """The name of every variable that the bridge and the channels that come with it read."""
    return VARIABLES


def load(given: Mapping[str, str] | None = None) -> Settings:
    """Read everything. With `given`, nothing but that counts as the environment. Raises WrongSetting."""
    env = _environment(given)
    _address(env, "OPENAI_BASE_URL")
    data_dir = Path(env.get("BRIDGE_DATA_DIR", "data"))
    return Settings(
        env={"SECRET_KEY": _secret_key(env, data_dir), **env},
        desk=_desk(env),
        data_dir=data_dir,
        database_url=_database(env, data_dir),
        host=env.get("HOST", "127.0.0.1"),
        port=_port(env),
        public_url=_address(env, "PUBLIC_URL"),
        pacing=_pacing(env),
        log_level=_one_of(env, "LOG_LEVEL", LEVELS, "INFO"),
        log_format=_one_of(env, "LOG_FORMAT", ("console", "json"), "console"),
    )


def _environment(given: Mapping[str, str] | None) -> dict[str, str]:
    """Every variable, also those that only a channel of your own knows. Blank counts as not set."""
    if given is not None:
        return _set(given)
    return {**_set(_secrets()), **_set(_written()), **_set(os.environ)}


def _secrets() -> dict[str, str]:
    if not SECRETS.is_dir():
        return {}
    try:
        return {path.name.upper(): path.read_text("utf-8") for path in SECRETS.iterdir() if path.is_file()}
    except (OSError, UnicodeDecodeError):
        raise WrongSetting(f"{SECRETS} cannot be read: its files must be UTF-8 text.") from None


def _written() -> dict[str, str]:
    try:
        return {name: value or "" for name, value in dotenv_values(".env", interpolate=False).items()}
    except (OSError, UnicodeDecodeError):
        raise WrongSetting(".env cannot be read: it must be a UTF-8 text file.") from None


def _set(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in variables.items() if value.strip()}


def _desk(env: Mapping[str, str]) -> DeskFile:
    path = Path(env.get("BRIDGE_CONFIG", "bridge.toml"))
    if not path.exists():
        if "BRIDGE_CONFIG" in env:
            raise WrongSetting(f"BRIDGE_CONFIG: there is no file {path}.")
        return DeskFile()
    try:
        source = path.read_text(encoding="utf-8")
        return read_desk(tomllib.loads(source), path, source)
    except (OSError, UnicodeDecodeError):
        raise WrongSetting(f"BRIDGE_CONFIG: {path} cannot be read: it must be a UTF-8 text file.") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongSetting(f"{path.name}: {error}") from None


def _database(env: Mapping[str, str], data_dir: Path) -> str:
    address = env.get("DATABASE_URL", "")
    if not address:
        return f"sqlite:///{data_dir / 'bridge.db'}"
    if not address.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise WrongSetting("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return address


def _port(env: Mapping[str, str]) -> int:
    text = env.get("PORT", "8700")
    if not (text.isascii() and text.isdigit() and 0 <= int(text) < 65536):
        raise WrongSetting(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _address(env: Mapping[str, str], name: str) -> str:
    address = env.get(name, "").rstrip("/")
    try:
        good = urlsplit(address).scheme in ("http", "https") and bool(urlsplit(address).hostname)
    except ValueError:
        good = False
    if address and not good:
        raise WrongSetting(f"{name} is not a web address: write it with https:// or http:// at its beginning.")
    return address


def _pacing(env: Mapping[str, str]) -> float:
    text = env.get("BRIDGE_PACING", "strict")
    if text in ("strict", "off"):
        return 1.0 if text == "strict" else 0.0
    try:
        speed = float(text)
    except ValueError:
        speed = -1.0
    if not 0 < speed <= 1000:
        raise WrongSetting("BRIDGE_PACING must be strict, off, or how many times faster than the platforms' limits.")
    return speed


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(name, default)
    found = next((item for item in allowed if item.lower() == value.lower()), None)
    if found is None:
        raise WrongSetting(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return found


def _secret_key(env: Mapping[str, str], data_dir: Path) -> str:
    """The key that signs visitors' tokens; made once and kept beside the database when none is set."""
    if key := env.get("SECRET_KEY"):
        if len(key) < 16:
            raise WrongSetting("SECRET_KEY is too short: give at least 16 random characters.")
        return key
    path = data_dir / "secret_key"
    try:
        if path.exists():
            return path.read_text(encoding="utf-8").strip()
        data_dir.mkdir(parents=True, exist_ok=True)
        key = secrets.token_urlsafe(32)
        path.touch(mode=0o600)
        path.write_text(key, encoding="utf-8")
    except OSError as error:
        raise WrongSetting(f"BRIDGE_DATA_DIR: {data_dir} cannot be written ({error.strerror}).") from None
    return key
