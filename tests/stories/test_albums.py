"""Albums, both ways: several files of one message are one message, however their parts arrive."""

import json
from typing import Any

import pytest

from bridge.demo.customers import Customer
from bridge.errors import Undeliverable
from bridge.sandbox.world import Entry

from ..conftest import Rig, Rigs
from .test_files import JPEG, PDF, got, has, sees, shared, thread_of, uploads
from .test_restart import dies_while_sending

ALBUM = "SELECT 1 FROM outbox WHERE lane LIKE 'album:%'"
SECRET = "s3cret"
WAYS = pytest.mark.parametrize("mode", ["polling", "webhook"])
CUSTOMERS = "SELECT text, (SELECT COUNT(*) FROM file WHERE message_id = message.id) FROM message WHERE author = ?"


def photo(number: int) -> bytes:
    return JPEG + bytes([number])


async def sends(rig: Rig, customer: Customer, number: int, text: str = "", album: str = "a1") -> None:
    """One part, and only that, until it is stored."""
    before = len(await rig.read(lambda tx: tx.all("SELECT 1 FROM inbox WHERE source = 'telegram'")))
    await customer.sends(f"{number}.jpg", photo(number), text, album=album)
    await rig.finds("SELECT 1 FROM inbox WHERE source = 'telegram' LIMIT 1 OFFSET ?", before)


def posts(rig: Rig, card: Entry) -> list[int]:
    """How many files each post in the thread has, of those that have any."""
    said = rig.sandbox.slack.workspace.channels[card.chat or ""].messages.values()
    return [len(it["files"]) for it in said if it.get("thread_ts") == card.id and it.get("files")]


async def messages(rig: Rig) -> list[tuple[Any, ...]]:
    """The customer's messages as they are kept: words, and how many files."""
    return [tuple(row) for row in await rig.read(lambda tx: tx.all(CUSTOMERS + " ORDER BY id", "customer"))]


def rig_by(rigs: Rigs, mode: str) -> Any:
    return rigs(TELEGRAM_MODE=mode, TELEGRAM_WEBHOOK_SECRET=SECRET if mode == "webhook" else "")


@WAYS
async def test_an_album_is_one_post_with_its_caption_once(rigs: Rigs, mode: str) -> None:
    async with rig_by(rigs, mode) as rig:
        maria, card = await rig.claimed()
        for number in range(3):  # each comes in a batch, or a call, of its own
            await sends(rig, maria, number, "Three of them" if number == 1 else "")
        files = await sees(rig, card, 3)
        await rig.quiet()
        assert [file["_content"] for file in files] == [photo(0), photo(1), photo(2)]
        assert posts(rig, card) == [3]
        assert "\n".join(thread_of(rig, card)).count("Three of them") == 1
        assert (await messages(rig))[1:] == [("Three of them", 3)]


async def test_an_album_is_one_message_on_postgresql_too(rigs: Rigs, postgres: str) -> None:
    async with rigs(DATABASE_URL=postgres) as rig:
        maria, card = await rig.claimed()
        await maria.sends("0.jpg", photo(0), "Both", album="a1")
        await maria.sends("1.jpg", photo(1), album="a1")
        await maria.says("That was all")
        await rig.team.sees_post(card, "That was all")
        await maria.sends("2.jpg", photo(2), album="a2")
        await maria.sends("3.jpg", photo(3), album="a2")
        await sees(rig, card, 4)
        await rig.quiet()
        assert posts(rig, card) == [2, 2]
        assert (await messages(rig))[1:] == [("Both", 2), ("That was all", 0), ("", 2)]


async def test_the_bot_is_asked_once_about_an_album(rig: Rig) -> None:
    maria = rig.customer("telegram")
    for number in range(3):
        await sends(rig, maria, number, "What is this?" if not number else "")
    await rig.quiet()
    assert len(maria.heard) == 1
    assert await messages(rig) == [("What is this?", 3)]


async def test_an_album_that_asks_for_a_person_gets_one_and_all_of_it_is_in_the_thread(rig: Rig) -> None:
    maria = rig.customer("telegram")
    for number in range(2):
        await sends(rig, maria, number, "" if not number else "I want to talk to a human")
    card = await rig.team.card_of("Maria")
    await sees(rig, card, 2)
    await rig.quiet()
    assert posts(rig, card) == [2]
    assert await messages(rig) == [("I want to talk to a human", 2)]


async def test_a_restart_in_the_middle_loses_nothing_and_it_is_still_one_message(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await rig.quiet()
    await sends(rig, maria, 0, "Both of them")
    await rig.stop()
    await maria.sends("1.jpg", photo(1), album="a1")
    long_ago = "UPDATE outbox SET at = at - 3600000000 WHERE lane LIKE 'album:%'"
    await write_while_down(rig, long_ago)
    await rig.start()
    await sees(rig, card, 2)
    await rig.quiet()
    assert posts(rig, card) == [2]
    assert (await messages(rig))[1:] == [("Both of them", 2)]


async def write_while_down(rig: Rig, sql: str) -> None:
    """As if the bridge had been down for long."""
    import sqlite3
    from contextlib import closing
    from pathlib import Path

    [path] = Path(rig.env["BRIDGE_DATA_DIR"]).glob("*.db")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(sql).rowcount == 1
        connection.commit()


async def test_what_the_rest_never_comes_to_is_not_held_back(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await maria.sends("0.jpg", photo(0), "The first of many", album="a1")
    [file] = await sees(rig, card)
    assert file["_content"] == photo(0)
    assert (await messages(rig))[1:] == [("The first of many", 1)]


async def test_a_part_that_comes_late_is_a_message_of_its_own(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await sends(rig, maria, 0)
    await sends(rig, maria, 1)
    await sees(rig, card, 2)
    await sends(rig, maria, 2)
    await sees(rig, card, 3)
    assert posts(rig, card) == [2, 1]
    assert (await messages(rig))[1:] == [("", 2), ("", 1)]


async def test_whatever_comes_after_an_album_stands_after_it(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await sends(rig, maria, 0, "The first")
    await sends(rig, maria, 1)
    await sends(rig, maria, 2, "The second", album="a2")
    await sends(rig, maria, 3, album="a2")
    await maria.says("That was all")
    await rig.team.sees_post(card, "That was all")
    await sees(rig, card, 4)
    assert (await messages(rig))[1:] == [("The first", 2), ("The second", 2), ("That was all", 0)]
    said = "\n".join(thread_of(rig, card))
    assert said.index("The first") < said.index("The second") < said.index("That was all")


async def test_parts_with_words_of_their_own_keep_them_apart(rig: Rig) -> None:
    maria, card = await rig.claimed()
    for number, text in enumerate(("The front", "", "The back")):
        await sends(rig, maria, number, text)
    await sees(rig, card, 3)
    assert (await messages(rig))[1:] == [("The front", 2), ("The back", 1)]


async def test_a_caption_that_is_changed_shows_whichever_part_has_it(rig: Rig) -> None:
    maria, card = await rig.claimed()
    after = rig.now
    await sends(rig, maria, 0)
    await sends(rig, maria, 1, "A blue ketle")
    await sees(rig, card, 2)
    first, second = [it.id for it in rig.history("telegram", "message", after=after)]
    await rig.sandbox.act("telegram", "maria", "edit", second or "", "A blue kettle")
    await rig.team.sees_post(card, "A blue kettle")
    await rig.sandbox.act("telegram", "maria", "edit", first or "", "And its lid")
    await rig.team.sees_post(card, "And its lid")
    await rig.quiet()
    assert (await messages(rig))[1:] == [("A blue kettle", 2), ("And its lid", 0)]
    assert len(shared(rig, card)) == 2


async def test_of_an_album_what_cannot_be_shown_is_said_and_the_rest_is_shown(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await maria.sends("0.jpg", photo(0), "Look", album="a1")
    await maria.sends("film.mp4", b"\0" * (20 * 1024 * 1024 + 1), album="a1", kind="video")
    await maria.sends("2.jpg", photo(2), album="a1")
    post = await rig.team.sees_post(card, "cannot be shown here")
    assert "Maria: video: film.mp4" in (post.text or "")
    await sees(rig, card, 2)
    await rig.quiet()
    assert posts(rig, card) == [2]


@pytest.mark.parametrize("step", ["upload", "files.completeUploadExternal"])
@pytest.mark.parametrize("fault", ["500", "drop_after_accept"])
async def test_whatever_becomes_of_an_answer_an_album_appears_exactly_once(rig: Rig, step: str, fault: str) -> None:
    maria, card = await rig.claimed()
    await rig.quiet()
    rig.fault("slack", step, fault, seconds=0.1)
    await maria.sends("0.jpg", photo(0), album="a1")
    await maria.sends("order.pdf", PDF, album="a1")
    await sees(rig, card, 2)
    await rig.quiet()
    assert [file["_content"] for file in shared(rig, card)] == [photo(0), PDF]
    assert posts(rig, card) == [2]


# ------------------------------------------------------------------------------------------------------ to the customer

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(400)
PHOTOS = [(f"{number}.jpg", photo(number)) for number in range(3)]


def calls(rig: Rig) -> list[tuple[str, int]]:
    """How files went to Telegram: by which method, and how many at once."""
    kinds = ("sendPhoto", "sendDocument", "sendVideo", "sendAudio", "sendVoice", "sendMediaGroup")
    found = rig.history("telegram", *kinds)
    return [(it.kind, len(json.loads(it.raw["media"])) if "media" in it.raw else 1) for it in found]


def phone(rig: Rig, customer: Customer) -> list[Any]:
    """What of ours is on the customer's phone and shows a file."""
    [chat] = [it for it in rig.sandbox.telegram.chats.by_id.values() if str(it.id) == customer.chat]
    return [it for it in chat.messages.values() if it.by_bot and it.extra]


async def test_several_photos_and_videos_go_as_one_with_the_caption_on_the_first(rig: Rig) -> None:
    maria, card = await rig.claimed()
    ts = await uploads(rig, "ana", card, *PHOTOS, ("film.mp4", MP4), text="All of *them*")
    await has(rig, maria, 4)
    await rig.team.sees_mark(ts, "white_check_mark")
    assert calls(rig) == [("sendMediaGroup", 4)]
    assert [(text, content) for _, text, content in got(rig, maria)] == [
        ("All of them", photo(0)), ("", photo(1)), ("", photo(2)), ("", MP4),
    ]  # fmt: skip
    assert len({it.extra["media_group_id"] for it in phone(rig, maria)}) == 1


async def test_documents_go_with_documents_only_and_more_than_ten_as_two(rig: Rig) -> None:
    maria, card = await rig.claimed()
    papers = [(f"{number}.pdf", PDF + bytes([number])) for number in range(11)]
    await uploads(rig, "ana", card, *PHOTOS[:2], *papers, text="Your papers")
    await has(rig, maria, 13)
    assert calls(rig) == [("sendMediaGroup", 2), ("sendMediaGroup", 10), ("sendDocument", 1)]
    assert maria.heard[-1] == "Your papers"
    assert [content for _, _, content in got(rig, maria)] == [content for _, content in [*PHOTOS[:2], *papers]]


async def test_words_that_are_no_caption_go_before_the_album(rig: Rig) -> None:
    maria, card = await rig.claimed()
    text = "😀" * 513  # 1,026 UTF-16 units
    await uploads(rig, "ana", card, *PHOTOS, text=text)
    await has(rig, maria, 3)
    assert maria.heard[-1] == text
    assert [caption for _, caption, _ in got(rig, maria)] == ["", "", ""]


async def test_what_cannot_be_shown_as_photos_goes_as_an_album_of_documents(rig: Rig) -> None:
    maria, card = await rig.claimed()
    rig.sandbox.telegram.unshowable = True
    await uploads(rig, "ana", card, *PHOTOS)
    await has(rig, maria, 3)
    assert calls(rig) == [("sendMediaGroup", 3)]
    assert all("document" in it.extra for it in phone(rig, maria))


async def test_an_album_that_is_taken_back_goes_whole(rig: Rig) -> None:
    maria, card = await rig.claimed()
    ts = await uploads(rig, "ana", card, *PHOTOS, text="Not for you")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.sandbox.act("slack", "ana", "delete", f"{card.chat}:{ts}")
    await rig.until(lambda: True if not phone(rig, maria) else None, "an empty phone")


async def test_an_answer_to_any_part_of_an_album_of_ours_shows_which(rig: Rig) -> None:
    maria, card = await rig.claimed()
    ts = await uploads(rig, "ana", card, *PHOTOS, text="Which of them?")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.sandbox.act("telegram", "maria", "react", str(phone(rig, maria)[2].id), emoji="👍")
    post = await rig.team.sees_post(card, "reacted with 👍 to:")
    assert "Which of them?" in (post.text or "")


async def test_a_refused_album_is_said_in_the_thread_and_can_be_sent_again(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await rig.sandbox.act("telegram", "maria", "block")
    ts = await uploads(rig, "ana", card, *PHOTOS)
    post = await rig.team.sees_post(card, "did not reach the customer")
    await rig.team.sees_mark(ts, "warning")
    await rig.sandbox.act("telegram", "maria", "unblock")
    await rig.team.clicks("ana", post, "again")
    await has(rig, maria, 3)
    assert calls(rig) == [("sendMediaGroup", 3)]


@pytest.mark.parametrize("fault", ["500", "429", "disconnect"])
async def test_an_album_that_was_not_taken_at_first_is_sent_again_as_one(rig: Rig, fault: str) -> None:
    maria, card = await rig.claimed()
    rig.fault("telegram", "sendMediaGroup", fault, seconds=0.1)
    ts = await uploads(rig, "ana", card, *PHOTOS)
    if fault == "disconnect":  # it may have arrived: only a person may say so
        post = await rig.team.sees_post(card, "may not have reached the customer")
        await rig.team.clicks("ana", post, "resend")
    await has(rig, maria, 3)
    await rig.team.sees_mark(ts, "white_check_mark")
    assert calls(rig) == [("sendMediaGroup", 3)]


@pytest.mark.parametrize("accepted", [True, False])
async def test_an_album_in_doubt_is_asked_about_and_never_sent_twice(rig: Rig, accepted: bool) -> None:
    maria, card = await rig.claimed()

    async def send() -> None:
        await uploads(rig, "ana", card, *PHOTOS)

    await dies_while_sending(rig, "telegram", send, accepted=accepted, method="send_album")
    await rig.start()
    post = await rig.team.sees_post(card, "may not have reached the customer")
    assert len(got(rig, maria)) == (3 if accepted else 0)
    await rig.team.clicks("ana", post, "arrived" if accepted else "resend")
    await rig.hears_next(maria, "ana", card)
    assert len(got(rig, maria)) == 3


async def test_a_file_of_an_album_that_cannot_be_fetched_is_named_and_nothing_of_it_goes(rig: Rig) -> None:
    maria, card = await rig.claimed()
    real = rig.bridge.workspace.fetch

    def fetch(file: Any) -> Any:
        if file.name == "1.jpg":
            raise Undeliverable("It was deleted in Slack.")
        return real(file)

    rig.bridge.workspace.fetch = fetch  # type: ignore[method-assign]
    await uploads(rig, "ana", card, *PHOTOS)
    post = await rig.team.sees_post(card, "did not reach the customer")
    assert "photo: 1.jpg. It was deleted in Slack." in (post.text or "")
    assert got(rig, maria) == []


# ------------------------------------------------------------------------------------------------- captions afterwards


@pytest.mark.parametrize("count", [1, 3])
async def test_an_agents_edit_of_a_caption_changes_it_where_the_customer_is(rig: Rig, count: int) -> None:
    maria, card = await rig.claimed()
    ts = await uploads(rig, "ana", card, *PHOTOS[:count], text="A blue ketle")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.sandbox.act("slack", "ana", "edit", f"{card.chat}:{ts}", "A blue *kettle*")
    await maria.hears(lambda text: text == "A blue kettle", "the new caption")
    assert [text for _, text, _ in got(rig, maria)] == ["A blue kettle", *[""] * (count - 1)]
    assert [it["type"] for it in phone(rig, maria)[0].entities] == ["bold"]


async def test_words_that_were_no_caption_are_changed_where_they_are(rig: Rig) -> None:
    maria, card = await rig.claimed()
    ts = await uploads(rig, "ana", card, *PHOTOS, text="x" * 1025)
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.sandbox.act("slack", "ana", "edit", f"{card.chat}:{ts}", "Short words")
    await maria.hears(lambda text: text == "Short words", "the new text")
    assert [text for _, text, _ in got(rig, maria)] == ["", "", ""]


async def test_a_file_that_had_no_words_gets_a_caption(rig: Rig) -> None:
    maria, card = await rig.claimed()
    ts = await uploads(rig, "ana", card, *PHOTOS[:1])
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.sandbox.act("slack", "ana", "edit", f"{card.chat}:{ts}", "A kettle")
    await rig.until(lambda: got(rig, maria)[0][1] == "A kettle" or None, "a caption")


async def test_a_caption_that_becomes_too_long_is_refused_aloud_and_can_be_sent_as_a_correction(rig: Rig) -> None:
    maria, card = await rig.claimed()
    ts = await uploads(rig, "ana", card, *PHOTOS[:1], text="A kettle")
    await rig.team.sees_mark(ts, "white_check_mark")
    await rig.sandbox.act("slack", "ana", "edit", f"{card.chat}:{ts}", "y" * 1025)
    post = await rig.team.sees_post(card, "did not reach the customer: The text is too long for a caption.")
    await rig.team.clicks("ana", post, "correct")
    await maria.hears(lambda text: text == "y" * 1025, "the correction")
    assert got(rig, maria)[0][1] == "A kettle"
