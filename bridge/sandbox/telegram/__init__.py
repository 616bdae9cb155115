"""A look-alike of the Telegram Bot API: one bot, private chats, long polling and webhook."""

from bridge.sandbox.telegram.bot_api import Telegram

__all__ = ["Telegram"]
