"""A file on its way through: fetched from one side onto the disk, never whole into memory, and sent from there.

The file on the disk has no name, so nothing of it is left when the process ends, in whichever way.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import IO

from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.files import HEAD, MEGABYTE, File, Loaded, actual, megabytes, safe_name, sniffed
from bridge.i18n import t
from bridge.pictures import HEAD as PICTURE
from bridge.pictures import too_many

LARGEST = 100 * MEGABYTE
PATIENCE = 180.0  # seconds for one to arrive
PIECE = 256 * 1024  # bytes
TRIES = 8  # after which a file that cannot be fetched is given up: others wait behind it


class NotFetched(TryLater):
    """The side that has the file does not give it to us now."""


class Passage:
    """Where files are while they are here. The courier sees to it that they are few."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @asynccontextmanager
    async def holding(self, file: File, content: AsyncGenerator[bytes]) -> AsyncGenerator[Loaded]:
        """The file, for as long as it is needed. Raises NotFetched or Undeliverable."""
        if file.size > LARGEST:
            raise _too_large()
        with self._opened() as kept:
            try:
                async with asyncio.timeout(PATIENCE), aclosing(content):
                    head, size = await _filled(kept, content)
            except TimeoutError:
                raise NotFetched(t("It took too long to fetch.")) from None
            except (TryLater, Uncertain) as error:
                raise NotFetched(str(error), getattr(error, "after", None)) from None
            except OSError as error:
                raise _no_room(error) from None
            if file.size and size != file.size:
                raise NotFetched(t("It did not arrive whole."))
            if not size:
                raise Undeliverable(t("It is empty."))
            mime = sniffed(head[:HEAD], file.mime)
            if why := too_many(head, mime):
                raise Undeliverable(why)
            kind, name = actual(file.kind, mime), safe_name(file.name or file.kind, mime)
            yield Loaded(kind, name, mime, size, partial(_read, kept.fileno(), size))

    def _opened(self) -> IO[bytes]:
        """Where the data is; where none of that is kept here, wherever the system has room."""
        try:
            try:
                return tempfile.TemporaryFile(dir=self._folder)
            except OSError:
                return tempfile.TemporaryFile()
        except OSError as error:
            raise _no_room(error) from None


async def _filled(kept: IO[bytes], content: AsyncIterator[bytes]) -> tuple[bytes, int]:
    """Its beginning, and its size."""
    head, size = b"", 0
    async for some in content:
        size += len(some)
        if size > LARGEST:
            raise _too_large()
        head += some[: PICTURE - len(head)]
        await asyncio.to_thread(kept.write, some)
    await asyncio.to_thread(kept.flush)
    return head, size


async def _read(handle: int, size: int) -> AsyncIterator[bytes]:
    """From the beginning, however often it is asked for."""
    for offset in range(0, size, PIECE):
        yield await asyncio.to_thread(os.pread, handle, PIECE, offset)


def _too_large() -> Undeliverable:
    return Undeliverable(t("It is larger than the {size} that can be carried.", size=megabytes(LARGEST)))


def _no_room(error: OSError) -> NotFetched:
    return NotFetched(t("There is no room for it here ({error}).", error=error.strerror))
