"""The Telegram channel as the bridge sees it. Text goes out as it is: nothing in it is markup."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, InvalidToken, TelegramError

from bridge.content import Part, Presence
from bridge.customer_channels.telegram.bot import TelegramBot
from bridge.customer_channels.telegram.errors import classed, delivery_error
from bridge.customer_channels.telegram.reader import TWO_READERS, Reader, Webhook
from bridge.errors import TryLater, Uncertain, Undeliverable, WrongSetting
from bridge.ports import Capabilities, Clock, Limit, Receive

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
LONGEST_DATA = 64  # bytes behind a button


class Telegram:
    """The customer channel."""

    name = "telegram"
    label = "Telegram"
    variables = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_MODE", "TELEGRAM_WEBHOOK_SECRET")
    can = Capabilities(edits=True, typing=True, choices=True)
    limit = Limit(length=4096, per_second=30, per_chat_second=1, per_chat_burst=3)

    def __init__(self, bot: TelegramBot, bot_id: str, clock: Clock, webhook: Webhook | None = None) -> None:
        self._bot = bot
        self.reader = Reader(bot, bot_id, clock, webhook)

    async def check(self) -> str:
        """Who we are, for `bridge doctor`."""
        try:
            me, hook = await self._bot.get_me(), await self._bot.get_webhook_info()
        except InvalidToken:
            raise WrongSetting("TELEGRAM_BOT_TOKEN is refused by Telegram: copy it again from @BotFather.") from None
        except TelegramError as error:
            why = delivery_error(error)
            raise WrongSetting(f"TELEGRAM_API_URL does not answer: {why} Check the address and the network.") from None
        if hook.url and not self.reader.webhook:
            raise WrongSetting(f"TELEGRAM_MODE is polling, but nothing can be polled. {TWO_READERS}")
        return f"@{me.username} reachable"

    async def run(self, receive: Receive, cursor: int) -> None:
        """Read until cancelled.

        `cursor` is not used. It may be older than a new start of Telegram's numbers, or another bot's, and would then
        confirm messages that nobody has read. What comes again instead is known by its keys.
        """
        await self.reader.run(receive)

    def routes(self, receive: Receive) -> Sequence[web.RouteDef]:
        """The webhook, if that is how updates come."""
        return self.reader.routes(receive)

    async def send(self, chat: str, part: Part | Presence, key: str) -> str:
        """Send a message. Telegram takes no key, so it cannot be asked later whether it arrived."""
        if isinstance(part, Presence):
            raise Undeliverable("Telegram does not show who joins or leaves.")
        buttons = _buttons(part.choices)
        with classed():
            sent = await self._bot.send_message(chat, part.text, link_preview_options=NO_PREVIEW, reply_markup=buttons)
            return str(sent.message_id or "")  # 0: it is sent later, under an id that we do not learn

    async def edit(self, chat: str, id: str, part: Part, key: str) -> None:
        """Change a message. Twice is harmless, so a lost answer means: again."""
        if not id.isdecimal():
            raise Undeliverable("Telegram has not told us which message this is.")
        buttons = _buttons(part.choices)
        try:
            with classed(), _unless_the_same():
                await self._bot.edit_message_text(
                    part.text, chat, int(id), link_preview_options=NO_PREVIEW, reply_markup=buttons
                )
        except Uncertain as error:
            raise TryLater(str(error)) from None

    async def typing(self, chat: str) -> None:
        """Shown for five seconds, or until a message arrives."""
        with suppress(TelegramError):
            await self._bot.send_chat_action(chat, "typing")

    async def close(self) -> None:
        """The session is not ours."""
        await self.reader.close()


@contextmanager
def _unless_the_same() -> Generator[None]:
    try:
        yield
    except BadRequest as error:
        if "is not modified" not in str(error).lower():
            raise


def _buttons(choices: Sequence[str]) -> InlineKeyboardMarkup | None:
    """Quick replies. Not a reply keyboard: Telegram refuses to edit messages that have one."""
    rows = [[_button(number, choice)] for number, choice in enumerate(choices) if choice.strip()]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(number: int, choice: str) -> InlineKeyboardButton:
    data = f"{number}:{choice}".encode()[:LONGEST_DATA].decode(errors="ignore")
    return InlineKeyboardButton(choice, callback_data=data)
