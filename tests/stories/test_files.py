"""Files both ways, through the whole bridge: a customer's into the thread, an agent's to the customer."""

from typing import Any

import pytest

from bridge.demo.customers import MEDIA, Customer, WebCustomer
from bridge.sandbox.world import Entry

from ..conftest import Rig

CHANNELS = ("telegram", "whatsapp", "web")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40
PDF = b"%PDF-1.7\n" + b"A line of the invoice.\n" * 200


def shared(rig: Rig, card: Entry) -> list[dict[str, Any]]:
    """The files that people see in this thread, in order."""
    messages = rig.sandbox.slack.workspace.channels[card.chat or ""].messages.values()
    return [
        rig.sandbox.slack.workspace.files[file["id"]]
        for message in messages
        if message.get("thread_ts") == card.id
        for file in message.get("files", ())
    ]


async def sees(rig: Rig, card: Entry, count: int = 1) -> list[dict[str, Any]]:
    """Wait until so many files are in the thread."""
    return await rig.until(lambda: found if len(found := shared(rig, card)) >= count else None, f"{count} files")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_customers_file_is_in_the_thread_as_it_was_sent(rig: Rig, channel: str) -> None:
    maria, card = await rig.claimed(channel)
    await maria.sends("kettle.jpg", JPEG, "It looks like this")
    [file] = await sees(rig, card)
    assert file["_content"] == JPEG
    assert file["mimetype"] == "image/jpeg"
    await rig.quiet()
    assert len(shared(rig, card)) == 1


async def uploads(rig: Rig, who: str, card: Entry, *files: tuple[str, bytes], text: str = "", **more: Any) -> str:
    """Somebody shares files in the thread; gives the message's ts."""
    given = [{"filename": name, "content": content, **more} for name, content in files]
    done = await rig.sandbox.act("slack", who, "upload", f"{card.chat}:{card.id}", text, files=given)
    assert done["ok"], done
    return done["id"]


def got(rig: Rig, customer: Customer) -> list[tuple[str, str, bytes]]:
    """The files that a customer has: name, caption and content."""
    match customer.channel:
        case "telegram":
            [chat] = [it for it in rig.sandbox.telegram.chats.by_id.values() if str(it.id) == customer.chat]
            found = [it for it in chat.messages.values() if it.by_bot and it.extra]
            kept = rig.sandbox.telegram.files
            return [(kept[named].name, it.text, kept[named].content) for it in found for named in [_file_id(it.extra)]]
        case "whatsapp":
            known = rig.sandbox.whatsapp.customers.find(customer.chat)
            assert known
            sent = [it.content for it in known.messages.values() if it.by_business and it.content.get("type") in MEDIA]
            parts = [content[content["type"]] for content in sent]
            media = rig.sandbox.whatsapp.media
            return [(it.get("filename", ""), it.get("caption", ""), media[it["id"]].data) for it in parts]
        case _:
            assert isinstance(customer, WebCustomer)
            told = [event for event in customer.events if event["author"]["kind"] == "agent" and event.get("files")]
            return [(it["name"], event["text"], b"") for event in told for it in event["files"]]


def _file_id(extra: Any) -> str:
    about = next(value for value in extra.values())
    return (about[-1] if isinstance(about, list) else about)["file_id"]


async def has(rig: Rig, customer: Customer, count: int = 1) -> list[tuple[str, str, bytes]]:
    """Wait until the customer has so many files."""

    def enough() -> list[tuple[str, str, bytes]] | None:
        return found if len(found := got(rig, customer)) >= count else None

    return await rig.until(enough, f"{count} files at {customer.name}")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_owners_file_reaches_the_customer_with_its_caption(rig: Rig, channel: str) -> None:
    maria, card = await rig.claimed(channel)
    await uploads(rig, "ana", card, ("invoice.pdf", PDF), text="Here is your invoice")
    [(name, caption, content)] = await has(rig, maria)
    assert (name, caption) == ("invoice.pdf", "Here is your invoice")
    if isinstance(maria, WebCustomer):
        content = await fetched(rig, maria)
    assert content == PDF
    await rig.quiet()
    assert len(got(rig, maria)) == 1


async def fetched(rig: Rig, customer: WebCustomer, number: int = -1) -> bytes:
    """What a browser gets for a file that the chat shows."""
    event = [event for event in customer.events if event.get("files")][number]
    async with rig.session.get(f"{rig.url}/web/files/{event['files'][0]['id']}") as response:
        assert response.status == 200
        return await response.read()
