"""Files both ways, through the whole bridge: a customer's into the thread, an agent's to the customer."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.courier import arriving
from bridge.demo.customers import MEDIA, Customer, PhoneCustomer, WebCustomer
from bridge.sandbox.slack import messages
from bridge.sandbox.slack.call import METHODS
from bridge.sandbox.slack.errors import Refused
from bridge.sandbox.world import Entry

from ..conftest import Rig, Rigs
from .test_restart import dies_while_sending

CHANNELS = ("telegram", "whatsapp", "web")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 40
PDF = b"%PDF-1.7\n" + b"A line of the invoice.\n" * 200


def shared(rig: Rig, card: Entry) -> list[dict[str, Any]]:
    """The files that people see in this thread, in order."""
    said = rig.sandbox.slack.workspace.channels[card.chat or ""].messages.values()
    return [
        rig.sandbox.slack.workspace.files[file["id"]]
        for message in said
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


# ------------------------------------------------------------------------------------------------- into the thread


def thread_of(rig: Rig, card: Entry) -> list[str]:
    """What stands in the thread, in order: the words of each message, and the names of its files."""
    said = rig.sandbox.slack.workspace.channels[card.chat or ""].messages.values()
    return [
        " ".join([message["text"], *(f"<{file['name']}>" for file in message.get("files", ()))])
        for message in said
        if message.get("thread_ts") == card.id
    ]


async def test_an_album_and_what_is_said_around_it_keep_their_order(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await rig.quiet()
    before = len(thread_of(rig, card))
    await maria.says("Look")
    for number in range(3):
        await maria.sends(f"{number}.jpg", JPEG + bytes([number]), "Three of them" if not number else "", album="a1")
    await maria.says("That was all")
    files = await sees(rig, card, 3)
    await rig.team.sees_post(card, "That was all")
    assert [file["_content"][-1] for file in files] == [0, 1, 2]
    said = [line.replace("Maria · Telegram\n", "") for line in thread_of(rig, card)[before:]]
    named = "📎 Maria · Telegram <photo.jpg> <photo.jpg> <photo.jpg>"
    assert said == ["Look\nThree of them", named, "That was all"]


async def test_what_came_before_a_person_was_asked_for_is_shown_below_the_conversation_so_far(rig: Rig) -> None:
    maria = rig.customer("telegram")
    await maria.sends("order.pdf", PDF)
    await maria.says("I want to talk to a human")
    card = await rig.team.card_of("Maria")
    [file] = await sees(rig, card)
    assert (file["name"], file["_content"]) == ("order.pdf", PDF)
    assert "[file: order.pdf]" in thread_of(rig, card)[0]


async def test_a_file_that_is_too_large_to_fetch_is_a_line_that_says_so(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await maria.sends("film.mp4", b"\0" * (20 * 1024 * 1024 + 1), "My film")
    await maria.says("Did you get it?")
    post = await rig.team.sees_post(card, "cannot be shown here")
    assert "larger than the 20 MB that Telegram lets us fetch" in (post.text or "")
    assert "Maria: file: film.mp4" in (post.text or "")
    await rig.team.sees_post(card, "Did you get it?")
    assert shared(rig, card) == []


@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_a_file_that_cannot_be_fetched_at_first_is_fetched_later(rig: Rig, method: str) -> None:
    maria, card = await rig.claimed()
    for fault in ("500", "disconnect"):
        rig.fault("telegram", method, fault)
    await maria.sends("order.pdf", PDF)
    [file] = await sees(rig, card)
    assert file["_content"] == PDF


async def test_a_file_that_can_never_be_fetched_holds_nothing_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "TRIES", 2)
    maria, card = await rig.claimed()
    rig.fault("telegram", "download", "500", times=None)
    await maria.sends("order.pdf", PDF)
    await maria.says("Did you get it?")
    await rig.team.sees_post(card, "cannot be shown here")
    await rig.team.sees_post(card, "Did you get it?")


async def test_a_file_that_whatsapp_has_forgotten_is_a_line_that_says_so(rig: Rig) -> None:
    maria, card = await rig.claimed("whatsapp")
    add = rig.sandbox.whatsapp.add_media

    def forgets(mime: str, data: bytes, **more: Any) -> str:
        named = add(mime, data, **more)
        rig.sandbox.whatsapp.media[named].until = 0.0
        return named

    rig.sandbox.whatsapp.add_media = forgets  # type: ignore[method-assign]
    await maria.sends("order.pdf", PDF)
    post = await rig.team.sees_post(card, "cannot be shown here")
    assert "WhatsApp does not have it any more" in (post.text or "")


@pytest.mark.parametrize("url", ["https://evil.example/file", "http://127.0.0.1:9/whatsapp/media/1", "file:///etc"])
async def test_whatsapps_token_goes_to_no_foreign_host(rig: Rig, url: str) -> None:
    maria, card = await rig.claimed("whatsapp")
    add = rig.sandbox.whatsapp.add_media

    def elsewhere(mime: str, data: bytes, **more: Any) -> str:
        named = add(mime, data, **more)
        rig.sandbox.whatsapp.media[named].url = url
        return named

    rig.sandbox.whatsapp.add_media = elsewhere  # type: ignore[method-assign]
    await maria.sends("order.pdf", PDF)
    post = await rig.team.sees_post(card, "cannot be shown here")
    assert "our token must not be shown" in (post.text or "")
    assert rig.history("whatsapp", "download") == []


STEPS = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", ["429", "500", "disconnect", "drop_after_accept", "garbage"])
async def test_whatever_becomes_of_an_answer_a_file_appears_exactly_once(rig: Rig, step: str, fault: str) -> None:
    maria, card = await rig.claimed()
    await rig.quiet()
    rig.fault("slack", step, fault, seconds=0.1)
    rig.fault("slack", "files.info", "500")
    await maria.sends("order.pdf", PDF)
    await maria.says("Did you get it?")
    await rig.team.sees_post(card, "Did you get it?")
    await rig.quiet()
    assert [file["_content"] for file in shared(rig, card)] == [PDF]


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("method", ["upload", "share"])
async def test_a_file_appears_exactly_once_if_the_bridge_dies_in_between(rig: Rig, method: str, accepted: bool) -> None:
    maria, card = await rig.claimed()

    async def send() -> None:
        await maria.sends("order.pdf", PDF)

    await dies_while_sending(rig, "slack", send, accepted=accepted, method=method)
    await rig.start()
    await sees(rig, card)
    await rig.quiet()
    assert [file["_content"] for file in shared(rig, card)] == [PDF]


@pytest.mark.parametrize("error", ["missing_scope", "storage_limit_reached", "blocked_file_type"])
async def test_what_slack_refuses_is_said_in_words_and_holds_nothing_up(rig: Rig, error: str) -> None:
    maria, card = await rig.claimed()
    await rig.quiet()
    refused = METHODS["files.getUploadURLExternal"]

    def refuses(slack: Any, call: Any) -> Any:
        raise Refused(error)

    METHODS["files.getUploadURLExternal"] = replace(refused, run=refuses)
    try:
        await maria.sends("order.pdf", PDF)
        await maria.says("Did you get it?")
        await rig.team.sees_post(card, "cannot be shown here")
        await rig.team.sees_post(card, "Did you get it?")
    finally:
        METHODS["files.getUploadURLExternal"] = refused


async def test_a_name_means_nothing_in_slack_and_leads_nowhere(rig: Rig) -> None:
    nasty = "<!channel> *Eve* _x_ `y` ~z~ http://evil.example @here"
    await rig.sandbox.act("telegram", "eve", "write", "", "I want to talk to a human", name=nasty)
    card = await rig.team.card_of("Eve")
    done = await rig.sandbox.act("telegram", "eve", "send_file", "", "", filename="../..\\a\u202efdp.exe", content="MZ")
    assert done["ok"]
    [file] = await sees(rig, card)
    assert file["name"] == "afdp.exe"
    [entry] = rig.history("slack", "files.completeUploadExternal")
    assert entry.raw["live"] == []
    assert "Eve" in (entry.text or "")


# ----------------------------------------------------------------------------------------------- to the customer


@pytest.mark.parametrize("channel", CHANNELS)
async def test_several_files_come_with_or_after_their_words_in_order_and_once(rig: Rig, channel: str) -> None:
    maria, card = await rig.claimed(channel)
    ts = await uploads(rig, "ana", card, ("1.pdf", PDF), ("2.pdf", PDF + b"2"), text="Both of them")
    await maria.hears(lambda text: text == "Both of them", "the words")
    found = await has(rig, maria, 2)
    caption = "Both of them" if channel == "telegram" else ""  # where they are an album
    assert [(name, caption) for name, caption, _ in found] == [("1.pdf", caption), ("2.pdf", "")]
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.quiet()
    assert len(got(rig, maria)) == 2


@pytest.mark.parametrize(
    ("name", "content", "method"),
    [
        ("kettle.jpg", JPEG, "sendPhoto"),
        ("large.jpg", JPEG + b"\0" * (10 * 1024 * 1024), "sendDocument"),
        ("page.jpg", b"<html><script>alert(1)</script>", "sendDocument"),
        ("hello.ogg", b"OggS\0\2" + b"\0" * 50, "sendVoice"),
        ("song.mp3", b"ID3\3\0" + b"\0" * 50, "sendAudio"),
        ("film.mp4", b"\0\0\0\x20ftypisom" + b"\0" * 50, "sendVideo"),
        ("odd.png", b"\x89PNG\r\n\x1a\n", "sendPhoto"),
    ],
)
async def test_a_file_goes_to_telegram_as_what_it_is(rig: Rig, name: str, content: bytes, method: str) -> None:
    maria, card = await rig.claimed()
    await uploads(rig, "ana", card, (name, content))
    [(_, _, arrived)] = await has(rig, maria)
    assert arrived == content
    assert isinstance(maria, PhoneCustomer)
    assert maria.heard  # reads on
    assert [entry.kind for entry in maria.files] == [method]


async def test_what_telegram_cannot_show_as_a_photo_goes_as_a_document(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await rig.quiet()
    rig.sandbox.telegram.unshowable = True
    await uploads(rig, "ana", card, ("kettle.jpg", JPEG), text="Look")
    [(name, caption, arrived)] = await has(rig, maria)
    assert (name, caption, arrived) == ("kettle.jpg", "Look", JPEG)
    assert len(rig.history("telegram", "sendDocument")) == 1


async def test_words_too_long_for_a_caption_go_first(rig: Rig) -> None:
    maria, card = await rig.claimed()
    words = "Every tea has its own story. " * 50
    await uploads(rig, "ana", card, ("1.pdf", PDF), text=words)
    await maria.hears(lambda text: text == words.strip(), "the words")
    [(_, caption, _)] = await has(rig, maria)
    assert caption == ""


@pytest.mark.parametrize("text", ["!note for us", "note: for us"])
async def test_a_note_with_a_file_stays(rig: Rig, text: str) -> None:
    maria, card = await rig.claimed()
    await uploads(rig, "ana", card, ("1.pdf", PDF), text=text)
    await rig.hears_next(maria, "ana", card)
    assert got(rig, maria) == []


async def test_a_colleagues_file_is_held_until_they_decide(rig: Rig) -> None:
    maria, card = await rig.claimed()
    ts = await uploads(rig, "ben", card, ("1.pdf", PDF))
    asked = await rig.told("ben", "Only Ana's messages reach the customer")
    assert "[file: 1.pdf]" in (asked.text or "")
    await rig.team.sees_mark(ts, "raised_hand")
    await rig.hears_next(maria, "ana", card)
    assert got(rig, maria) == []
    await rig.team.presses("ben", asked.id or "", "held_send")
    [(name, _, content)] = await has(rig, maria)
    assert (name, content) == ("1.pdf", PDF)


async def test_a_file_beside_a_mention_is_held(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await uploads(rig, "ana", card, ("1.pdf", PDF), text="<@U0BEN> is this right?")
    await rig.told("ana", "This mentions @Ben")
    await rig.hears_next(maria, "ana", card)
    assert got(rig, maria) == []


@pytest.mark.parametrize(
    ("channel", "name", "size", "why"),
    [
        ("telegram", "film.mp4", 50 * 1024 * 1024 + 1, "larger than the 50 MB that Telegram takes"),
        ("whatsapp", "kettle.jpg", 5 * 1024 * 1024 + 1, "larger than the 5 MB that WhatsApp takes"),
        ("whatsapp", "all.zip", 9, "does not take files of this type"),
    ],
)
async def test_what_the_channel_cannot_take_is_told_and_nothing_is_sent_half(
    rig: Rig, channel: str, name: str, size: int, why: str
) -> None:
    maria, card = await rig.claimed(channel)
    await uploads(rig, "ana", card, ("1.pdf", PDF), (name, b"\0" * size), text="Both of them")
    told = await rig.told("ana", "Nothing of this was sent")
    assert why in (told.text or "")
    assert name in (told.text or "")
    heard = await rig.hears_next(maria, "ana", card)
    assert "Both of them" not in heard
    assert got(rig, maria) == []


@pytest.mark.parametrize(
    "url", ["https://evil.example/1.pdf", "http://files.slack.com.evil.example/", "http://127.0.0.1:9/x", "data:x"]
)
async def test_slacks_token_goes_to_no_foreign_host(rig: Rig, url: str) -> None:
    maria, card = await rig.claimed()
    ts = await uploads(rig, "ana", card, ("1.pdf", PDF), url_private_download=url)
    await rig.team.sees_mark(ts, "warning")
    await rig.team.sees_post(card, "the bot's token must not be shown")
    assert got(rig, maria) == []
    assert rig.history("slack", "download") == []


async def test_a_file_of_which_slack_tells_only_the_id_is_looked_up(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await uploads(rig, "ana", card, ("1.pdf", PDF), check_file_info=True)
    [(name, _, content)] = await has(rig, maria)
    assert (name, content) == ("file.pdf", PDF)


async def test_a_link_to_another_service_is_said_and_nothing_is_sent(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await uploads(rig, "ana", card, ("1.pdf", PDF), text="Here", mode="external", is_external=True)
    await rig.told("ana", "Send the link as text")
    assert "Here" not in await rig.hears_next(maria, "ana", card)


@pytest.mark.parametrize("method", ["files.info", "download"])
async def test_a_file_that_slack_does_not_give_at_first_is_fetched_later(rig: Rig, method: str) -> None:
    maria, card = await rig.claimed()
    for fault in ("500", "disconnect"):
        rig.fault("slack", method, fault)
    await uploads(rig, "ana", card, ("1.pdf", PDF))
    [(_, _, content)] = await has(rig, maria)
    assert content == PDF


async def test_a_file_that_is_deleted_before_it_is_sent_is_told_and_can_be_tried_again(rig: Rig) -> None:
    maria, card = await rig.claimed()
    rig.fault("telegram", "sendMessage", "429", seconds=1.0)
    await rig.types("ana", card, "One moment")
    ts = await uploads(rig, "ana", card, ("1.pdf", PDF))
    next(it for it in rig.sandbox.slack.workspace.files.values() if it["name"] == "1.pdf")["mode"] = "tombstone"
    await rig.team.sees_mark(ts, "warning")
    notice = await rig.team.sees_post(card, "did not reach the customer: file: 1.pdf. It was deleted in Slack.")
    next(it for it in rig.sandbox.slack.workspace.files.values() if it["name"] == "1.pdf")["mode"] = "hosted"
    await rig.team.presses("ana", notice.id or "", "again")
    [(_, _, content)] = await has(rig, maria)
    assert content == PDF


@pytest.mark.parametrize("answer", ["resend", "arrived"])
async def test_nobody_knows_whether_telegram_took_it_so_the_agent_decides(rig: Rig, answer: str) -> None:
    maria, card = await rig.claimed()
    await rig.quiet()
    rig.fault("telegram", "sendDocument", "drop_after_accept")
    await uploads(rig, "ana", card, ("1.pdf", PDF))
    notice = await rig.team.sees_post(card, "may not have reached")
    assert len(got(rig, maria)) == 1
    await rig.team.presses("ana", notice.id or "", answer)
    await rig.hears_next(maria, "ana", card)
    assert len(got(rig, maria)) == (2 if answer == "resend" else 1)


@pytest.mark.parametrize("method", ["media", "messages"])
@pytest.mark.parametrize("fault", ["500", "drop_after_accept"])
async def test_whatever_becomes_of_an_answer_whatsapp_gets_a_file_once(rig: Rig, method: str, fault: str) -> None:
    maria, card = await rig.claimed("whatsapp")
    await rig.quiet()
    rig.fault("whatsapp", method, fault)
    await uploads(rig, "ana", card, ("1.pdf", PDF))
    await has(rig, maria)
    await rig.hears_next(maria, "ana", card)
    assert len(got(rig, maria)) == 1


async def test_what_a_browser_could_run_it_only_downloads(rig: Rig) -> None:
    maria, card = await rig.claimed("web")
    for name, content in (("x.html", b"<script>alert(1)</script>"), ("x.svg", b"<svg onload='alert(1)'/>")):
        await uploads(rig, "ana", card, (name, content))
    await has(rig, maria, 2)
    assert isinstance(maria, WebCustomer)
    for event in [event for event in maria.events if event.get("files")]:
        async with rig.session.get(f"{rig.url}/web/files/{event['files'][0]['id']}") as response:
            assert response.headers["Content-Type"] == "application/octet-stream"
            assert response.headers["Content-Disposition"].startswith("attachment")
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_bot_is_told_that_something_came(rig: Rig) -> None:
    maria = rig.customer("telegram")
    await maria.sends("order.pdf", PDF, "How long does delivery take?")
    await maria.hears(lambda text: "working day" in text, "the bot's answer")


async def test_a_new_card_has_the_files_again(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await maria.sends("order.pdf", PDF)
    await sees(rig, card)
    await rig.quiet()
    after = rig.now
    messages.delete(rig.sandbox.slack, rig.sandbox.slack.workspace.channels[card.chat or ""], card.id or "")
    again = await rig.team.card_of("Maria", after)
    [file] = await sees(rig, again)
    assert file["_content"] == PDF


@pytest.mark.postgres
@pytest.mark.parametrize("channel", ["telegram", "web"])
async def test_the_same_on_postgresql(rigs: Rigs, postgres: str, channel: str) -> None:
    async with rigs(DATABASE_URL=postgres) as rig:
        maria, card = await rig.claimed(channel)
        rig.fault("slack", "files.completeUploadExternal", "drop_after_accept")
        await maria.sends("order.pdf", PDF, "My order")
        await sees(rig, card)
        await uploads(rig, "ana", card, ("1.pdf", PDF), ("2.pdf", PDF), text="Both of them")
        await has(rig, maria, 2)
        await rig.quiet()
        assert [file["_content"] for file in shared(rig, card) if file["user"] == "U0BRIDGE"] == [PDF]
