"""Files of web chats in the database: whole or not at all, and gone if nobody sent them."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bridge.files import File, Loaded
from bridge.store import files, uploads
from bridge.store.store import Store
from bridge.store.uploads import PIECE, StoredUploads

from .conftest import NOW

CONTENT = bytes(range(256)) * (2 * PIECE // 256) + b"the end"


def loaded(content: bytes, pieces: int = 1000, *, breaks: bool = False) -> Loaded:
    async def some() -> AsyncIterator[bytes]:
        for offset in range(0, len(content), pieces):
            yield content[offset : offset + pieces]
        if breaks:
            raise ConnectionResetError

    return Loaded("file", "a.pdf", "application/pdf", len(content), some)


async def read(kept: StoredUploads, id: str) -> bytes:
    return b"".join([some async for some in kept.read(id)])


@pytest.mark.parametrize("content", [CONTENT, b"x" * PIECE, b"x"])
async def test_a_file_is_given_back_as_it_came_in_pieces(store: Store, content: bytes) -> None:
    kept = StoredUploads(store, lambda: NOW)
    await kept.keep("f1", "c1", loaded(content), sent=False)
    found = await kept.find("f1")
    assert found
    assert (found.chat, found.name, found.mime, found.size) == ("c1", "a.pdf", "application/pdf", len(content))
    assert await read(kept, "f1") == content


async def test_what_breaks_off_is_not_there_and_can_be_kept_again(store: Store) -> None:
    kept = StoredUploads(store, lambda: NOW)
    with pytest.raises(ConnectionResetError):
        await kept.keep("f1", "c1", loaded(CONTENT, breaks=True), sent=True)
    assert await kept.find("f1") is None
    await kept.keep("f1", "c1", loaded(CONTENT), sent=True)
    await kept.keep("f1", "c1", loaded(b"something else"), sent=True)
    assert await read(kept, "f1") == CONTENT


async def test_what_was_withdrawn_is_given_to_nobody_and_goes_after_a_day(store: Store) -> None:
    kept = StoredUploads(store, lambda: NOW)
    await kept.keep("f1", "c1", loaded(CONTENT), sent=True)
    late = NOW + timedelta(days=9)
    await store.write(lambda tx: uploads.withdraw(tx, "f1", late))
    assert await kept.find("f1") is None
    assert await kept.unsent("c1") == 0
    assert await store.write(lambda tx: uploads.forget(tx, late + timedelta(hours=23))) == 0
    assert await read(kept, "f1") == CONTENT  # for agents who have yet to see it
    assert await store.write(lambda tx: uploads.forget(tx, late + timedelta(hours=25))) == 1
    assert await read(kept, "f1") == b""


async def test_what_nobody_sent_is_forgotten_after_a_day(store: Store) -> None:
    kept = StoredUploads(store, lambda: NOW)
    for named, sent in (("loose", False), ("used", False), ("sent", True)):
        await kept.keep(named, "c1", loaded(b"x"), sent=sent)
    await store.write(lambda tx: uploads.use(tx, "used"))
    early, late = NOW + timedelta(hours=23), NOW + timedelta(hours=25)
    assert await store.write(lambda tx: uploads.forget(tx, early)) == 0
    assert await store.write(lambda tx: uploads.forget(tx, late)) == 1
    assert [bool(await kept.find(named)) for named in ("loose", "used", "sent")] == [False, True, True]
    assert await store.read(lambda tx: tx.all("SELECT upload FROM upload_piece WHERE upload = 'loose'")) == []


async def test_the_files_of_a_message_keep_their_order_and_how_far_they_are(store: Store) -> None:
    came = [File("photo", f"{number}.jpg", "image/jpeg", number, f"r{number}") for number in range(3)]
    ids = await store.write(lambda tx: files.add(tx, 7, came))
    await store.write(lambda tx: files.put_into(tx, ids[1], 1001))
    await store.write(lambda tx: files.set_upload(tx, ids[1], "F1"))
    found = await store.read(lambda tx: files.of_message(tx, 7))
    assert [(it.file, it.upload) for it in found] == [(came[0], ""), (came[1], "F1"), (came[2], "")]
    await store.write(lambda tx: files.take_back(tx, 1001))
    assert (await store.read(lambda tx: files.get(tx, ids[1]))).upload == ""


async def test_what_is_not_sent_yet_is_counted(store: Store) -> None:
    kept = StoredUploads(store, lambda: NOW)
    await kept.keep("f1", "c1", loaded(b"123"), sent=False)
    await kept.keep("f2", "c2", loaded(b"1234567"), sent=False)
    with pytest.raises(ConnectionResetError):
        await kept.keep("f3", "c1", loaded(b"12345", breaks=True), sent=False)
    assert await kept.unsent("c1") == 8
    await store.write(lambda tx: uploads.use(tx, "f1"))
    assert await kept.unsent("c1") == 5


async def test_what_is_dropped_is_gone_with_its_bytes(store: Store) -> None:
    kept = StoredUploads(store, lambda: NOW)
    for named in ("f1", "f2"):
        await kept.keep(named, "c1", loaded(CONTENT), sent=True)
    for _ in range(2):
        await kept.drop("f1")
    assert await kept.find("f1") is None
    assert await read(kept, "f1") == b""
    assert await read(kept, "f2") == CONTENT
