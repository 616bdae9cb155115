"""The Bot API methods about the bot itself: who it is, what it is called, how it gets its updates."""

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bridge.sandbox.telegram.asked import Asked, Refused, as_id, bad_request
from bridge.sandbox.telegram.chats import Chat
from bridge.sandbox.telegram.updates import Webhook

if TYPE_CHECKING:
    from bridge.sandbox.telegram.bot_api import Telegram

Method = Callable[["Telegram", Asked], Awaitable[Any]]

MOST_COMMANDS = 100
LONGEST_SECRET = 256


async def get_me(telegram: "Telegram", asked: Asked) -> Any:
    """`getMe`."""
    return telegram.bot


async def get_updates(telegram: "Telegram", asked: Asked) -> Any:
    """`getUpdates`."""
    telegram.updates.allow(asked.listed("allowed_updates", str))
    limit = min(max(asked.integer("limit", 100), 1), 100)
    return await telegram.updates.poll(asked.integer("offset"), limit, min(asked.integer("timeout"), 50))


async def set_webhook(telegram: "Telegram", asked: Asked) -> Any:
    """setWebhook; unlike Telegram it also accepts plain HTTP, for loopback."""
    url, secret = asked.text("url"), asked.text("secret_token")
    if url and not re.match(r"https?://[^/\s]+", url):
        raise bad_request("bad webhook: invalid webhook URL specified")
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    telegram.updates.allow(asked.listed("allowed_updates", str))
    return _use_webhook(telegram, asked, Webhook(url, secret, asked.integer("max_connections", 40)) if url else None)


async def delete_webhook(telegram: "Telegram", asked: Asked) -> Any:
    """`deleteWebhook`."""
    return _use_webhook(telegram, asked, None)


async def get_webhook_info(telegram: "Telegram", asked: Asked) -> Any:
    """`getWebhookInfo`."""
    webhook, updates = telegram.updates.webhook, telegram.updates
    info: dict[str, Any] = {"url": "", "has_custom_certificate": False, "pending_update_count": updates.pending()}
    if updates.allowed is not None:
        info["allowed_updates"] = sorted(updates.allowed)
    if webhook:
        info |= {"url": webhook.url, "max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
    if webhook and webhook.last_error:
        info |= {"last_error_date": int(webhook.last_error_at), "last_error_message": webhook.last_error}
    return info


async def get_chat(telegram: "Telegram", asked: Asked) -> Any:
    """`getChat`."""
    chat: Chat | None = telegram.chats.by_id.get(as_id(asked.text("chat_id").strip()))
    if chat is None:
        raise bad_request("chat not found")
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    return chat.as_json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


async def set_my_commands(telegram: "Telegram", asked: Asked) -> Any:
    """`setMyCommands`."""
    commands = asked.listed("commands", dict)
    if commands is None:
        raise bad_request("can't parse commands JSON object")
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    telegram.texts["commands"] = commands
    telegram.world.record("telegram", "setMyCommands", "out", author="bot", raw=asked.values)
    return True


async def get_my_commands(telegram: "Telegram", asked: Asked) -> Any:
    """`getMyCommands`."""
    return telegram.texts.get("commands", [])


async def get_profile_photos(telegram: "Telegram", asked: Asked) -> Any:
    """`getUserProfilePhotos`: nobody has one."""
    return {"total_count": 0, "photos": []}


async def accept(telegram: "Telegram", asked: Asked) -> Any:
    """A method whose effect nobody sees here."""
    return True


def _use_webhook(telegram: "Telegram", asked: Asked, webhook: Webhook | None) -> bool:
    if asked.flag("drop_pending_updates"):
        telegram.updates.drop_pending()
    if webhook:
        telegram.updates.end_poll(Refused(409, "Conflict: terminated by setWebhook request"))
    telegram.updates.set_webhook(webhook)
    return True


def _text(method: str, name: str, longest: int) -> tuple[Method, Method]:
    """The setter and the getter of one of the bot's texts."""

    async def setter(telegram: "Telegram", asked: Asked) -> Any:
        if len(asked.text(name)) > longest:
            raise bad_request(f"{name.replace('_', ' ')} is too long")
        telegram.texts[name] = asked.text(name)
        telegram.world.record("telegram", method, "out", author="bot", text=asked.text(name), raw=asked.values)
        return True

    async def getter(telegram: "Telegram", asked: Asked) -> Any:
        return {name: telegram.texts.get(name) or (telegram.bot["first_name"] if name == "name" else "")}

    return setter, getter


_set_name, _get_name = _text("setMyName", "name", 64)
_set_description, _get_description = _text("setMyDescription", "description", 512)
_set_short_description, _get_short_description = _text("setMyShortDescription", "short_description", 120)

METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getChat": get_chat,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": accept,
    "setMyName": _set_name,
    "getMyName": _get_name,
    "setMyDescription": _set_description,
    "getMyDescription": _get_description,
    "setMyShortDescription": _set_short_description,
    "getMyShortDescription": _get_short_description,
    "setChatMenuButton": accept,
    "getUserProfilePhotos": get_profile_photos,
    "close": accept,
    "logOut": accept,
}
