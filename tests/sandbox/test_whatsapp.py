"""The WhatsApp look-alike, over plain HTTP: sending, the window, the limits, and the signed webhooks."""

import hashlib
import hmac
from typing import Any

import aiohttp
import pytest

from bridge.sandbox.server import Sandbox
from bridge.sandbox.world import Fault

NUMBER = "106540352242922"
BEARER = {"Authorization": "Bearer EAAsandbox"}
SECRET = "app-secret"


@pytest.fixture
def send(http: aiohttp.ClientSession) -> Any:
    """Post to the messages call; the status and the body of the answer."""

    async def do(content: dict[str, Any], headers: dict[str, str] = BEARER) -> tuple[int, Any]:
        body = {"messaging_product": "whatsapp", **content}
        async with http.post(f"/whatsapp/v26.0/{NUMBER}/messages", json=body, headers=headers) as response:
            return response.status, await response.json()

    return do


@pytest.fixture
async def hook(http: aiohttp.ClientSession, receiver: Any) -> Any:
    settings = {"whatsapp": {"webhook_url": receiver.url, "app_secret": SECRET, "phone_number_id": NUMBER}}
    async with http.post("/_sandbox/connect", json=settings) as response:
        assert response.status == 200
    return receiver


@pytest.fixture
async def joe(act: Any, sandbox: Sandbox) -> str:
    """A customer who has written, so that the window is open; his number."""
    await act("whatsapp", "joe", "write", text="Hi")
    return sandbox.whatsapp.customers.of("joe").chat


def text(to: str, body: str = "hello", **more: Any) -> dict[str, Any]:
    return {"to": to, "type": "text", "text": {"body": body}, **more}


def value(payload: Any) -> Any:
    return payload["entry"][0]["changes"][0]["value"]


async def next_message(hook: Any) -> Any:
    return value(await hook.next_json())["messages"][0]


async def next_status(hook: Any) -> Any:
    return value(await hook.next_json())["statuses"][0]


async def test_a_customers_message_arrives_in_the_real_shape(act: Any, hook: Any) -> None:
    answer = await act("whatsapp", "joe", "write", text="Hi 😀")
    told = value(await hook.next_json())
    assert told["metadata"]["phone_number_id"] == NUMBER
    (message,), (contact,) = told["messages"], told["contacts"]
    assert (message["id"], message["type"], message["text"]) == (answer["id"], "text", {"body": "Hi 😀"})
    assert message["from"] == contact["wa_id"]
    assert message["from_user_id"] == contact["user_id"]
    assert contact["profile"]["name"] == "Joe"
    assert message["timestamp"].isdecimal()


async def test_the_signature_covers_the_bytes_that_were_sent(act: Any, hook: Any) -> None:
    await act("whatsapp", "joe", "write", text="Ünïcode 😀")
    request, body = await hook.next()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert request.headers["X-Hub-Signature-256"] == f"sha256={signature}"
    assert body.isascii()


async def test_somebody_who_hides_the_number_is_known_by_user_id_only(act: Any, hook: Any, send: Any) -> None:
    await act("whatsapp", "@shy_one", "write", text="Hi")
    told = value(await hook.next_json())
    assert "from" not in told["messages"][0]
    assert "wa_id" not in told["contacts"][0]
    assert told["contacts"][0]["profile"]["username"] == "shy_one"
    status, answer = await send({"recipient": told["messages"][0]["from_user_id"], "text": {"body": "Hello"}})
    assert status == 200
    assert answer["contacts"][0]["user_id"] == told["contacts"][0]["user_id"]


async def test_a_webhook_comes_again_until_it_is_taken(sandbox: Sandbox, act: Any, hook: Any) -> None:
    sandbox.world.set_speed(100)
    hook.statuses.extend([500, 404])
    await act("whatsapp", "joe", "write", text="one")
    await act("whatsapp", "joe", "write", text="two")
    assert [(await next_message(hook))["text"]["body"] for _ in range(4)] == ["one", "one", "one", "two"]


async def test_a_webhook_that_fails_does_not_hold_up_other_customers(act: Any, hook: Any) -> None:
    hook.statuses.append(500)
    await act("whatsapp", "joe", "write", text="one")
    assert (await next_message(hook))["text"]["body"] == "one"
    await act("whatsapp", "ann", "write", text="two")
    assert (await next_message(hook))["text"]["body"] == "two"


async def test_the_callback_url_is_verified_when_a_token_is_given(
    http: aiohttp.ClientSession, receiver: Any, sandbox: Sandbox, history: Any
) -> None:
    receiver.verify_token = "right"
    seen: list[str] = []
    for token in ("right", "wrong"):
        settings = {"webhook_url": receiver.url, "app_secret": SECRET, "verify_token": token}
        await http.post("/_sandbox/connect", json={"whatsapp": settings})
        while len(await history("whatsapp")) == len(seen):
            pass
        seen.append((await history("whatsapp"))[-1]["text"])
    assert seen == ["verified", "failed"]


async def test_an_answer_inside_the_window_is_accepted_sent_and_delivered(
    hook: Any, joe: str, send: Any, act: Any
) -> None:
    await next_message(hook)
    status, answer = await send(text(joe, biz_opaque_callback_data="outbox-7"))
    assert status == 200
    assert answer["contacts"] == [{"input": joe, "wa_id": joe, "user_id": f"US.{joe}"}]
    wamid = answer["messages"][0]["id"]
    await act("whatsapp", "joe", "read")
    told = [await next_status(hook) for _ in range(3)]
    assert [(t["id"], t["status"]) for t in told] == [(wamid, "sent"), (wamid, "delivered"), (wamid, "read")]
    assert {t["biz_opaque_callback_data"] for t in told} == {"outbox-7"}
    assert await act("whatsapp", "joe", "read") == {"ok": True, "id": None, "error": None}  # nothing is left to read
    assert told[0]["recipient_id"] == joe


async def test_outside_the_window_only_templates_go(sandbox: Sandbox, joe: str, send: Any) -> None:
    sandbox.world.set_speed(1_000_000)
    await sandbox.world.sleep(24 * 3600 + 1)
    status, answer = await send(text(joe))
    assert (status, answer["error"]["code"]) == (400, 131047)
    template = {"to": joe, "type": "template", "template": {"name": "hello", "language": {"code": "en"}}}
    status, answer = await send(template)
    assert (status, answer["messages"][0]["message_status"]) == (200, "accepted")


@pytest.mark.parametrize(
    ("name", "language", "values", "answer"),
    [
        ("parcel_found", "en", ["Joe", "MK-1"], "accepted"),
        ("still_there", "en_US", {"subject": "teapots", "customer_name": "Joe"}, "accepted"),
        ("parcel_found", "fr", ["Joe", "MK-1"], 132001),
        ("nothing_like_it", "en", [], 132001),
        ("new_hours", "en", ["9", "5"], 132001),  # not approved yet
        ("parcel_found", "en", ["Joe"], 132000),
        ("hello", "en", ["Joe"], 132000),
        ("still_there", "en_US", ["Joe", "teapots"], 132012),  # its places have names
        ("parcel_found", "en", ["Joe\nDoe", "MK-1"], 132012),
        ("parcel_found", "en", ["", "MK-1"], 132012),
        ("spring_sale", "en", ["Monday"], 132012),  # it begins with a picture
        ("parcel_found", "en", ["Joe" * 400, "MK-1"], 132005),
        ("refund_done", "en", ["20"], 132015),
    ],
)
async def test_a_template_is_checked(joe: str, send: Any, name: str, language: str, values: Any, answer: Any) -> None:
    named = values.items() if isinstance(values, dict) else ((None, value) for value in values)
    given = [{"type": "text", "text": value} | ({"parameter_name": key} if key else {}) for key, value in named]
    template = {"name": name, "language": {"code": language}, "components": [{"type": "body", "parameters": given}]}
    _, told = await send({"to": joe, "type": "template", "template": template})
    assert told["messages"][0]["message_status"] == answer if answer == "accepted" else told["error"]["code"] == answer


async def test_templates_are_listed_page_by_page(http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    async def page(url: str, **query: Any) -> Any:
        async with http.get(url, params=query, headers=BEARER) as response:
            return response.status, await response.json()

    listed = f"/whatsapp/v26.0/{NUMBER}/message_templates"
    approved = [(it.name, it.language) for it in sandbox.whatsapp.templates.all if it.status == "APPROVED"]
    _, first = await page(listed, status="APPROVED", limit=3)
    _, second = await page(first["paging"]["next"])
    assert [(it["name"], it["language"]) for it in first["data"] + second["data"]] == approved
    assert "next" not in second["paging"]
    _, everything = await page(listed)
    assert len(everything["data"]) == len(sandbox.whatsapp.templates.all)
    assert everything["data"][1]["components"][-1]["text"].startswith("Hello {{1}}")
    assert (await page(listed, limit="x"))[0] == 400


async def test_a_stranger_cannot_be_written_to_freely_and_a_template_fails_later(hook: Any, send: Any) -> None:
    assert (await send(text("4915112345678")))[1]["error"]["code"] == 131047
    template = {"to": "4915112345678", "type": "template", "template": {"name": "hello", "language": {"code": "en"}}}
    assert (await send(template))[0] == 200
    failed = await next_status(hook)
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131026)


async def test_a_message_to_somebody_who_blocked_the_business_fails_later(
    act: Any, hook: Any, joe: str, send: Any
) -> None:
    await next_message(hook)
    await act("whatsapp", "joe", "block")
    assert (await send(text(joe)))[0] == 200
    failed = await next_status(hook)
    assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131026)
    assert (await act("whatsapp", "joe", "write", text="x"))["error"] == "blocked"
    await act("whatsapp", "joe", "unblock")
    await send(text(joe))
    assert (await next_status(hook))["status"] == "sent"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"text": {"body": "x" * 4097}}, 100),
        ({"text": {"body": ""}}, 100),
        ({"text": "x"}, 100),
        ({"type": "nonsense", "nonsense": {}}, 100),
        ({"type": "image", "image": {"id": "unknown"}}, 100),
        ({"type": "image", "image": {}}, 131008),
        ({"type": "reaction", "reaction": {"message_id": "wamid.unknown", "emoji": "👍"}}, 131009),
        ({"text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513}, 100),
        ({"type": "interactive", "interactive": {"type": "button", "body": {"text": "x"}, "action": {}}}, 131009),
    ],
)
async def test_wrong_content_is_refused(joe: str, send: Any, history: Any, content: Any, code: int) -> None:
    status, answer = await send({"to": joe, **content})
    assert (status, answer["error"]["code"]) == (400, code)
    assert answer["error"]["fbtrace_id"]
    assert (await history("whatsapp"))[-1]["kind"] == "rejected"


async def test_a_request_without_product_or_receiver_or_json_is_refused(http: aiohttp.ClientSession, send: Any) -> None:
    assert (await send({"messaging_product": "x", "to": "1"}))[1]["error"]["code"] == 100
    assert (await send({"text": {"body": "x"}}))[1]["error"]["code"] == 100
    async with http.post(f"/whatsapp/v26.0/{NUMBER}/messages", data=b"{", headers=BEARER) as response:
        assert response.status == 400


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer "}, {"Authorization": "Basic x"}])
async def test_a_bearer_token_is_needed(send: Any, headers: dict[str, str]) -> None:
    status, answer = await send(text("1"), headers)
    assert (status, answer["error"]["code"], answer["error"]["type"]) == (401, 190, "OAuthException")


async def test_one_customer_takes_a_burst_of_45_and_then_one_message_in_six_seconds(
    sandbox: Sandbox, joe: str, send: Any
) -> None:
    sandbox.world.set_speed(0.001)  # so that the bucket does not fill again while we send
    assert {(await send(text(joe)))[0] for _ in range(45)} == {200}
    assert (await send(text(joe)))[1]["error"]["code"] == 131056
    sandbox.world.set_speed(1000)
    await sandbox.world.sleep(6)
    assert (await send(text(joe)))[0] == 200


async def test_the_number_takes_eighty_messages_a_second_in_and_out(sandbox: Sandbox, act: Any, send: Any) -> None:
    sandbox.world.set_speed(0.001)
    for number in range(10):
        await act("whatsapp", f"1555000000{number}", "write", text="Hi")
    for number in range(70):
        assert (await send(text(f"1555000000{number % 10}")))[0] == 200
    status, answer = await send(text("15550000001"))
    assert (status, answer["error"]["code"]) == (429, 130429)


async def test_a_press_comes_back_with_what_was_pressed(act: Any, hook: Any, joe: str, send: Any) -> None:
    await next_message(hook)
    buttons = [{"type": "reply", "reply": {"id": "yes", "title": "Yes, please"}}]
    interactive = {"type": "button", "body": {"text": "Sure?"}, "action": {"buttons": buttons}}
    sent = (await send({"to": joe, "type": "interactive", "interactive": interactive}))[1]["messages"][0]["id"]
    assert (await act("whatsapp", "joe", "press", sent, data="no"))["error"] == "no_such_button"
    await act("whatsapp", "joe", "press", sent, data="yes")
    assert [(await next_status(hook))["status"] for _ in range(2)] == ["sent", "delivered"]
    message = await next_message(hook)
    assert message["interactive"]["button_reply"] == {"id": "yes", "title": "Yes, please"}
    assert message["context"]["id"] == sent


async def test_reactions_go_both_ways(act: Any, hook: Any, joe: str, send: Any, sandbox: Sandbox) -> None:
    first = (await next_message(hook))["id"]
    reaction = {"to": joe, "type": "reaction", "reaction": {"message_id": first, "emoji": "👍"}}
    assert (await send(reaction))[0] == 200
    assert sandbox.whatsapp.view()["chats"][0]["messages"][0]["reactions"] == ["👍"]
    assert [(await next_status(hook))["status"] for _ in range(2)] == ["sent", "delivered"]
    await act("whatsapp", "joe", "react", first, emoji="❤")
    assert (await next_message(hook))["reaction"] == {"message_id": first, "emoji": "❤"}


async def test_a_reply_names_the_message_that_it_answers(act: Any, hook: Any, joe: str, send: Any) -> None:
    await next_message(hook)
    sent = (await send(text(joe)))[1]["messages"][0]["id"]
    await act("whatsapp", "joe", "write", text="to that", reply_to=sent)
    assert [(await next_status(hook))["status"] for _ in range(2)] == ["sent", "delivered"]
    assert (await next_message(hook))["context"]["id"] == sent


async def test_marking_as_read_shows_typing_and_needs_a_received_message(
    hook: Any, joe: str, send: Any, sandbox: Sandbox
) -> None:
    first = (await next_message(hook))["id"]
    read = {"status": "read", "message_id": first, "typing_indicator": {"type": "text"}}
    assert await send(read) == (200, {"success": True})
    assert sandbox.whatsapp.view()["chats"][0]["typing"]
    sent = (await send(text(joe)))[1]["messages"][0]["id"]
    assert not sandbox.whatsapp.view()["chats"][0]["typing"]
    for unknown in ("wamid.unknown", sent):
        assert (await send({"status": "read", "message_id": unknown}))[1]["error"]["code"] == 131009


async def test_media_go_both_ways(act: Any, http: aiohttp.ClientSession, hook: Any, joe: str, send: Any) -> None:
    await next_message(hook)
    form = aiohttp.FormData({"messaging_product": "whatsapp", "type": "image/png"})
    form.add_field("file", b"\x89PNG", filename="a.png", content_type="image/png")
    async with http.post(f"/whatsapp/v26.0/{NUMBER}/media", data=form, headers=BEARER) as response:
        media = (await response.json())["id"]
    assert (await send({"to": joe, "type": "image", "image": {"id": media, "caption": "see"}}))[0] == 200
    assert [(await next_status(hook))["status"] for _ in range(2)] == ["sent", "delivered"]
    await act("whatsapp", "joe", "send_file", filename="b.pdf", content="pdf!", text="mine")
    document = (await next_message(hook))["document"]
    assert (document["filename"], document["caption"], document["mime_type"]) == ("b.pdf", "mine", "application/pdf")
    async with http.get(f"/whatsapp/v26.0/{document['id']}", headers=BEARER) as response:
        address = (await response.json())["url"]
    async with aiohttp.request("GET", address, headers=BEARER) as response:
        assert await response.read() == b"pdf!"
    async with aiohttp.request("GET", address) as response:
        assert response.status == 401


async def test_the_number_can_be_looked_up(http: aiohttp.ClientSession) -> None:
    async with http.get(f"/whatsapp/v26.0/{NUMBER}", headers=BEARER) as response:
        assert (await response.json())["id"] == NUMBER
    async with http.get("/whatsapp/v26.0/nobody", headers=BEARER) as response:
        assert response.status == 400


async def test_edits_and_deletions_are_never_told(act: Any, hook: Any, history: Any) -> None:
    written = await act("whatsapp", "joe", "write", text="oops")
    await act("whatsapp", "joe", "edit", written["id"], "ups")
    await act("whatsapp", "joe", "delete", written["id"])
    await act("whatsapp", "joe", "write", text="next")
    assert [(await next_message(hook))["text"]["body"] for _ in range(2)] == ["oops", "next"]
    assert [e["kind"] for e in await history("whatsapp")] == ["message", "edited_message", "deleted_message", "message"]


async def test_an_answer_that_is_lost_after_it_was_accepted_is_proved_by_its_status(
    sandbox: Sandbox, hook: Any, joe: str, send: Any
) -> None:
    await next_message(hook)
    sandbox.world.faults.append(Fault("whatsapp", "messages", "drop_after_accept", times=1))
    with pytest.raises(aiohttp.ClientConnectionError):
        await send(text(joe, biz_opaque_callback_data="outbox-8"))
    assert (await next_status(hook))["biz_opaque_callback_data"] == "outbox-8"


async def test_faults_of_a_call_have_the_platforms_codes(sandbox: Sandbox, joe: str, send: Any) -> None:
    for fault, status, code in (("429", 429, 130429), ("500", 500, 131016)):
        sandbox.world.faults.append(Fault("whatsapp", "messages", fault, times=1))
        got, answer = await send(text(joe))
        assert (got, answer["error"]["code"]) == (status, code)


async def test_webhooks_are_doubled_and_swapped_as_told(sandbox: Sandbox, act: Any, hook: Any) -> None:
    sandbox.world.faults.append(Fault("whatsapp", "message", "duplicate", times=1))
    sandbox.world.faults.append(Fault("whatsapp", "events", "reorder", times=1))
    for word in ("one", "two", "three"):
        await act("whatsapp", "joe", "write", text=word)
    told = [(await next_message(hook))["text"]["body"] for _ in range(4)]
    assert told == ["one", "one", "three", "two"]


async def test_the_history_holds_requests_and_webhooks(joe: str, send: Any, history: Any) -> None:
    await send(text(joe, "hello"))
    written, sent, *statuses = await history("whatsapp")
    assert (written["kind"], written["author"], written["chat"], written["text"]) == ("message", "joe", joe, "Hi")
    assert (sent["kind"], sent["direction"], sent["text"], sent["raw"]["type"]) == ("messages", "out", "hello", "text")
    assert [(s["kind"], s["text"], s["id"]) for s in statuses] == [
        ("status", "sent", sent["id"]),
        ("status", "delivered", sent["id"]),
    ]
