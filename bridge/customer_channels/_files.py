"""Files over HTTP: fetched piece by piece, and sent in a form straight from the disk."""

import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Mapping

from aiohttp import ClientSession, ClientTimeout

from bridge.customer_channels._http import CONNECTING, calling
from bridge.errors import TryLater, Undeliverable
from bridge.files import Loaded, megabytes
from bridge.i18n import t

TRANSFER = 180.0  # seconds for a whole file
STALLED = 30.0  # seconds without a byte
PIECE = 64 * 1024
GONE = (400, 404, 410)


async def download(
    session: ClientSession, url: str, headers: Mapping[str, str], most: int, where: str
) -> AsyncGenerator[bytes]:
    """What is at an address, at most so many bytes. It leads nowhere else, because the headers may be secret."""
    timeout = ClientTimeout(TRANSFER, CONNECTING, STALLED, CONNECTING)
    with calling(TRANSFER):
        async with session.get(url, headers=headers, timeout=timeout, allow_redirects=False) as response:
            if response.status in GONE:
                raise Undeliverable(t("{where} does not have it any more.", where=where))
            if response.status != 200:
                raise TryLater(t("{where} does not give it to us ({code}).", where=where, code=response.status))
            size = 0
            async for some in response.content.iter_chunked(PIECE):
                size += len(some)
                if size > most:
                    raise Undeliverable(too_large_to_fetch(most, where))
                yield some


def too_large_to_fetch(most: int, where: str) -> str:
    """Why a file stays there."""
    return t("It is larger than the {size} that {where} lets us fetch.", size=megabytes(most), where=where)


def form(fields: Mapping[str, str], files: Mapping[str, Loaded]) -> tuple[dict[str, str], AsyncIterator[bytes]]:
    """Headers and body of a form with files. Its length is known, which not every server can do without."""
    edge = secrets.token_hex(16)
    before = b"".join(_part(edge, f'name="{field}"') + value.encode() + b"\r\n" for field, value in fields.items())
    heads = {
        _part(edge, f'name="{name}"; filename="{file.name}"\r\nContent-Type: {file.mime}'): file
        for name, file in files.items()
    }
    after = f"--{edge}--\r\n".encode()
    length = len(before) + sum(len(head) + file.size + 2 for head, file in heads.items()) + len(after)
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "Content-Length": str(length)}
    return headers, _around(before, heads, after)


def _part(edge: str, about: str) -> bytes:
    return f"--{edge}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode()


async def _around(before: bytes, files: Mapping[bytes, Loaded], after: bytes) -> AsyncIterator[bytes]:
    yield before
    for head, file in files.items():
        yield head
        async for some in file.content():
            yield some
        yield b"\r\n"
    yield after
