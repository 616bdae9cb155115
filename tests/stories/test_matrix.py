"""Every kind of thing, both ways, on every channel: it is carried, or refused in words. There is no third outcome.

What is expected is what each channel declares (`can`). Where a platform, or Slack, has no way to do a thing, or tells
nobody of it, that is said here; so is what is not carried yet and of which nothing is said: once it is declared, it
has to arrive.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bridge.demo.customers import Customer, WebCustomer
from bridge.ports import KINDS, Answer, CustomerChannel, Kind, Way
from bridge.sandbox.whatsapp import people
from bridge.sandbox.world import Entry

from ..conftest import Rig
from ..courier.test_bot_turns import Thinking, employ
from .test_files import JPEG, PDF, has, shared, uploads
from .test_formatting import styles
from .test_windows import acts

CHANNELS = ("telegram", "whatsapp", "web")
FILES: Mapping[str, tuple[str, bytes]] = {
    "image": ("kettle.jpg", JPEG),
    "file": ("invoice.pdf", PDF),
    "voice": ("hello.ogg", b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead" + bytes(400)),
    "video": ("kettle.mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(400)),
}
TELEGRAM_KIND = {"image": "photo", "file": "document", "voice": "voice", "video": "video"}
PLACE = {"latitude": 52.52, "longitude": 13.4}
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(24)

NO_WAY: Mapping[tuple[str, Way], str] = {
    ("telegram", "in"): "delete typing delivered read",  # nobody tells a bot
    ("whatsapp", "in"): "typing",
    ("web", "in"): "formatting sticker location contact reply_to reaction delivered",
    **dict.fromkeys(((channel, "out") for channel in CHANNELS), "sticker location contact reply_to delivered read"),
}
"""The widget has no such thing; and in Slack there is none to send."""
NOT_YET: Mapping[tuple[str, Way], str] = {}
"""The words arrive, and this is lost without a word. Declared, it is tried as everything else is."""


@dataclass(slots=True)
class Talk:
    """Ana and Maria on one channel; or Jonas, who is still with the bot."""

    rig: Rig
    customer: Customer
    card: Entry
    after: int = 0
    heard: int = 0

    @property
    def name(self) -> str:
        return self.customer.channel

    @property
    def handle(self) -> str:
        """As their phone is named."""
        return self.customer.name.lower()

    @property
    def channel(self) -> CustomerChannel:
        return self.rig.bridge.channels[self.name]

    def begin(self) -> None:
        """From here on it counts."""
        self.after, self.heard = self.rig.now, len(self.customer.heard)

    async def writes(self, text: str) -> str:
        """Maria writes, and it is in the thread; gives her message's id."""
        if not isinstance(self.customer, WebCustomer):
            named = await self.does("write", text=text)
            await self.posted(text)
            return named
        told, _ = self.customer.events, await self.customer.says(text)
        await self.posted(text)
        return await self.rig.until(lambda: next((it["id"] for it in told if it["text"] == text), None), text)

    async def does(self, action: str, target: str = "", text: str = "", **more: Any) -> str:
        """They do something on their phone."""
        done = await self.rig.sandbox.act(self.name, self.handle, action, target, text, **more)
        assert done["ok"], done
        return str(done["id"])

    def raw(self, kind: str, content: Any) -> None:
        """A message of this kind arrives from her phone."""
        if self.name == "whatsapp":
            whatsapp = self.rig.sandbox.whatsapp
            people._tell(whatsapp, whatsapp.customers.of("maria"), kind, content, "")
            return
        telegram = self.rig.sandbox.telegram
        chat = telegram.chats.of("maria")
        message = telegram.new_message(chat, by_bot=False, text="", extra={kind: content})
        telegram.updates.emit("message", telegram.as_json(chat, message))

    async def posted(self, piece: str) -> Entry:
        """It is read in the thread."""
        return await self.rig.team.sees_post(self.card, piece, self.after)

    async def hears(self, piece: str) -> None:
        """Maria reads it."""
        await self.customer.hears(lambda text: piece in text, piece, self.heard)

    async def shown(self, *pieces: str) -> None:
        """One of these is somewhere in what Slack got."""

        def fits(entry: Entry) -> bool:
            return entry.direction != "in" and any(piece in f"{entry.text} {entry.raw}" for piece in pieces)

        await self.rig.watch.entry("slack", fits, " or ".join(pieces), self.after)

    async def sent(self, *pieces: str) -> None:
        """One of these is somewhere in what the platform got."""

        def there() -> bool | None:
            if isinstance(self.customer, WebCustomer):
                told = json.dumps(self.customer.events)
            else:
                history = self.rig.sandbox.world.history[self.after :]
                told = str([it.raw for it in history if it.platform == self.name and it.direction == "out"])
            return any(piece in told for piece in pieces) or None

        await self.rig.until(there, " or ".join(pieces))


Step = Callable[[Talk], Awaitable[object]]


# ---------------------------------------------------------------------------------------------------- from the customer


def sends(kind: str) -> Step:
    name, content = FILES[kind]
    return lambda talk: talk.customer.sends(name, content, kind=TELEGRAM_KIND[kind])


def in_thread(content: bytes) -> Step:
    async def seen(talk: Talk) -> None:
        await talk.rig.until(
            lambda: content in [it["_content"] for it in shared(talk.rig, talk.card)] or None, "the file"
        )

    return seen


async def a_sticker(talk: Talk) -> None:
    if talk.name == "telegram":
        await talk.customer.sends("sticker.webp", WEBP, kind="sticker")
    else:
        named = talk.rig.sandbox.whatsapp.add_media("image/webp", WEBP, by_customer=True)
        talk.raw("sticker", {"id": named, "mime_type": "image/webp", "sha256": "x", "animated": False})


async def a_location(talk: Talk) -> None:
    talk.raw("location", PLACE)


async def a_contact(talk: Talk) -> None:
    if talk.name == "telegram":
        talk.raw("contact", {"phone_number": "+49 30 1234", "first_name": "Jonas"})
    else:
        talk.raw("contacts", [{"name": {"formatted_name": "Jonas"}, "phones": [{"phone": "+49 30 1234"}]}])


async def an_edit(talk: Talk) -> None:
    named = await talk.writes("The first wording")
    if isinstance(talk.customer, WebCustomer):
        await talk.customer.rewrites(named, "The second wording")
    elif talk.name == "telegram":
        await talk.does("edit", named, "The second wording")
    else:
        message = {"type": "text", "text": {"body": "The second wording"}}
        talk.raw("edit", {"original_message_id": named, "message": message})


async def a_deletion(talk: Talk) -> None:
    named = await talk.writes("I never said this")
    if isinstance(talk.customer, WebCustomer):
        await talk.customer.rewrites(named, None)
        return
    talk.raw("revoke", {"original_message_id": named})


async def is_asked(talk: Talk) -> None:
    """The bot asks Jonas which one, and offers him answers. From here on it is about him."""
    bot = Thinking(Answer("Which kettle?", choices=("Green", "Black")))
    bot.may_answer.set()
    employ(talk.rig, bot)
    talk.customer, talk.heard = talk.rig.customer(talk.name, "jonas"), 0
    await talk.customer.says("A kettle, please")
    await talk.hears("Which kettle?")


async def a_press(talk: Talk) -> None:
    """It is read in the thread, so a person has been asked for meanwhile."""
    await is_asked(talk)
    await talk.customer.says("I want to talk to a human")
    talk.card = await talk.rig.team.card_of(talk.customer.name, talk.after)
    if isinstance(talk.customer, WebCustomer):
        await talk.customer.says("Black")  # which is what a press in the widget says
    else:
        sent, data = button(talk)
        await talk.does("press", sent, data=data)


def button(talk: Talk) -> tuple[str, str]:
    """The message with the second of the answers, and what a press of it tells."""
    sandbox = talk.rig.sandbox
    if talk.name == "whatsapp":
        known = sandbox.whatsapp.customers.of(talk.handle).messages
        return next((named, it.buttons()[1][1]) for named, it in known.items() if it.buttons())
    chat = sandbox.telegram.chats.of(talk.handle).messages
    rows = next((str(named), it.buttons()) for named, it in chat.items() if it.buttons())
    return rows[0], [it for row in rows[1] for it in row][1]["callback_data"]


async def a_bold_word(talk: Talk) -> None:
    if talk.name == "whatsapp":
        await talk.customer.says("This is *important* to me")
        return
    telegram = talk.rig.sandbox.telegram
    chat = telegram.chats.of("maria")
    bold = [{"type": "bold", "offset": 8, "length": 9}]
    message = telegram.new_message(chat, by_bot=False, text="This is important to me", entities=bold)
    telegram.updates.emit("message", telegram.as_json(chat, message))


async def is_bold(talk: Talk) -> None:
    post = await talk.posted("This is important to me")
    assert ("bold", "important") in styles(post.raw["blocks"])


async def an_answer(talk: Talk) -> None:
    named = await talk.writes("The blue kettle")
    talk.begin()
    await talk.does("write", text="That one", reply_to=named)


async def a_reaction(talk: Talk) -> None:
    named = await talk.writes("A line to react to")
    await talk.does("react", named, emoji="👍")


async def a_reply(talk: Talk) -> None:
    """Ana's, which Maria's phone gets."""
    await talk.rig.types("ana", talk.card, "Have you got this?")
    await talk.hears("Have you got this?")


async def a_look(talk: Talk) -> None:
    """Maria looks at it."""
    await a_reply(talk)
    if isinstance(talk.customer, WebCustomer):
        await talk.customer.looks()
    else:
        await talk.does("read")


async def a_key_press(talk: Talk) -> None:
    assert isinstance(talk.customer, WebCustomer)
    await talk.customer.types()


IN: Mapping[Kind, tuple[Step, Step]] = {
    "text": (lambda talk: talk.customer.says("Only words 🫖"), lambda talk: talk.posted("Only words 🫖")),
    "formatting": (a_bold_word, is_bold),
    "image": (sends("image"), in_thread(FILES["image"][1])),
    "file": (sends("file"), in_thread(FILES["file"][1])),
    "voice": (sends("voice"), in_thread(FILES["voice"][1])),
    "video": (sends("video"), in_thread(FILES["video"][1])),
    "sticker": (a_sticker, in_thread(WEBP)),
    "location": (a_location, lambda talk: talk.shown("52.52")),
    "contact": (a_contact, lambda talk: talk.shown("Jonas")),
    "reply_to": (an_answer, lambda talk: talk.shown("The blue kettle")),
    "reaction": (a_reaction, lambda talk: talk.shown("👍", "+1", "thumbsup")),
    "edit": (an_edit, lambda talk: talk.posted("The second wording (edited)")),
    "delete": (a_deletion, lambda talk: talk.posted("The customer deleted this message")),
    "buttons": (a_press, lambda talk: talk.posted("Black")),
    "typing": (a_key_press, lambda talk: talk.shown("is writing")),
    "delivered": (a_reply, lambda talk: talk.shown("white_check_mark")),
    "read": (a_look, lambda talk: talk.shown("'eyes'")),
}


# ------------------------------------------------------------------------------------------------------ to the customer


def shares(kind: str) -> Step:
    return lambda talk: uploads(talk.rig, "ana", talk.card, FILES[kind])


def has_file(kind: str) -> Step:
    async def seen(talk: Talk) -> None:
        if isinstance(talk.customer, WebCustomer):
            await talk.sent(FILES[kind][0])
        else:
            content = FILES[kind][1]
            await talk.rig.until(
                lambda: (
                    any(content == it.data for it in talk.rig.sandbox.whatsapp.media.values())
                    or any(content == it.content for it in talk.rig.sandbox.telegram.files.values())
                    or None
                ),
                kind,
            )
            await has(talk.rig, talk.customer)

    return seen


async def a_changed_reply(talk: Talk) -> None:
    ts = await talk.rig.types("ana", talk.card, "It comes on Monday")
    await talk.hears("It comes on Monday")
    await talk.rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = 'sent'", ts)
    await acts(talk.rig, "ana", "edit", f"{talk.card.chat}:{ts}", "It comes on Tuesday")


async def a_deleted_reply(talk: Talk) -> None:
    ts = await talk.rig.types("ana", talk.card, "This is wrong")
    await talk.hears("This is wrong")
    await talk.rig.finds("SELECT 1 FROM message WHERE source_ts = ? AND state = 'sent'", ts)
    await acts(talk.rig, "ana", "delete", f"{talk.card.chat}:{ts}")


async def is_gone(talk: Talk) -> None:
    await talk.rig.until(lambda: "This is wrong" not in talk.customer.heard or None, "it is gone")


async def dots(talk: Talk) -> None:
    """They are kept nowhere: whoever looks then sees them."""
    if not isinstance(talk.customer, WebCustomer):
        await talk.sent("typing")
        return
    head, beyond = {"Authorization": f"Bearer {talk.customer._token}"}, {"after": "100000"}
    events = talk.rig.session.get(f"{talk.rig.url}/web/events", params=beyond, headers=head)
    async with asyncio.timeout(20), events as response:
        async for line in response.content:
            if line.startswith(b"event: reset"):  # so the stream is there
                await talk.customer.says("Which is larger?")
            if line.startswith(b"event: typing"):
                return
    raise AssertionError("the stream ended")


async def a_reaction_to_a_line(talk: Talk) -> None:
    await talk.customer.says("I have found it!")
    line = await talk.posted("I have found it!")
    await acts(talk.rig, "ana", "react", f"{talk.card.chat}:{line.id}", emoji="tada")


async def says_bold(talk: Talk) -> None:
    await talk.rig.types("ana", talk.card, "This is *important* for you")
    await talk.hears("important")


async def an_answered_line(talk: Talk) -> None:
    await talk.writes("A line to be read")
    await a_reply(talk)


OUT: Mapping[Kind, tuple[Step, Step]] = {
    "text": (lambda talk: talk.rig.types("ana", talk.card, "Only words 🫖"), lambda talk: talk.hears("Only words 🫖")),
    "formatting": (says_bold, lambda talk: talk.sent("<b>important</b>", "*important*", "bold")),
    "image": (shares("image"), has_file("image")),
    "file": (shares("file"), has_file("file")),
    "voice": (shares("voice"), has_file("voice")),
    "video": (shares("video"), has_file("video")),
    "reaction": (a_reaction_to_a_line, lambda talk: talk.sent("🎉")),
    "edit": (a_changed_reply, lambda talk: talk.hears("It comes on Tuesday")),
    "delete": (a_deleted_reply, is_gone),
    "buttons": (is_asked, lambda talk: talk.sent("Black")),
    "typing": (is_asked, dots),
    "read": (an_answered_line, lambda talk: talk.sent("'status': 'read'")),
}
WORDS: Mapping[Kind, str] = {
    "edit": "cannot be changed",
    "delete": "cannot be deleted",
    "reaction": "Reactions are not carried",
}
"""What the agent reads privately where it is not carried; of files, that nothing was sent."""


# ----------------------------------------------------------------------------------------------------------- the matrix


def expected(talk: Talk, kind: Kind, way: Way) -> str:
    """What has to happen."""
    if talk.channel.can.carries(kind, way):
        return "carried"
    if kind in NO_WAY[talk.name, way].split():
        return "no way"
    return "not yet" if kind in NOT_YET.get((talk.name, way), "").split() else "said"


async def is_said(talk: Talk, kind: Kind, way: Way) -> None:
    """In the thread, of a customer's; privately, of an agent's."""
    if way == "in":
        await talk.posted("[unsupported: ")
    else:
        await talk.rig.told("ana", WORDS.get(kind, "Nothing of this was sent to the customer"), talk.after)


@pytest.mark.parametrize("way", ["in", "out"])
@pytest.mark.parametrize("channel", CHANNELS)
async def test_it_is_carried_or_refused_in_words(rig: Rig, channel: str, way: Way, subtests: pytest.Subtests) -> None:
    talk = Talk(rig, *await rig.claimed(channel))
    for kind in KINDS:
        with subtests.test(kind):
            outcome = expected(talk, kind, way)
            if outcome == "no way":
                continue
            if outcome == "not yet":
                pytest.xfail("it is not carried yet, and nothing is said of that")
            await rig.quiet()
            here = replace(talk)
            here.begin()
            do, seen = (IN if way == "in" else OUT)[kind]
            await do(here)
            await (seen(here) if outcome == "carried" else is_said(here, kind, way))


def test_everything_that_may_be_declared_can_be_tried() -> None:
    for (channel, way), impossible in NO_WAY.items():
        deeds = IN if way == "in" else OUT
        assert set(KINDS) - deeds.keys() <= {*impossible.split()}, (channel, way)


def test_nothing_is_both_impossible_and_yet_to_come() -> None:
    assert not [cell for cell in NOT_YET if {*NO_WAY[cell].split()} & {*NOT_YET[cell].split()}]
