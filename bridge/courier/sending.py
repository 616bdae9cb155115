"""What a letter to a customer asks of its channel: to send, with files fetched first, to change, or to take back."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from bridge.content import Author, Part, Presence, split, units
from bridge.courier import joining
from bridge.courier.passage import TRIES, NotFetched
from bridge.courier.reactions import Reaction
from bridge.courier.trip import Kitbag, Trip
from bridge.errors import Undeliverable
from bridge.files import File, Loaded, described
from bridge.i18n import t
from bridge.marks import unpacked
from bridge.ports import AsksRatings, CustomerChannel, HasAlbums, HasCaptions
from bridge.store.outbox import Letter
from bridge.templates import filled_from


@dataclass(frozen=True, slots=True)
class Errand:
    """Whom it is for."""

    chat: str
    parts: tuple[str, ...] = ()  # platform ids of an earlier message that is to be changed, or deleted
    caption: bool = False  # what is to be changed is one
    files: tuple[File, ...] = ()
    heard: str = ""  # the platform's id of what they said last, where the channel wants to know
    topic: str = ""  # of the chat, in which they said it
    reaction: Reaction | None = None


async def deliver(bag: Kitbag, channel: CustomerChannel, trip: Trip) -> Sequence[str]:
    """The platform's ids of what was sent."""
    letter, payload, chat = trip.first, trip.first.payload, trip.errand.chat
    if letter.kind == "presence":
        presence = Presence(Author("agent", payload["name"]), payload["change"])
        return (await channel.send(chat, presence, letter.key),)
    if letter.kind == "rating":
        if isinstance(channel, AsksRatings):
            await channel.ask_rating(chat, payload["name"], letter.key)
        return ()
    if letter.kind == "reaction":
        return (await channel.react(chat, trip.errand.reaction.to, trip.errand.reaction.emoji),)
    if letter.kind == "change":
        await _change(channel, letter, trip.errand)
        return ()
    if letter.kind == "delete":
        await _delete(channel, chat, letter, trip.errand.parts)
        return ()
    author, choices = Author(payload["author"], payload["name"]), tuple(payload["choices"])
    text = joining.text_of(trip.letters)
    part = Part(author, text, choices, heard=trip.errand.heard, topic=trip.errand.topic)
    if template := payload.get("template"):
        part = replace(part, template=filled_from(template))
    if trip.errand.files:
        return await _deliver_files(bag, channel, trip, part)
    return (await channel.send(chat, part, letter.key),)


async def _deliver_files(bag: Kitbag, channel: CustomerChannel, trip: Trip, part: Part) -> Sequence[str]:
    """Fetch them, then send them, several as one."""
    errand: Errand = trip.errand
    async with AsyncExitStack() as held:
        loaded = [await _loaded(bag, trip, file, held) for file in errand.files]
        if len(loaded) > 1 and isinstance(channel, HasAlbums):
            return await channel.send_album(errand.chat, part, loaded, trip.first.key)
        return (await channel.send(errand.chat, replace(part, file=loaded[0]), trip.first.key),)


async def _loaded(bag: Kitbag, trip: Trip, file: File, held: AsyncExitStack) -> Loaded:
    """One of them. What cannot be fetched does not keep back for ever what comes after it."""
    try:
        return await held.enter_async_context(bag.passage.holding(file, bag.workspace.fetch(file)))
    except Undeliverable as error:
        raise Undeliverable(_of_several(trip.errand, file, str(error))) from None
    except NotFetched as error:
        if trip.first.attempts >= TRIES:
            raise Undeliverable(_of_several(trip.errand, file, str(error))) from None
        raise


def _of_several(errand: Errand, file: File, reason: str) -> str:
    """Which one it was."""
    return named(replace(errand, files=(file,)), reason) if len(errand.files) > 1 else reason


def named(errand: Errand, reason: str) -> str:
    """What was on its way, where that is one file."""
    return t("{file}. {why}", file=described(errand.files[0]), why=reason) if len(errand.files) == 1 else reason


async def _change(channel: CustomerChannel, letter: Letter, errand: Errand) -> None:
    text, author = unpacked(letter.payload["text"]), Author("agent", "")
    if errand.caption and isinstance(channel, HasCaptions):
        if units(text) > channel.limit.caption:
            raise Undeliverable(t("The text is too long for a caption."))
        await channel.edit_caption(errand.chat, errand.parts[0], Part(author, text), letter.key)
        return
    pieces = split(text, channel.limit.length)
    if len(pieces) != len(errand.parts):
        raise Undeliverable(t("the new text has another number of parts."))
    for number, (platform_id, piece) in enumerate(zip(errand.parts, pieces, strict=True)):
        await channel.edit(errand.chat, platform_id, Part(author, piece), f"{letter.key}:{number}")


async def _delete(channel: CustomerChannel, chat: str, letter: Letter, parts: tuple[str, ...]) -> None:
    """As much of it as can be."""
    refused: Undeliverable | None = None
    for number, platform_id in enumerate(parts):
        try:
            await channel.delete(chat, platform_id, f"{letter.key}:{number}")
        except Undeliverable as error:
            refused = error
    if refused:
        raise refused
