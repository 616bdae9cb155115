"""The web chat's protocol, held to its promises over real HTTP."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession

from bridge.content import Part, Presence
from bridge.customer_channels.web import Web, from_settings
from bridge.errors import TryLater, WrongSetting
from bridge.ports import CustomerChannel, Kit, Received, Said, Stored, Visitor

from ..conftest import MemoryUploads
from .conftest import ANA, BOT, Memory, OpenSite, Site, bearer, hashed

HI = '{"kind": "message", "author": {"kind": "bot", "name": "B"}, "text": "Hi"}'

# ------------------------------------------------------------------------------------------------------- who and what


async def test_a_visitor_is_admitted_and_only_the_hash_of_the_token_is_kept(site: Site) -> None:
    token, chat = await site.admit("Maria")
    assert len(token) >= 43
    assert site.journal.visitors[chat] == Visitor(chat, "Maria")
    assert site.journal.tokens[hashed(token)][0] == chat
    assert token not in repr(vars(site.journal))


async def test_a_visitor_need_not_say_a_name(site: Site) -> None:
    async with site.http.post("/web/session") as response:
        chat = (await response.json())["visitor"]
    [visitor] = site.journal.visitors.values()
    assert visitor.name == f"Visitor {chat[:4].upper()}"


async def test_control_characters_do_not_get_into_a_name(site: Site) -> None:
    _, chat = await site.admit("Ma\nri\u202ea\0")
    assert site.journal.visitors[chat].name == "Maria"


async def test_a_message_is_handed_over_once_and_answered_with_its_place(site: Site) -> None:
    token, chat = await site.admit()
    assert await site.say(token, "Where is my order?", "m1") == (200, {"seq": 1})
    assert await site.say(token, "Where is my order?", "m1") == (200, {"seq": 1})
    assert await site.say(token, "Hello?", "m2") == (200, {"seq": 2})
    first, second = site.received
    assert first.keys == (f"web:{chat}:m1",)
    assert first.event == Said(chat, "Maria", "m1", "Where is my order?", site.now)
    assert json.loads(first.raw) == {"id": "m1", "text": "Where is my order?"}
    assert second.keys == (f"web:{chat}:m2",)


async def test_two_visitors_may_use_the_same_ids(site: Site) -> None:
    one, other = (await site.admit())[0], (await site.admit())[0]
    assert await site.say(one, "Hello", "m1") == (200, {"seq": 1})
    assert await site.say(other, "Hola", "m1") == (200, {"seq": 1})
    assert len(site.received) == 2


async def test_the_browsers_language_comes_along(site: Site) -> None:
    token, _ = await site.admit()
    for language in ("pt-BR,pt;q=0.9,en;q=0.8", "*", "", "x" * 50):
        await site.say(token, "Olá", language[:9] or "none", **{"Accept-Language": language})
    events = [received.event for received in site.received]
    assert [event.language for event in events if isinstance(event, Said)] == ["pt", "", "", ""]


async def test_text_is_carried_as_it_is(site: Site) -> None:
    token, _ = await site.admit()
    text = "  <b>&amp;</b>\n\tمرحبا 👨‍👩‍👧 {{name}} *x* "
    assert (await site.say(token, text))[0] == 200
    event = site.received[0].event
    assert isinstance(event, Said)
    assert event.text == text


async def test_zero_bytes_which_no_database_likes_are_left_out(site: Site) -> None:
    token, _ = await site.admit()
    assert (await site.say(token, "a\0b"))[0] == 200
    event = site.received[0].event
    assert isinstance(event, Said)
    assert event.text == "ab"


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b"null", 400, "malformed"),
        (b'{"text": "x"}', 400, "malformed"),
        (b'{"id": "m1"}', 400, "malformed"),
        (b'{"id": 1, "text": "x"}', 400, "malformed"),
        (b'{"id": "", "text": "x"}', 400, "malformed"),
        (b'{"id": "a b", "text": "x"}', 400, "malformed"),
        (b'{"id": "%s", "text": "x"}' % (b"a" * 101), 400, "malformed"),
        (b'{"id": "m1", "text": ["x"]}', 400, "malformed"),
        (b'{"id": "m1", "text": "\\ud800"}', 400, "malformed"),
        (b'{"id": "m1", "text": "\xff"}', 400, "malformed"),
        (b"[" * 10_000, 400, "malformed"),
        (b'{"id": "m1", "text": ""}', 400, "blank"),
        (b'{"id": "m1", "text": " \\n\\u200b\\u0000 "}', 400, "blank"),
        (json.dumps({"id": "m1", "text": "x" * 4001}).encode(), 413, "too_long"),
        (json.dumps({"id": "m1", "text": "🙂" * 2001}, ensure_ascii=False).encode(), 413, "too_long"),
        (b'{"id": "m1", "text": "x"}' + b" " * 40_000, 413, "too_large"),
    ],
)
async def test_bad_input_is_refused_in_constant_words_and_has_no_effect(
    site: Site, body: bytes, status: int, code: str
) -> None:
    token, _ = await site.admit()
    async with site.http.post("/web/messages", data=body, headers=bearer(token)) as response:
        answer = await response.json()
        assert (response.status, answer["error"]["code"]) == (status, code)
        assert set(answer["error"]) == {"code", "message"}
        assert len(await response.read()) < 120
    assert site.received == []


async def test_the_longest_text_is_taken(site: Site) -> None:
    token, _ = await site.admit()
    assert (await site.say(token, "🙂" * 2000))[0] == 200


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_body_that_is_not_what_its_header_says_is_refused(site: Site, encoding: str) -> None:
    token, _ = await site.admit()
    headers = {**bearer(token), "Content-Encoding": encoding}
    async with site.http.post("/web/messages", data=b'{"id": "m1", "text": "x"}', headers=headers) as response:
        assert response.status == 400


async def test_who_hangs_up_in_the_middle_of_a_message_causes_no_trouble(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    token, _ = await site.admit()
    url = urlsplit(site.url)
    _, writer = await asyncio.open_connection(url.hostname, url.port)
    head = f"POST /web/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 99\r\n\r\n{{"
    writer.write(head.encode())
    await writer.drain()
    await site.admit()
    writer.close()
    await writer.wait_closed()
    await site.admit()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert site.received == []


@pytest.mark.parametrize("name", [7, "x" * 81, None, ["x"]])
async def test_a_name_that_is_none_is_refused(site: Site, name: Any) -> None:
    async with site.http.post("/web/session", json={"name": name}) as response:
        assert response.status == 400
    assert site.journal.visitors == {}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "Bearer é€"])
async def test_without_a_known_token_nothing_goes(site: Site, header: str) -> None:
    for method, path in (("POST", "/web/messages"), ("GET", "/web/events"), ("GET", "/web/events?token=wrong")):
        async with site.http.request(method, path, headers={"Authorization": header}, json=None) as response:
            assert response.status == 401
            assert (await response.json())["error"]["code"] == "token"


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 16, "9" * 400])
async def test_a_place_that_is_no_number_is_refused(site: Site, after: str) -> None:
    token, _ = await site.admit()
    async with site.http.get("/web/events", params={"after": after}, headers=bearer(token)) as response:
        assert response.status == 400


async def test_what_cannot_be_stored_is_not_acknowledged(site: Site) -> None:
    token, _ = await site.admit()
    site.journal.broken = True
    status, answer = await site.say(token, "Hello")
    assert (status, answer["error"]["code"]) == (503, "unavailable")
    assert "disk" not in json.dumps(answer)
    async with site.http.post("/web/session") as response:
        assert response.status == 503
    site.journal.broken = False
    assert await site.say(token, "Hello") == (200, {"seq": 1})


async def test_a_desk_that_fails_is_not_acknowledged_either(site: Site) -> None:
    token, _ = await site.admit()

    async def fails(events: object) -> list[Stored]:
        raise RuntimeError(events)

    site.receive = fails
    async with site.http.post("/web/messages", json={"id": "m1", "text": "x"}, headers=bearer(token)) as response:
        assert response.status == 503
        assert response.headers["Retry-After"] == "1"


# ------------------------------------------------------------------------------------------------------------- streams


async def test_a_stream_tells_everything_in_order_and_then_what_happens(site: Site) -> None:
    token, chat = await site.admit()
    await site.say(token, "Hello")
    key = await site.answers(chat, "How can I help?", BOT, ("Track", "Return"))
    reader = await site.listen(token)
    assert reader.response.content_type == "text/event-stream"
    first, second = await reader.next(), await reader.next()
    assert first.id == 1
    assert first.data == {
        "seq": 1,
        "kind": "message",
        "author": {"kind": "customer", "name": "Maria"},
        "text": "Hello",
        "id": "m1",
        "at": "2026-11-21T14:03:00+00:00",
    }
    assert second.id == 2
    assert second.data == {
        "seq": 2,
        "kind": "message",
        "author": {"kind": "bot", "name": "Shop assistant"},
        "text": "How can I help?",
        "id": key,
        "at": "2026-11-21T14:03:00+00:00",
        "choices": ["Track", "Return"],
    }
    await site.channel.send(chat, Presence(ANA, "joined"), site.key())
    joined = (await reader.next()).data
    assert (joined["kind"], joined["change"], joined["text"]) == ("presence", "joined", "Ana joined")
    assert joined["author"] == {"kind": "agent", "name": "Ana"}
    await site.channel.edit(chat, key, Part(BOT, "How may I help?"), site.key())
    edit = (await reader.next()).data
    assert (edit["seq"], edit["kind"], edit["of"], edit["text"]) == (4, "edit", key, "How may I help?")
    for _ in range(2):
        await site.channel.delete(chat, key, "the-deletion")
    gone = (await reader.next()).data
    assert (gone["seq"], gone["kind"], gone["of"], gone["text"]) == (5, "delete", key, "")
    reader = await site.listen(token)
    told = [(await reader.next()).data for _ in range(5)]
    assert "help" not in str(told)
    assert "Return" not in str(told)
    assert [it["kind"] for it in told] == ["message", "message", "presence", "edit", "delete"]


async def test_the_visitors_own_line_is_told_to_their_other_tabs(site: Site) -> None:
    token, _ = await site.admit()
    readers = [await site.listen(token) for _ in range(2)]
    await site.say(token, "Hello")
    assert [(await reader.next()).data["text"] for reader in readers] == ["Hello", "Hello"]


async def test_sending_with_the_same_key_says_it_once(site: Site) -> None:
    token, chat = await site.admit()
    for _ in range(3):
        assert await site.channel.send(chat, Part(ANA, "Hi"), "key-a") == "key-a"
    await site.channel.send(chat, Part(ANA, "Bye"), "key-b")
    reader = await site.listen(token)
    assert [(await reader.next()).data["text"] for _ in range(2)] == ["Hi", "Bye"]


@pytest.mark.parametrize("way", ["query", "header", "both"])
async def test_a_stream_is_taken_up_where_it_broke_off(site: Site, way: str) -> None:
    token, chat = await site.admit()
    for number in range(1, 6):
        await site.answers(chat, f"line {number}")
    after = {"query": 3, "header": 0, "both": 1}[way]
    headers = {} if way == "query" else {"Last-Event-ID": "3"}
    reader = await site.listen(token, after, headers)
    assert [(await reader.next()).id for _ in range(2)] == [4, 5]


async def test_an_event_source_may_bring_its_token_in_the_address(site: Site) -> None:
    token, chat = await site.admit()
    await site.answers(chat, "Hi")
    async with site.http.get("/web/events", params={"token": token}) as response:
        assert response.status == 200
        assert b"retry: 2000" in await response.content.readline()


async def test_a_place_beyond_the_journal_starts_again_from_the_beginning(site: Site) -> None:
    token, chat = await site.admit()
    await site.answers(chat, "Hi")
    reader = await site.listen(token, after=7)
    assert (await reader.next()).event == "reset"
    assert (await reader.next()).id == 1


async def test_the_last_place_is_not_beyond_the_journal(site: Site) -> None:
    token, chat = await site.admit()
    await site.answers(chat, "Hi")
    reader = await site.listen(token, after=1)
    await site.answers(chat, "There")
    assert (await reader.next()).id == 2


async def test_a_long_chat_is_told_whole(site: Site) -> None:
    token, chat = await site.admit()
    for number in range(1203):
        await site.answers(chat, f"line {number}")
    reader = await site.listen(token)
    assert [(await reader.next()).id for _ in range(1203)] == list(range(1, 1204))


async def test_typing_is_shown_and_kept_nowhere(site: Site) -> None:
    token, chat = await site.admit()
    reader = await site.listen(token)
    await reader.block()
    await site.channel.typing(chat)
    frame = await reader.next()
    assert (frame.event, frame.id, frame.data) == ("typing", None, {"kind": "typing"})
    assert site.journal.events[chat] == []
    await site.channel.typing("nobody")


async def test_what_another_process_adds_is_found(open_site: OpenSite) -> None:
    site = await open_site(heartbeat=0.02)
    token, chat = await site.admit()
    reader = await site.listen(token)
    await reader.block()
    site.journal.add(chat, "theirs", HI)
    assert (await reader.next()).data["text"] == "Hi"


@pytest.mark.parametrize("named", [True, False])
async def test_a_signal_of_another_process_wakes_the_stream(site: Site, named: bool) -> None:
    token, chat = await site.admit()
    reader = await site.listen(token)
    await reader.block()
    site.journal.add(chat, "theirs", HI)
    site.journal.wake(chat if named else "")
    assert (await reader.next()).data["text"] == "Hi"


async def test_a_quiet_stream_gives_a_sign_of_life(open_site: OpenSite) -> None:
    site = await open_site(heartbeat=0.02)
    token, _ = await site.admit()
    reader = await site.listen(token)
    assert [await reader.block() for _ in range(3)] == ["retry: 2000", ": still here", ": still here"]


async def test_nobody_hears_another_visitors_chat(site: Site) -> None:
    mine, my_chat = await site.admit("Maria")
    _, other_chat = await site.admit("Nils")
    reader = await site.listen(mine)
    await site.answers(other_chat, "for Nils")
    await site.answers(my_chat, "for Maria")
    assert (await reader.next()).data["text"] == "for Maria"


async def test_streams_end_in_order_when_the_channel_closes_and_no_new_ones_open(site: Site) -> None:
    token, chat = await site.admit()
    await site.answers(chat, "Hi")
    reader = await site.listen(token)
    await reader.next()
    await site.channel.close()
    with pytest.raises(EOFError):
        await reader.next()
    async with site.http.get("/web/events", headers=bearer(token)) as response:
        assert response.status == 503


async def test_one_stream_too_many_ends_the_oldest(site: Site) -> None:
    token, chat = await site.admit()
    readers = [await site.listen(token) for _ in range(11)]
    for reader in readers:
        await reader.block()
    await site.answers(chat, "Hi")
    assert [(await reader.next()).data["text"] for reader in readers[1:]] == ["Hi"] * 10
    with pytest.raises(EOFError):
        await readers[0].next()


async def test_quiet_streams_are_looked_after_together(open_site: OpenSite) -> None:
    site = await open_site(heartbeat=0.02)
    readers = [await site.listen((await site.admit())[0]) for _ in range(20)]
    for _ in range(3):
        for reader in readers:
            await reader.block()
    clock = asyncio.get_running_loop().time
    began, looks, sweeps = clock(), site.journal.looks, site.journal.sweeps
    while site.journal.sweeps < sweeps + 3:
        for reader in readers:
            assert await reader.block() == ": still here"
    assert site.journal.looks == looks
    assert site.journal.sweeps - sweeps <= (clock() - began) / 0.02 + 1  # one in each heartbeat, however many readers


async def test_readers_that_leave_are_forgotten(open_site: OpenSite) -> None:
    site = await open_site(heartbeat=0.01)
    token, chat = await site.admit()
    for _ in range(50):
        reader = await site.listen(token)
        reader.response.close()
    async with asyncio.timeout(10):
        while site.channel._streams._open:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (await site.say(token, "Still here"))[0] == 200
    assert len(site.journal.events[chat]) == 1


async def test_a_journal_that_cannot_be_read_ends_the_stream_and_refuses_the_next(site: Site) -> None:
    token, chat = await site.admit()
    reader = await site.listen(token)
    await reader.block()
    site.journal.broken = True
    await site.channel.typing(chat)
    with pytest.raises(EOFError):
        await reader.next()
    async with site.http.get("/web/events", headers=bearer(token)) as response:
        assert response.status == 503


async def test_a_journal_that_tells_nobody_what_is_newest_is_asked_once_and_ends_all_streams(
    open_site: OpenSite,
) -> None:
    site = await open_site(heartbeat=0.05)
    readers = [await site.listen((await site.admit(f"Visitor {number}"))[0]) for number in range(20)]
    for _ in range(3):
        for reader in readers:
            await reader.block()
    before, site.journal.broken = site.journal.sweeps, True
    for reader in readers:
        with pytest.raises(EOFError):
            await reader.next()
    assert site.journal.sweeps - before == 1


async def test_a_send_that_the_journal_refuses_is_to_be_tried_again(site: Site) -> None:
    _, chat = await site.admit()
    site.journal.broken = True
    with pytest.raises(TryLater):
        await site.answers(chat, "Hi")
    with pytest.raises(TryLater):
        await site.channel.edit(chat, "key-1", Part(ANA, "Hi"), "key-2")
    with pytest.raises(TryLater):
        await site.channel.delete(chat, "key-1", "key-3")


# -------------------------------------------------------------------------------------------------------------- floods


async def test_a_visitor_who_floods_is_slowed_down_and_forgiven(site: Site) -> None:
    token, _ = await site.admit()
    answers = [await site.say(token, "spam", f"m{number}") for number in range(45)]
    assert [status for status, _ in answers] == [200] * 40 + [429] * 5
    assert answers[-1][1]["error"]["code"] == "too_many"
    other, _ = await site.admit()
    assert (await site.say(other, "Hello"))[0] == 200
    site.later(1)
    assert (await site.say(token, "sorry", "m99"))[0] == 200


async def test_one_address_cannot_admit_a_crowd(site: Site) -> None:
    async def admits(address: str) -> int:
        async with site.http.post("/web/session", headers={"X-Forwarded-For": f"198.51.100.1, {address}"}) as response:
            assert response.status == 200 or int(response.headers["Retry-After"]) > 0
            return response.status

    assert [await admits("203.0.113.7") for _ in range(31)] == [200] * 30 + [429]
    assert await admits("203.0.113.8") == 200
    assert [await admits(f"2001:db8::{number}") for number in range(1, 32)] == [200] * 30 + [429]
    site.later(5)
    assert await admits("203.0.113.7") == 200


async def test_programs_on_this_machine_are_not_counted_by_address(site: Site) -> None:
    for _ in range(60):
        await site.admit()


# ------------------------------------------------------------------------------------------------------- other origins


async def test_without_a_list_any_site_may_call_with_a_token(site: Site) -> None:
    headers = {"Origin": "https://shop.example"}
    async with site.http.post("/web/session", headers=headers) as response:
        assert response.status == 200
        assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert "Access-Control-Allow-Credentials" not in response.headers
        token = (await response.json())["token"]
    reader = await site.listen(token, more=headers)
    assert reader.response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    async with site.http.post("/web/messages", headers=headers) as response:
        assert response.status == 401
        assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://shop.example", "https://shop.example.evil"])
async def test_with_a_list_strangers_sites_are_refused(open_site: OpenSite, origin: str) -> None:
    site = await open_site(origins=("https://shop.example",))
    for method, path in (("POST", "/web/session"), ("POST", "/web/messages"), ("GET", "/web/events")):
        async with site.http.request(method, path, headers={"Origin": origin}) as response:
            assert response.status == 403
            assert "Access-Control-Allow-Origin" not in response.headers
    assert site.journal.visitors == {}


async def test_with_a_list_the_listed_and_our_own_page_are_welcome(open_site: OpenSite) -> None:
    site = await open_site(origins=("https://shop.example",))
    for origin in ("https://shop.example", site.url):
        async with site.http.post("/web/session", headers={"Origin": origin}) as response:
            assert response.status == 200


async def test_a_preflight_is_answered(site: Site) -> None:
    headers = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    async with site.http.options("/web/messages", headers=headers) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert "Authorization" in response.headers["Access-Control-Allow-Headers"]


# --------------------------------------------------------------------------------------------------- page and settings


async def test_the_page_runs_our_script_and_nothing_else(open_site: OpenSite) -> None:
    site = await open_site(title='<script>"Acme" & Sons</script>', origins=("https://shop.example",))
    async with site.http.get("/chat") as response:
        policy = response.headers["Content-Security-Policy"]
        page = await response.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self' https://shop.example" in policy
    assert page.count("<script") == 1
    assert "&lt;script&gt;&quot;Acme&quot; &amp; Sons" in page


async def test_without_a_list_only_our_own_pages_may_frame_the_chat(site: Site) -> None:
    async with site.http.get("/chat") as response:
        assert response.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


async def test_the_script_is_small_and_fetched_once(site: Site) -> None:
    async with ClientSession(site.url, auto_decompress=False) as http:
        async with http.get("/widget.js") as response:
            assert response.status == 200
            assert response.content_type == "text/javascript"
            assert response.headers["Content-Encoding"] in ("gzip", "deflate")
            assert len(await response.read()) < 15_000
            tag = response.headers["ETag"]
        async with http.get("/widget.js", headers={"If-None-Match": tag}) as response:
            assert (response.status, response.headers["ETag"]) == (304, tag)
        async with http.get("/widget.js", headers={"If-None-Match": '"other"'}) as response:
            assert response.status == 200


async def test_settings_switch_it_off_and_say_what_is_wrong() -> None:
    async with ClientSession() as session:
        kit = Kit(session, Memory(), lambda: datetime.now(UTC), MemoryUploads())
        assert isinstance(from_settings({}, kit), Web)
        assert from_settings({"WEB_CHAT": "off"}, kit) is None
        for wrong in ({"WEB_CHAT": "maybe"}, {"WEB_ORIGINS": "example.com"}, {"WEB_ORIGINS": "https://a.example/x"}):
            with pytest.raises(WrongSetting, match=next(iter(wrong))):
                from_settings(wrong, kit)
        for wrong in ("https://", "https://a b", "https://*;script-src *", "ftp://a", "https://a:b", "https://u@a"):
            with pytest.raises(WrongSetting):
                from_settings({"WEB_ORIGINS": wrong}, kit)
        right = " https://Shop.example/, http://localhost:3000 ,https://b.example:443,"
        channel = from_settings({"WEB_ORIGINS": right}, kit)
    assert channel is not None
    assert channel._pages._policy.endswith("'self' http://localhost:3000 https://b.example https://shop.example")


async def test_it_is_a_customer_channel(site: Site) -> None:
    channel: CustomerChannel = site.channel
    assert (channel.name, channel.can.journal, channel.limit.length) == ("web", True, 4000)
    received: list[Received] = []

    async def receive(events: Any) -> list[Stored]:
        received.extend(events)
        return []

    await channel.run(receive)
    assert received == []
    assert urlsplit(site.url).scheme == "http"
