"""The Telegram channel as the bridge sees it. What is marked goes out beside the words: nothing in those is markup."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, User, WebhookInfo

from bridge.content import Part, Presence
from bridge.customer_channels._files import too_large_to_fetch
from bridge.customer_channels.telegram import media
from bridge.customer_channels.telegram.bot_api import BotApi
from bridge.customer_channels.telegram.business import Connections, connection_of, place
from bridge.customer_channels.telegram.entities import with_entities
from bridge.customer_channels.telegram.errors import Gone, NotAsThis, TokenRefused, TopicGone, TwoReaders, Unchanged
from bridge.customer_channels.telegram.reactions import nearest
from bridge.customer_channels.telegram.reader import Reader, Webhook
from bridge.errors import DeliveryError, TryLater, Uncertain, Undeliverable, WrongSetting
from bridge.files import File, Loaded, too_large
from bridge.i18n import t
from bridge.ports import Capabilities, Clock, Limit, Receive
from bridge.templates import Template

LONGEST_DATA = 64  # bytes behind a button


class Telegram:
    """The customer channel."""

    name = "telegram"
    label = "Telegram"
    variables = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_MODE", "TELEGRAM_WEBHOOK_SECRET")
    can = Capabilities(
        formatting="both",
        image="both",
        file="both",
        voice="both",
        video="both",
        sticker="in",
        location="in",
        contact="in",
        reply_to="in",
        reaction="both",
        edit="both",
        delete="out",
        buttons="both",
        typing="out",
        albums=True,
        captions=True,
    )
    limit = Limit(
        length=4096,
        per_second=30,
        per_chat_second=1,
        per_chat_burst=3,
        caption=media.LONGEST_CAPTION,
        together=media.TOGETHER,
        album=media.LARGEST_ALBUM,
    )

    def __init__(self, api: BotApi, bot_id: str, clock: Clock, webhook: Webhook | None = None) -> None:
        self._api, self._connections = api, Connections(api)
        self.reader = Reader(api, bot_id, clock, webhook, self._connections)

    async def check(self) -> str:
        """Who we are, for `bridge doctor`."""
        try:
            me = User.de_json(await self._api.call("getMe"))
            hook = WebhookInfo.de_json(await self._api.call("getWebhookInfo"))
        except TokenRefused:
            raise WrongSetting("TELEGRAM_BOT_TOKEN is refused by Telegram: copy it again from @BotFather.") from None
        except (DeliveryError, TypeError, AttributeError) as error:
            why = error if isinstance(error, DeliveryError) else "That is not the Bot API."
            raise WrongSetting(f"TELEGRAM_API_URL does not answer: {why} Check the address and the network.") from None
        if hook.url and not self.reader.webhook:
            raise WrongSetting(f"TELEGRAM_MODE is polling, but nothing can be polled. {TwoReaders()}")
        return f"@{me.username} reachable"

    async def run(self, receive: Receive) -> None:
        """Read until cancelled, from the oldest update that is not confirmed.

        No number is kept from before. It may be older than a new start of Telegram's numbers, or another bot's, and
        would then confirm messages that nobody has read. What comes again instead is known by its keys.
        """
        await self.reader.run(receive)

    def routes(self, receive: Receive) -> Sequence[web.RouteDef]:
        """The webhook, if that is how updates come."""
        return self.reader.routes(receive)

    async def send(self, chat: str, part: Part | Presence, key: str) -> str:
        """Send a message. Telegram takes no key, so it cannot be asked later whether it arrived."""
        if isinstance(part, Presence):
            raise Undeliverable("Telegram does not show who joins or leaves.")
        await self._connections.check(chat)
        try:
            return _id(await self._send(chat, part))
        except TopicGone:
            return _id(await self._send(chat, replace(part, topic="")))

    async def _send(self, chat: str, part: Part) -> Any:
        if part.file:
            return await self._send_file(chat, part, part.file)
        return await self._api.call("sendMessage", _message(chat, part) | _topic(part))

    async def _send_file(self, chat: str, part: Part, file: Loaded) -> Any:
        """As what it is; what Telegram cannot show as that, as a document."""
        wanted = place(chat) | _topic(part) | _captioned(part)
        method, field = media.way_of(file)
        try:
            return await self._api.upload(method, wanted, {field: file})
        except NotAsThis:
            return await self._api.upload("sendDocument", wanted, {"document": file})

    async def send_album(self, chat: str, part: Part, files: Sequence[Loaded], key: str) -> Sequence[str]:
        """Send several files as one message; what cannot be together, or not be shown, as documents."""
        await self._connections.check(chat)
        try:
            sent = await self._send_group(chat, part, files)
        except TopicGone:
            sent = await self._send_group(chat, replace(part, topic=""), files)
        if not isinstance(sent, list) or len(sent) != len(files):
            raise Uncertain("Telegram's answer holds another number of messages.")
        return [_id(each) for each in sent]

    async def _send_group(self, chat: str, part: Part, files: Sequence[Loaded]) -> Any:
        """The caption is with the first one, and Telegram shows it below all of them."""
        named = {f"file{number}": file for number, file in enumerate(files)}

        async def send(kinds: Sequence[str]) -> Any:
            group = [{"type": kind, "media": f"attach://{name}"} for kind, name in zip(kinds, named, strict=True)]
            group[0] |= _captioned(part)
            wanted = place(chat) | _topic(part) | {"media": group}
            return await self._api.upload("sendMediaGroup", wanted, named)

        try:
            return await send(media.kinds_together(files))
        except NotAsThis:
            return await send(["document"] * len(files))

    def refuses(self, file: File) -> str:
        """Telegram takes every type."""
        return too_large(file, media.LARGEST_UPLOAD, "Telegram")

    async def fetch(self, file: File) -> AsyncGenerator[bytes]:
        """A customer's file, piece by piece."""
        if file.size > media.LARGEST_DOWNLOAD:
            raise Undeliverable(too_large_to_fetch(media.LARGEST_DOWNLOAD, "Telegram"))
        found = await self._api.call("getFile", {"file_id": file.ref})
        if not isinstance(found, dict) or not isinstance(path := found.get("file_path"), str):
            raise TryLater(t("Telegram does not say where it is."))
        async with aclosing(self._api.download(path)) as pieces:
            async for some in pieces:
                yield some

    async def edit(self, chat: str, id: str, part: Part, key: str) -> None:
        """Change a message. Twice is harmless, so a lost answer means: again."""
        with suppress(Unchanged):
            await self._again("editMessageText", _message(chat, part) | {"message_id": _number(id)})

    async def edit_caption(self, chat: str, id: str, part: Part, key: str) -> None:
        """The same with the words below a file, or below an album: those are its first one's."""
        with suppress(Unchanged):
            wanted = {**place(chat), **_captioned(part), "message_id": _number(id)}
            await self._again("editMessageCaption", wanted)

    async def delete(self, chat: str, id: str, key: str) -> None:
        """Possible for two days (platform facts, 2.3). Twice is harmless, too."""
        with suppress(Gone):
            if connection := connection_of(chat):
                wanted = {"business_connection_id": connection, "message_ids": [_number(id)]}
                await self._again("deleteBusinessMessages", wanted)
            else:
                await self._again("deleteMessage", {**place(chat), "message_id": _number(id)})

    async def react(self, chat: str, id: str, emoji: str) -> str:
        """As Telegram has it: a bot may put one of a fixed list on a message."""
        known = nearest(emoji)
        if emoji and not known:
            raise Undeliverable(t("Telegram has no {emoji} among its reactions.", emoji=emoji))
        if connection_of(chat):
            raise Undeliverable(t("Telegram takes no reactions of a bot in the chats of somebody's own account."))
        listed = [{"type": "emoji", "emoji": known}] if known else []
        await self._again("setMessageReaction", {"chat_id": chat, "message_id": _number(id), "reaction": listed})
        return ""

    async def _again(self, method: str, wanted: dict[str, Any]) -> None:
        """Do to an earlier message what is harmless when it is done twice."""
        try:
            await self._api.call(method, wanted)
        except Uncertain as error:
            raise TryLater(str(error)) from None

    async def templates(self) -> Sequence[Template]:
        """Nothing has to be approved."""
        return ()

    async def typing(self, chat: str, heard: str = "") -> None:
        """Shown for five seconds, or until a message arrives."""
        with suppress(DeliveryError):
            await self._api.call("sendChatAction", {**place(chat), "action": "typing"})

    async def close(self) -> None:
        """The session is not ours."""
        await self.reader.close()


def _number(id: str) -> int:
    """Of an earlier message of ours."""
    if not id.isdecimal():
        raise Undeliverable(t("Telegram has not told us which message this is."))
    return int(id)


def _id(sent: Any) -> str:
    """Of what was sent. Nobody knows whether it was where Telegram does not say so."""
    match sent:
        case {"message_id": int(id)}:
            return str(id or "")  # 0: it is sent later, under an id that we do not learn
        case _:
            raise Uncertain("Telegram's answer holds no message.")


def _topic(part: Part) -> dict[str, Any]:
    return {"message_thread_id": int(part.topic)} if part.topic.isdecimal() else {}


def _captioned(part: Part) -> dict[str, Any]:
    return with_entities("caption", part.text) if part.text else {}


def _message(chat: str, part: Part) -> dict[str, Any]:
    """Choices are buttons below it. No reply keyboard: Telegram refuses to edit messages that have one."""
    rows = [[_button(number, choice)] for number, choice in enumerate(part.choices) if choice.strip()]
    message = {**place(chat), **with_entities("text", part.text), "link_preview_options": {"is_disabled": True}}
    return message | ({"reply_markup": InlineKeyboardMarkup(rows).to_dict()} if rows else {})


def _button(number: int, choice: str) -> InlineKeyboardButton:
    data = f"{number}:{choice}".encode()[:LONGEST_DATA].decode(errors="ignore")
    return InlineKeyboardButton(choice, callback_data=data)
