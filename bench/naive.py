"""The yardstick from below: what people write first. Stock Bolt, stock python-telegram-bot and a dict, nothing stored.

It relays in both directions, loses what is under way when it stops, and sends everything that anybody types.
"""

import asyncio
import os
import sys
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from telegram import Update
from telegram.ext import Application, CallbackContext, MessageHandler, filters

CHANNEL = "C0QUEUE"
threads: dict[int, str] = {}
chats: dict[str, int] = {}
slack = AsyncApp(client=AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"]))
telegram: Any = (
    Application.builder()
    .token(os.environ["TELEGRAM_BOT_TOKEN"])
    .base_url(os.environ["TELEGRAM_API_URL"] + "/bot")
    .concurrent_updates("--concurrent" in sys.argv)
    .build()
)


async def from_customer(update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
    """Post what a customer wrote into the customer's thread."""
    chat: Any = update.effective_chat
    message: Any = update.message
    if chat.id not in threads:
        root: Any = await slack.client.chat_postMessage(channel=CHANNEL, text=f"{chat.first_name} writes on Telegram.")
        threads[chat.id] = root["ts"]
        chats[root["ts"]] = chat.id
    await slack.client.chat_postMessage(channel=CHANNEL, thread_ts=threads[chat.id], text=message.text)


@slack.event("message")
async def from_agent(event: dict[str, Any]) -> None:
    """Send what somebody typed in a thread to its customer."""
    chat = chats.get(event.get("thread_ts", ""))
    if chat and not event.get("bot_id"):
        await telegram.bot.send_message(chat, event["text"])


async def main() -> None:
    """Relay until stopped."""
    telegram.add_handler(MessageHandler(filters.TEXT, from_customer))
    handler = AsyncSocketModeHandler(slack, os.environ["SLACK_APP_TOKEN"])
    async with telegram:
        await telegram.start()
        await telegram.updater.start_polling()
        await handler.start_async()


if __name__ == "__main__":
    asyncio.run(main())
