"""Albums, both ways: several files of one message are one message, however their parts arrive."""

from typing import Any

import pytest

from bridge.demo.customers import Customer
from bridge.sandbox.world import Entry

from ..conftest import Rig, Rigs
from .test_files import JPEG, PDF, sees, shared, thread_of

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
