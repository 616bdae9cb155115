"""Telegram: one bot and its private chats, by long polling or by webhook."""

import re
from collections.abc import Mapping

from bridge.customer_channels._http import is_address
from bridge.customer_channels.telegram.bot_api import BotApi
from bridge.customer_channels.telegram.channel import Telegram
from bridge.customer_channels.telegram.reader import Webhook
from bridge.errors import WrongSetting
from bridge.ports import Kit

__all__ = ["Telegram", "from_settings"]

TOKEN = re.compile(r"(?P<bot>\d+):[\w-]+", re.ASCII)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what setWebhook allows


def from_settings(env: Mapping[str, str], kit: Kit) -> Telegram | None:
    """The channel, if there is a token."""
    token = env.get("TELEGRAM_BOT_TOKEN", "").strip()
    if not token:
        return None
    if not (known := TOKEN.fullmatch(token)):
        raise WrongSetting("TELEGRAM_BOT_TOKEN does not look like 123456:ABC...: copy it again from @BotFather.")
    api = (env.get("TELEGRAM_API_URL") or "https://api.telegram.org").rstrip("/")
    if not is_address(api):
        raise WrongSetting("TELEGRAM_API_URL is not a web address: start it with https://, or leave it out.")
    return Telegram(BotApi(token, api, kit.session), known["bot"], kit.clock, _webhook(env))


def _webhook(env: Mapping[str, str]) -> Webhook | None:
    mode, secret = env.get("TELEGRAM_MODE") or "polling", env.get("TELEGRAM_WEBHOOK_SECRET", "")
    if mode == "polling":
        return None
    if mode != "webhook":
        raise WrongSetting("TELEGRAM_MODE is neither polling nor webhook: choose one, or leave it out for polling.")
    if not SECRET.fullmatch(secret):
        raise WrongSetting("TELEGRAM_WEBHOOK_SECRET is missing or wrong: set 1 to 256 of A-Z a-z 0-9 _ and -.")
    return Webhook(secret, env.get("PUBLIC_URL", "").rstrip("/"))
