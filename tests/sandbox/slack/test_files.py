"""Uploads in three steps, downloads with a token."""

import io
from typing import Any

import aiohttp

from .conftest import CHANNEL, Sandbox, error


async def test_an_upload_ends_as_a_message_in_the_thread_and_can_be_fetched(sandbox: Sandbox):
    client = sandbox.client()
    root = (await client.chat_postMessage(channel=CHANNEL, text="root"))["ts"]
    upload = {"file": b"%PDF-" + b"x" * 500_000, "filename": "bill.pdf", "title": "The bill"}
    done = await client.files_upload_v2(
        channel=CHANNEL, thread_ts=root, initial_comment="<!here>", file_uploads=[upload], request_file_info=False
    )
    identifier = done["files"][0]["id"]
    assert done["files"][0]["shares"] == {}
    file = (await client.files_info(file=identifier))["file"]
    (share,) = file["shares"]["public"][CHANNEL]
    message = (await client.conversations_replies(channel=CHANNEL, ts=root))["messages"][1]
    assert (share["ts"], share["thread_ts"]) == (message["ts"], root)
    assert (message["subtype"], message["text"], message["files"][0]["name"]) == ("file_share", "<!here>", "bill.pdf")
    (entry,) = sandbox.history("files.completeUploadExternal")
    assert (entry.chat, entry.thread, entry.id, entry.raw["live"]) == (CHANNEL, root, message["ts"], ["<!here>"])
    async with aiohttp.ClientSession() as session:
        async with session.get(file["url_private"], headers={"Authorization": "Bearer xoxb-1"}) as response:
            assert len(await response.read()) == 500_005
        async with session.get(file["url_private"]) as response:
            assert (response.status, response.content_type) == (200, "text/html")
    again = client.files_completeUploadExternal(files=[{"id": identifier}], channel_id=CHANNEL)
    assert await error(again) == "file_not_found"


async def test_an_agents_file_arrives_as_file_share_and_can_be_fetched(sandbox: Sandbox):
    ts = await sandbox.act("ana", "upload", CHANNEL, "see this", filename="a.txt", content="hello")
    (entry,) = sandbox.history("message")
    assert (entry.id, entry.raw["subtype"]) == (ts, "file_share")
    address = entry.raw["files"][0]["url_private_download"]
    async with aiohttp.request("GET", address, headers={"Authorization": "Bearer xoxb-1"}) as response:
        assert await response.text() == "hello"


async def test_an_upload_may_be_larger_than_ordinary_requests(sandbox: Sandbox):
    client, data = sandbox.client(), b"x" * 3_000_000
    started = await client.files_getUploadURLExternal(filename="film.mp4", length=len(data))
    async with aiohttp.request("POST", started["upload_url"], data=io.BytesIO(data)) as response:
        assert await response.text() == "OK - 3000000"


async def test_an_upload_of_another_length_than_announced_is_refused_and_cannot_be_shared(client: Any):
    started = await client.files_getUploadURLExternal(filename="a.txt", length=5)
    async with aiohttp.request("POST", started["upload_url"], data=b"four") as response:
        assert response.status == 400
    call = client.files_completeUploadExternal(files=[{"id": started["file_id"]}], channel_id=CHANNEL)
    assert await error(call) == "file_not_found"
