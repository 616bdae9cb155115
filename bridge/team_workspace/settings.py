"""Slack's part of the environment, checked: what is wrong is one sentence that names the variable and the mend."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bridge.errors import WrongSetting

API_URL = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """With an app token events come over sockets; without, over HTTP, signed with the secret."""

    bot_token: str
    queue_channel: str
    app_token: str = ""
    signing_secret: str = ""
    api_url: str = API_URL


def read_settings(env: Mapping[str, str]) -> SlackSettings:
    """The settings, or WrongSetting."""
    app_token, secret = _value(env, "SLACK_APP_TOKEN"), _value(env, "SLACK_SIGNING_SECRET")
    if app_token:
        _needs_prefix("SLACK_APP_TOKEN", app_token, "xapp-", "Basic Information, App-Level Tokens")
    elif not secret:
        raise WrongSetting(
            "SLACK_APP_TOKEN is missing: create an app-level token (xapp-...) with connections:write for Socket Mode, "
            "or set SLACK_SIGNING_SECRET to take events over HTTP."
        )
    bot_token = _needed(env, "SLACK_BOT_TOKEN", "install the app and copy the bot token (xoxb-...)")
    _needs_prefix("SLACK_BOT_TOKEN", bot_token, "xoxb-", "OAuth & Permissions")
    channel = _needed(env, "SLACK_QUEUE_CHANNEL", "name the channel in which handoffs appear, such as support-queue")
    return SlackSettings(bot_token, channel.removeprefix("#"), app_token, secret, _url(env))


def _value(env: Mapping[str, str], name: str) -> str:
    return (env.get(name) or "").strip()


def _needed(env: Mapping[str, str], name: str, mend: str) -> str:
    if not (value := _value(env, name)):
        raise WrongSetting(f"{name} is missing: {mend}.")
    return value


def _needs_prefix(name: str, value: str, prefix: str, page: str) -> None:
    if not value.startswith(prefix):
        raise WrongSetting(f"{name} does not begin with {prefix}: copy it again from the app's page {page}.")


def _url(env: Mapping[str, str]) -> str:
    url = _value(env, "SLACK_API_URL") or API_URL
    try:
        good = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        good = False
    if not good:
        raise WrongSetting(f"SLACK_API_URL is not an address: leave it out, or write it like {API_URL}")
    return url.rstrip("/") + "/"
