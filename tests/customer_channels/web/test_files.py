"""Uploads of the web chat: from visitors who are known, within limits, and only for their own messages."""

import io
from typing import Any

import pytest

from bridge.ports import Said

from ..conftest import MemoryUploads
from .conftest import Site, bearer

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
HUGE = PNG[:16] + b"\0\0\x20\0" * 2 + b"\0" * 100  # 8192 x 8192, in next to no bytes


async def upload(site: Site, token: str, content: Any, name: str = "a.png", **headers: str) -> tuple[int, Any]:
    async with site.http.post(
        "/web/files", params={"name": name}, data=content, headers={**bearer(token), **headers}
    ) as response:
        return response.status, await response.json()


async def test_a_file_is_kept_under_an_id_that_brings_it_along(site: Site) -> None:
    token = (await site.admit())[0]
    status, kept = await upload(site, token, PNG, "../x/a\u202e.svg")
    assert (status, kept["name"], kept["mime"], kept["size"]) == (200, "a.svg.png", "image/png", len(PNG))
    async with site.http.post(
        "/web/messages", json={"id": "m1", "text": "", "files": [kept["id"]]}, headers=bearer(token)
    ) as response:
        assert response.status == 200
    [said] = [it.event for it in site.received]
    assert isinstance(said, Said)
    assert [(file.ref, file.kind) for file in said.files] == [(kept["id"], "photo")]
    async with site.http.get(f"/web/files/{kept['id']}") as response:
        assert (response.status, response.content_type, await response.read()) == (200, "image/png", PNG)
        assert response.headers["Content-Disposition"].startswith("inline")
        assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_another_visitors_file_cannot_be_sent(site: Site) -> None:
    _, kept = await upload(site, (await site.admit())[0], PNG)
    for files in ([kept["id"]], ["x" * 32], ["../.."]):
        async with site.http.post(
            "/web/messages", json={"id": "m1", "text": "Hi", "files": files}, headers=bearer((await site.admit())[0])
        ) as response:
            assert (response.status, (await response.json())["error"]["code"]) == (400, "file")
    assert site.received == []


async def test_bad_uploads_are_refused_and_keep_nothing(site: Site) -> None:
    token = (await site.admit())[0]

    async def endless() -> Any:
        yield PNG

    for content, headers, status in (
        (b"", {}, 400),
        (io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), {}, 413),
        (endless(), {}, 411),
        (HUGE, {}, 413),
    ):
        assert (await upload(site, token, content, **headers))[0] == status
        assert not site.channel._files._uploads.kept  # type: ignore[attr-defined]
    assert (await upload(site, "nobody", PNG))[0] == 401
    async with site.http.get("/web/files/" + "x" * 32) as response:
        assert response.status == 404


async def test_uploads_are_counted_as_messages_are(site: Site) -> None:
    token = (await site.admit())[0]
    statuses = [(await upload(site, token, PNG))[0] for _ in range(41)]
    assert (statuses.count(200), statuses[-1]) == (40, 429)


async def test_while_the_store_is_away_an_upload_is_put_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    token = (await site.admit())[0]

    async def away(_: object, __: str) -> int:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(MemoryUploads, "unsent", away)
        assert (await upload(site, token, PNG))[0] == 503
    assert (await upload(site, token, PNG))[0] == 200


async def test_what_nobody_sends_fills_no_database(site: Site) -> None:
    token, large = (await site.admit())[0], b"x" * (10 * 1024 * 1024)
    statuses = [(await upload(site, token, io.BytesIO(large)))[0] for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert (await upload(site, (await site.admit())[0], PNG))[0] == 200


@pytest.mark.parametrize("files", ["x", [1], [["x"]], ["x"] * 11])
async def test_what_is_no_list_of_files_is_malformed(site: Site, files: Any) -> None:
    async with site.http.post(
        "/web/messages", json={"id": "m1", "text": "Hi", "files": files}, headers=bearer((await site.admit())[0])
    ) as response:
        assert response.status == 400
