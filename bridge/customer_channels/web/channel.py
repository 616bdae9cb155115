"""The web chat as a customer channel. Sending is adding to the journal; the open streams tell the visitors."""

from collections.abc import AsyncGenerator, Sequence

from aiohttp import web

from bridge.content import Part, Presence
from bridge.customer_channels.web import events
from bridge.customer_channels.web.asked import TEXT
from bridge.customer_channels.web.asks import NO_ASKS, Asks
from bridge.customer_channels.web.door import Door
from bridge.customer_channels.web.files import LARGEST_SENT, Files
from bridge.customer_channels.web.origins import Origins
from bridge.customer_channels.web.pages import Pages
from bridge.customer_channels.web.streams import Streams
from bridge.customer_channels.web.visitors import Visitors
from bridge.errors import TryLater, Undeliverable
from bridge.files import File, Loaded, too_large
from bridge.i18n import t
from bridge.ports import Capabilities, Clock, Journal, Limit, Receive, Uploads
from bridge.templates import Template


class Web:
    """Visitors of our own page or of any site with the widget."""

    name = "web"
    label = t("Web chat")
    can = Capabilities(
        formatting="out",
        image="both",
        file="both",
        voice="both",
        video="both",
        edit="both",
        delete="both",
        buttons="both",
        typing="both",
        read="in",
        presence=True,
        rating=True,
        journal=True,
        confirms="journal",
    )
    limit = Limit(length=TEXT, caption=TEXT)

    def __init__(
        self,
        journal: Journal,
        uploads: Uploads,
        *,
        clock: Clock,
        origins: tuple[str, ...] = (),
        title: str = "Support",
        heartbeat: float = 15.0,
        secret: str = "",
        asks: Asks = NO_ASKS,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._streams = Streams(journal, heartbeat)
        allowed = Origins(origins)
        self._files = Files(uploads)
        visitors = Visitors(journal, clock, secret, asks)
        self._door = Door(journal, visitors, self._files, self._streams, allowed, clock)
        self._pages = Pages(title, allowed, str(asks))

    async def run(self, receive: Receive) -> None:
        """Nothing to poll: visitors come to us."""

    def routes(self, receive: Receive) -> Sequence[web.RouteDef]:
        """The protocol, the page and the script."""
        self._journal.watch(self._streams.wake)
        pages = self._pages
        shown = [web.get("/chat", pages.chat), web.get("/widget.js", pages.script)]
        return [*self._door.routes(receive), *shown, web.get("/widget/{file}", pages.words)]

    async def send(self, chat: str, part: Part | Presence, key: str) -> str:
        """Add to the journal, once for each key; the message's id is the key itself."""
        match part:
            case Part():
                if part.file:
                    await self._keep(key, chat, part.file)
                event = events.said(part, key, self._clock())
            case Presence():
                event = events.came_or_went(part, key, self._clock())
        await self._append(chat, key, event)
        return key

    async def ask_rating(self, chat: str, name: str, key: str) -> None:
        """How it was with this person; once for each key."""
        await self._append(chat, key, events.rating(name, key, self._clock()))

    def refuses(self, file: File) -> str:
        """Of any type: what a browser could run it only downloads."""
        return too_large(file, LARGEST_SENT, t("the web chat"))

    def fetch(self, file: File) -> AsyncGenerator[bytes]:
        """A visitor's file, from where it is kept."""
        return self._files.read(file.ref)

    async def _keep(self, key: str, chat: str, file: Loaded) -> None:
        try:
            await self._files.keep(key, chat, file)
        except Exception as error:
            raise TryLater("The file could not be kept") from error

    async def edit(self, chat: str, id: str, part: Part, key: str) -> None:
        """Add the new wording to the journal."""
        await self._append(chat, key, events.changed(part, id, key, self._clock()))

    async def delete(self, chat: str, id: str, key: str) -> None:
        """Add to the journal that it is gone, from where its words go, too. Twice is harmless."""
        try:
            await self._files.drop(id)
            await self._journal.change(chat, id, lambda event: events.without_words(event, id))
        except Exception as error:
            raise TryLater("The chat's journal could not be changed") from error
        await self._append(chat, key, events.deleted(id, key, self._clock()))

    async def templates(self) -> Sequence[Template]:
        """Nothing has to be approved."""
        return ()

    async def react(self, chat: str, id: str, emoji: str) -> str:
        """The widget shows none."""
        raise Undeliverable(t("The web chat shows no reactions."))

    async def typing(self, chat: str, heard: str = "") -> None:
        """Show dots to whoever reads this chat through this process."""
        self._streams.typing(chat)

    async def close(self) -> None:
        """End the streams. To be called before the server waits for its requests to finish."""
        self._streams.close()

    async def _append(self, chat: str, key: str, event: str) -> None:
        try:
            await self._journal.append(chat, key, event)
        except Exception as error:
            # Also when the journal did take it: with the same key it is added once, so to try again is always safe.
            raise TryLater("The chat's journal could not be written") from error
