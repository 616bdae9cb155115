"""WhatsApp against the sandbox's Cloud API, and against a server that answers as told."""

import asyncio
import gzip
import hashlib
import hmac
import json
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, test_utils, web
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.content import Author, Part, Presence
from bridge.customer_channels.whatsapp import WhatsApp, from_settings
from bridge.customer_channels.whatsapp.events import read
from bridge.errors import TryLater, Uncertain, Undeliverable, WindowShut, WrongSetting
from bridge.files import File
from bridge.ports import Corrected, Echoed, Ignored, Kit, Noticed, Reacted, Receipt, Said, Troubled, Withdrawn
from bridge.sandbox.server import Sandbox
from bridge.sandbox.world import Fault

if TYPE_CHECKING:
    from conftest import Inbox, Stand

ANA = Author("agent", "Ana")
OURS = "106540352242922"
NOWHERE = "http://127.0.0.1:9"
SETTINGS = {
    "WHATSAPP_TOKEN": "EAAtoken",
    "WHATSAPP_PHONE_NUMBER_ID": OURS,
    "WHATSAPP_APP_SECRET": "app-s3cret",
    "WHATSAPP_VERIFY_TOKEN": "verify-me",
}
MARIA = {"profile": {"name": "Maria Silva"}, "wa_id": "351911222333", "user_id": "PT.77"}


def channel(kit: Kit, url: str = NOWHERE, **env: str) -> WhatsApp:
    made = from_settings({**SETTINGS, "WHATSAPP_API_URL": url, **env}, kit)
    assert made
    return made


def part(text: str, *choices: str) -> Part:
    return Part(ANA, text, choices)


def webhook(*changes: Any) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [*changes]}]}


def change(field: str = "messages", **value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550001111", "phone_number_id": OURS}
    return {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}


def written(kind: str, content: Any, contact: Any = MARIA, **fields: Any) -> dict[str, Any]:
    message = {"from": "351911222333", "id": "wamid.A", "timestamp": "1763700000", "type": kind, kind: content}
    return change(contacts=[contact], messages=[{**message, **fields}])


def status(state: str, **fields: Any) -> dict[str, Any]:
    return change(statuses=[{"id": "wamid.B", "status": state, "timestamp": "1763700001", **fields}])


def event(changed: dict[str, Any]) -> Any:
    [received] = read(webhook(changed), OURS)
    return received.event


# ---------------------------------------------------------------------------------------------------- reading webhooks


def test_a_message_tells_who_said_what_and_when() -> None:
    at = datetime.fromtimestamp(1_763_700_000, UTC)
    said = Said("351911222333", "Maria Silva", "wamid.A", "Hello", at, verified="+351911222333", also="PT.77")
    assert event(written("text", {"body": "Hello"})) == said


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("button", {"payload": "p", "text": "Yes"}, "Yes"),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "b", "title": "Yes"}}, "Yes"),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "Yes, please", "title": "Yes, …"}}, "Yes, please"),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "3", "title": "And so on…"}}, "And so on…"),
    ],
)
def test_a_choice_is_said_with_its_words(kind: str, content: Any, text: str) -> None:
    said = event(written(kind, content))
    assert (said.text, said.unsupported) == (text, "")


@pytest.mark.parametrize(
    ("kind", "content", "text", "unsupported"),
    [
        ("image", {"caption": "It is broken"}, "It is broken", "image"),
        ("audio", {"id": 7, "voice": True}, "", "voice message"),
        ("contacts", [{"name": {}}], "", "contact"),
        ("location", {"latitude": "here"}, "", "location"),
        ("order", {"product_items": []}, "", "order"),
        ("ephemeral", {}, "", "disappearing message"),
        ("unsupported", {"type": "poll_creation"}, "", "poll creation"),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}, "", "form"),
        ("unsupported", None, "", "message of an unknown kind"),
        ("new_kind", {}, "", "new kind"),
    ],
)
def test_what_cannot_be_shown_is_named(kind: str, content: Any, text: str, unsupported: str) -> None:
    said = event(written(kind, content))
    assert (said.text, said.unsupported) == (text, unsupported)


@pytest.mark.parametrize(
    ("kind", "content", "file"),
    [
        ("image", {"id": "1", "mime_type": "image/png"}, File("photo", "", "image/png", 0, "1")),
        ("audio", {"id": "1", "voice": True, "mime_type": "audio/ogg"}, File("voice", "", "audio/ogg", 0, "1")),
        ("document", {"id": "1", "filename": "a.pdf"}, File("file", "a.pdf", "application/octet-stream", 0, "1")),
        ("sticker", {"id": "1", "mime_type": "image/webp"}, File("sticker", "", "image/webp", 0, "1")),
    ],
)
def test_a_file_is_told_with_how_to_fetch_it(kind: str, content: Any, file: File) -> None:
    said = event(written(kind, {**content, "caption": "It is broken"}))
    assert (said.text, said.files, said.unsupported) == ("It is broken", (file,), "")


def test_an_edit_names_its_message_and_stands_in_for_one_that_it_overtook() -> None:
    content = {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "Hallo"}}}
    stand_in, edited = read(webhook(written("edit", content)), OURS)
    assert edited.event == Corrected("351911222333", "wamid.0", "Hallo")
    assert stand_in.keys == read(webhook(written("text", {"body": "Hello"}, id="wamid.0")), OURS)[0].keys
    assert isinstance(stand_in.event, Said)
    assert (stand_in.event.text, stand_in.event.id) == ("Hallo", "wamid.0")


def test_an_edit_that_cannot_be_shown_says_so_and_is_never_blank() -> None:
    content = {"original_message_id": "wamid.0", "message": {"type": "new_kind", "new_kind": {}}}
    stand_in, edited = read(webhook(written("edit", content)), OURS)
    assert edited.event == Corrected("351911222333", "wamid.0", "", ("[unsupported: new kind]",))
    assert isinstance(stand_in.event, Said)
    assert (stand_in.event.about, stand_in.event.unsupported) == ((), "new kind")


def test_a_deletion_names_its_message_and_keeps_away_one_that_it_overtook() -> None:
    never, deleted = read(webhook(written("revoke", {"original_message_id": "wamid.0"})), OURS)
    assert deleted.event == Withdrawn("351911222333", "wamid.0")
    assert never.keys == read(webhook(written("text", {"body": "Hello"}, id="wamid.0")), OURS)[0].keys
    assert isinstance(never.event, Ignored)
    assert isinstance(event(written("revoke", {})), Ignored)


MAP = "https://www.google.com/maps/search/?api=1&query="
FORM = {"name": "flow", "response_json": '{"flow_token": "x", "city": "Lisbon", "boxes": [1, 2]}'}
ITEM = {"product_retailer_id": "tea-5", "quantity": 2, "item_price": 9.5, "currency": "EUR"}


@pytest.mark.parametrize(
    ("kind", "content", "text", "lines"),
    [
        (
            "location", {"latitude": 38.7223, "longitude": -9.1393, "name": "Moss", "address": "1 Main street"}, "",
            ("Location: Moss, 1 Main street (38.72230, -9.13930)", f"{MAP}38.72230,-9.13930"),
        ),
        (
            "contacts",
            [
                {"name": {"formatted_name": "Bo Lind"}, "phones": [{"phone": "+46 70"}, {"phone": "+46 8"}]},
                {"name": {"first_name": "Eva"}, "emails": [{"email": "eva@example.com"}]},
            ],
            "", ("Contact: Bo Lind, +46 70, +46 8", "Contact: Eva, eva@example.com"),
        ),
        ("order", {"text": "Quickly", "product_items": [ITEM, {}]}, "Quickly",
            ("Order:", "- 2 × tea-5 · 9.5 EUR", "- ? × ?")),
        ("interactive", {"type": "nfm_reply", "nfm_reply": FORM}, "",
            ("Form: flow", "- city: Lisbon", "- boxes: [1, 2]")),
    ],
)  # fmt: skip
def test_what_is_neither_text_nor_a_file_is_told_in_lines(kind: str, content: Any, text: str, lines: Any) -> None:
    said = event(written(kind, content))
    assert (said.text, said.about, said.unsupported) == (text, lines, "")


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({"context": {"forwarded": True}}, ("Forwarded",)),
        ({"context": {"forwarded": True, "frequently_forwarded": True}}, ("Forwarded many times",)),
        ({"context": {"referred_product": {"product_retailer_id": "tea-5"}}}, ("About the product tea-5",)),
        (
            {"referral": {"headline": "Spring teas", "source_url": "https://fb.me/x"}},
            ("Came by an advertisement: Spring teas", "https://fb.me/x"),
        ),
        ({"referral": {"source_type": "ad"}}, ("Came by an advertisement",)),
    ],
)
def test_what_is_around_a_message_is_told_in_a_line(fields: Any, lines: tuple[str, ...]) -> None:
    assert event(written("text", {"body": "Hello"}, **fields)).about == lines


def test_a_reply_names_its_message_and_a_choice_needs_none() -> None:
    context = {"context": {"from": "15550001111", "id": "wamid.Q"}}
    assert event(written("text", {"body": "That one"}, **context)).answers == "wamid.Q"
    assert event(written("button", {"text": "Yes"}, **context)).answers == ""


def test_a_reaction_names_its_message_and_without_an_emoji_it_is_taken_back() -> None:
    at = datetime.fromtimestamp(1_763_700_000, UTC)
    for content, emoji in (({"emoji": "👍"}, "👍"), ({"emoji": ""}, ""), ({}, "")):
        reacted = event(written("reaction", {"message_id": "wamid.Q", **content}))
        assert reacted == Reacted("351911222333", "wamid.Q", emoji, at)


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        ("system", {"type": "user_changed_number", "wa_id": "4670"}, "now writes from another number: 4670."),
        ("system", {"type": "customer_identity_changed"}, "on another phone, or somebody else"),
        ("system", {"body": "Something new"}, "WhatsApp says: Something new"),
        ("request_welcome", None, "The customer opened the chat."),
    ],
)
def test_what_whatsapp_tells_of_a_customer_is_a_notice(kind: str, content: Any, told: str) -> None:
    noticed = event(written(kind, content))
    assert isinstance(noticed, Noticed)
    assert told in noticed.text
    assert noticed.name == ("Maria Silva" if kind == "request_welcome" else "")


def echo(kind: str, content: Any, **fields: Any) -> dict[str, Any]:
    message = {"from": "15550001111", "to": "351911222333", "id": "wamid.E", "timestamp": "1763700000", "type": kind}
    return change("smb_message_echoes", contacts=[MARIA], message_echoes=[{**message, kind: content, **fields}])


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("text", {"body": "I have sent it"}, "I have sent it"),
        ("image", {"id": "1", "caption": "The label"}, "The label\n[photo]"),
        ("location", {"latitude": 1, "longitude": 2}, f"Location: 1.00000, 2.00000\n{MAP}1.00000,2.00000"),
        ("new_kind", {}, "[unsupported: new kind]"),
    ],
)
def test_what_the_team_writes_in_whatsapps_app_is_the_teams(kind: str, content: Any, text: str) -> None:
    at = datetime.fromtimestamp(1_763_700_000, UTC)
    assert event(echo(kind, content)) == Echoed("351911222333", "Maria Silva", "wamid.E", text, at)


@pytest.mark.parametrize(("kind", "did"), [("revoke", "deleted"), ("edit", "changed"), ("reaction", "reacted to")])
def test_what_else_the_team_does_in_whatsapps_app_answers_nobody(kind: str, did: str) -> None:
    at = datetime.fromtimestamp(1_763_700_000, UTC)
    assert event(echo(kind, {})) == Noticed("351911222333", f"The team {did} a message in WhatsApp's app.", at)


def test_a_complaint_about_our_account_is_told_in_words() -> None:
    assert event(change(errors=[{"code": 131031}])) == Troubled(
        "WhatsApp has restricted or locked the business account."
    )


def test_a_customer_who_hides_the_number_is_known_by_the_user_id() -> None:
    hidden = {"profile": {"name": "", "username": "maria"}, "user_id": "PT.77"}
    raw = written("text", {"body": "Hello"}, hidden, from_user_id="PT.77")
    del raw["value"]["messages"][0]["from"]
    said = event(raw)
    assert (said.chat, said.name) == ("PT.77", "maria")


def test_what_came_to_another_number_of_the_same_app_is_kept_without_effect() -> None:
    for changed in (written("text", {"body": "Hello"}), status("sent")):
        changed["value"]["metadata"]["phone_number_id"] = "999"
        assert event(changed) == Ignored("another number")


@pytest.mark.parametrize("state", ["sent", "delivered", "read"])
def test_a_status_brings_our_key_back(state: Any) -> None:
    assert event(status(state, biz_opaque_callback_data="k1")) == Receipt(state, "wamid.B", "k1")


def test_a_voice_message_that_was_played_was_read() -> None:
    assert event(status("played")) == Receipt("read", "wamid.B")


def test_a_failure_says_why_in_words() -> None:
    receipt = event(status("failed", errors=[{"code": 131047, "title": "Re-engagement message"}]))
    assert receipt.reason.startswith("More than 24 hours have passed")
    for code in (0, 4, 190, 131000, 131056, 132001, 132015, 133016, 137000):
        assert "code" not in event(status("failed", errors=[{"code": code}])).reason
    assert receipt.shut
    assert not event(status("failed", errors=[{"code": 131026}])).shut
    assert event(status("failed", errors=[{"code": 99}])).reason == "WhatsApp could not deliver it (code 99)."
    assert event(status("failed", errors="?")).reason == "WhatsApp could not deliver it."


def test_everything_in_one_webhook_is_read_in_its_order() -> None:
    two = change(
        contacts=[MARIA, {"profile": {"name": "Bo"}, "wa_id": "4670"}],
        messages=[
            {"from": "351911222333", "id": "wamid.1", "timestamp": "1", "type": "text", "text": {"body": "one"}},
            {"from": "4670", "id": "wamid.2", "timestamp": "1", "type": "text", "text": {"body": "two"}},
        ],
    )
    body = webhook(two, status("sent"))
    body["entry"].append({"changes": [status("read"), change("account_update", event="ACCOUNT_DELETED")]})
    received = read(body, OURS)
    assert [one.event.name for one in received if isinstance(one.event, Said)] == ["Maria Silva", "Bo"]
    assert [one.keys for one in received][:4] == [
        ("whatsapp:wamid.1",),
        ("whatsapp:wamid.2",),
        ("whatsapp:status:wamid.B:sent",),
        ("whatsapp:status:wamid.B:read",),
    ]
    assert received[4].event == Ignored("another change")


@pytest.mark.parametrize(
    "changed",
    [
        5,
        {},
        change("smb_message_echoes", message_echoes=[{}]),
        change("smb_message_echoes", message_echoes=[{"id": "wamid.E", "type": "text", "timestamp": "1"}]),
        change("smb_message_echoes"),
        change("account_update", errors=[{"code": 130429}]),
        written("reaction", {"emoji": "👍"}),
        change(messages=[5]),
        change(messages=[{"id": "wamid.A"}]),
        change(messages=[{"id": "wamid.A", "type": "text", "timestamp": "99999999999999999999"}]),
        change(messages=[{"id": "wamid.A", "type": "text", "timestamp": "1", "text": {"body": "who?"}}]),
        change(statuses=[{"id": "wamid.A", "status": "warning"}]),
    ],
)
def test_what_we_do_not_know_is_kept(changed: Any) -> None:
    [received] = read(webhook(changed), OURS)
    assert isinstance(received.event, Ignored)
    assert received.keys


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
types = st.sampled_from(
    [
        *("text", "image", "interactive", "button", "edit", "reaction", "audio"),
        *("contacts", "order", "location", "system"),
    ]
)
contents = json_values | st.dictionaries(
    st.sampled_from(["type", "body", "caption", "title", "id", "message", "original_message_id", "list_reply"]),
    json_values,
)
messages = st.builds(
    lambda kind, content, more: {"id": "wamid.A", "timestamp": "1", "from": "1", "type": kind, kind: content, **more},
    types,
    contents,
    st.dictionaries(st.sampled_from(["id", "timestamp", "from", "type", "from_user_id"]), json_values, max_size=2),
)
payloads = st.builds(
    lambda said, told, people: webhook(change(messages=said, statuses=told, contacts=people)),
    st.lists(messages | json_values, max_size=3) | json_values,
    st.lists(json_values, max_size=2) | json_values,
    json_values,
)


@given(payload=payloads | st.dictionaries(st.sampled_from(["entry", "object"]), json_values))
def test_every_payload_can_be_stored(payload: Any) -> None:
    assert all(received.keys for received in read(payload, OURS))


# ------------------------------------------------------------------------------------------------------------- webhook


def signed(body: bytes, secret: str = "app-s3cret") -> dict[str, str]:
    return {"X-Hub-Signature-256": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


async def listening(kit: Kit, inbox: "Inbox", stand: "Stand") -> str:
    return await stand.serve(channel(kit).routes(inbox.receive)) + "/whatsapp/webhook"


async def post(kit: Kit, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    async with kit.session.post(url, data=BytesIO(body), headers=headers) as response:
        return response.status, await response.text()


HELLO = json.dumps(webhook(written("text", {"body": "Hello \U0001f600"}))).encode()


async def test_meta_s_handshake_is_answered_with_its_challenge(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    url = await listening(kit, inbox, stand)
    sandbox.whatsapp.connect({"webhook_url": url, "app_secret": "app-s3cret", "verify_token": "verify-me"})
    async with asyncio.timeout(10):
        async for _ in sandbox.world.changes():
            if sandbox.world.history:
                break
    assert [(entry.kind, entry.text) for entry in sandbox.world.history] == [("verification", "verified")]


@pytest.mark.parametrize(
    ("query", "due"),
    [
        ({"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "5"}, 403),
        ({"hub.mode": "unsubscribe", "hub.verify_token": "verify-me", "hub.challenge": "5"}, 403),
        ({"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "<script>"}, 400),
        ({"hub.verify_token": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")}, 403),
        ({}, 403),
    ],
)
async def test_a_wrong_handshake_is_refused(
    query: dict[str, str], due: int, kit: Kit, inbox: "Inbox", stand: "Stand"
) -> None:
    async with kit.session.get(await listening(kit, inbox, stand), params=query) as response:
        assert response.status == due
        assert "script" not in await response.text()


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Hub-Signature-256": "sha256=ü"}, {"X-Hub-Signature-256": ""}, signed(HELLO, "other"), signed(b"other")],
)
async def test_a_webhook_without_the_right_signature_has_no_effect(
    headers: dict[str, str], kit: Kit, inbox: "Inbox", stand: "Stand", logged: Any
) -> None:
    code, answer = await post(kit, await listening(kit, inbox, stand), HELLO, headers)
    assert code == 401
    assert json.loads(answer)["error"]["code"] == "not_authentic"
    assert inbox.tries == 0
    assert [line["event"] for line in logged] == ["webhook.rejected"]
    assert "Hello" not in str(logged)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"])
async def test_a_malformed_webhook_has_no_effect(body: bytes, kit: Kit, inbox: "Inbox", stand: "Stand") -> None:
    code, answer = await post(kit, await listening(kit, inbox, stand), body, signed(body))
    assert code == 400
    assert json.loads(answer) == {"error": {"code": "malformed", "message": "The body is not a JSON object."}}
    assert inbox.tries == 0


async def test_an_oversized_webhook_has_no_effect(kit: Kit, inbox: "Inbox", stand: "Stand") -> None:
    url = await listening(kit, inbox, stand)
    body = b" " * (3 * 1_048_576 + 1)
    assert (await post(kit, url, body, signed(body)))[0] == 413
    bomb = gzip.compress(body)
    assert (await post(kit, url, bomb, {**signed(body), "Content-Encoding": "gzip"}))[0] == 413
    assert (await post(kit, url, b"no gzip", {"Content-Encoding": "gzip"}))[0] == 400
    assert inbox.tries == 0


async def test_a_large_webhook_is_taken_whole_and_at_once(kit: Kit, inbox: "Inbox", stand: "Stand") -> None:
    many = [written("text", {"body": "x" * 1500}, id=f"wamid.{number}") for number in range(1500)]
    body = json.dumps(webhook(*many)).encode()
    assert len(body) > 2_500_000
    assert (await post(kit, await listening(kit, inbox, stand), body, signed(body)))[0] == 200
    assert [len(batch) for batch in inbox.batches] == [1500]


async def test_a_webhook_that_cannot_be_stored_is_asked_for_again(kit: Kit, inbox: "Inbox", stand: "Stand") -> None:
    inbox.failures = 1
    url = await listening(kit, inbox, stand)
    assert (await post(kit, url, HELLO, signed(HELLO)))[0] == 503
    assert [(await post(kit, url, HELLO, signed(HELLO)))[0] for _ in range(2)] == [200, 200]
    assert [said.text for said in await inbox.has(1)] == ["Hello \U0001f600"]
    assert len(inbox.events) == 1


@settings(max_examples=60, deadline=None)
@given(body=payloads.map(json.dumps).map(str.encode) | json_values.map(json.dumps).map(str.encode) | st.binary())
def test_no_webhook_makes_us_fail(body: bytes) -> None:
    async def fuzz() -> int:
        async def receive(received: Any) -> Any:
            return []

        async with ClientSession() as session:
            app = web.Application()
            kit = Kit(session, None, lambda: datetime.now(UTC), None)  # type: ignore[arg-type]
            app.add_routes(channel(kit).routes(receive))  # type: ignore[arg-type]
            async with test_utils.TestServer(app) as server:
                return (await post(kit, str(server.make_url("/whatsapp/webhook")), body, signed(body)))[0]

    assert asyncio.run(fuzz()) in (200, 400)


# ------------------------------------------------------------------------------------------------------------- sending


async def connected(kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand") -> WhatsApp:
    whatsapp = channel(kit, f"{sandbox_url}/whatsapp")
    url = await stand.serve(whatsapp.routes(inbox.receive))
    sandbox.whatsapp.connect({"webhook_url": f"{url}/whatsapp/webhook", "app_secret": "app-s3cret"})
    return whatsapp


async def test_statuses_tell_what_became_of_a_message_by_our_key(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    whatsapp = await connected(kit, sandbox, sandbox_url, inbox, stand)
    await sandbox.act("whatsapp", "351911222333", "write", text="Hello")
    [said] = await inbox.has(1)
    sent = await whatsapp.send(said.chat, part("How can I help?"), "k1")
    await sandbox.act("whatsapp", "351911222333", "read")
    assert (await inbox.has(4))[1:] == [Receipt(state, sent, "k1") for state in ("sent", "delivered", "read")]


async def test_a_send_that_got_no_answer_is_found_again_in_its_status(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    whatsapp = await connected(kit, sandbox, sandbox_url, inbox, stand)
    await sandbox.act("whatsapp", "351911222333", "write", text="Hello")
    await inbox.has(1)
    sandbox.world.faults.append(Fault("whatsapp", "messages", "drop_after_accept", times=1))
    with pytest.raises(Uncertain):
        await whatsapp.send("351911222333", part("How can I help?"), "k1")
    _, sent, delivered = await inbox.has(3)
    assert [(told.status, told.key) for told in (sent, delivered)] == [("sent", "k1"), ("delivered", "k1")]


async def test_statuses_that_come_twice_are_known(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    whatsapp = await connected(kit, sandbox, sandbox_url, inbox, stand)
    await sandbox.act("whatsapp", "351911222333", "write", text="Hello")
    await inbox.has(1)
    sandbox.world.faults.append(Fault("whatsapp", "status", "duplicate"))
    await whatsapp.send("351911222333", part("How can I help?"), "k1")
    await inbox.until(lambda: sum(map(len, inbox.batches)) == 5)
    assert [told.status for told in inbox.events if isinstance(told, Receipt)] == ["sent", "delivered"]


async def test_a_customer_who_hides_the_number_is_answered_by_user_id(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    whatsapp = await connected(kit, sandbox, sandbox_url, inbox, stand)
    await sandbox.act("whatsapp", "@maria", "write", text="Hello")
    [said] = await inbox.has(1)
    await whatsapp.send(said.chat, part("How can I help?"), "k1")
    [sent] = [entry for entry in sandbox.world.history if entry.kind == "messages"]
    assert sent.raw["recipient"] == said.chat
    assert "to" not in sent.raw


@pytest.mark.parametrize(
    ("choices", "kind"),
    [
        (("Yes", "No"), "button"),
        (("Yes", "No", "Yes", " "), "button"),
        (("Where is my order number 4711?", "No"), "list"),
        (tuple("abcdefghij"), "list"),
        (tuple("abcdefghijk"), "text"),
        (("x" * 300, "No"), "text"),
    ],
)
async def test_choices_take_the_form_that_fits_and_come_back_whole(
    choices: tuple[str, ...], kind: str, kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    whatsapp = await connected(kit, sandbox, sandbox_url, inbox, stand)
    await sandbox.act("whatsapp", "351911222333", "write", text="Hello")
    await inbox.has(1)
    sent = await whatsapp.send("351911222333", part("Which one?", *choices), "k1")
    raw = next(entry.raw for entry in sandbox.world.history if entry.id == sent and entry.kind == "messages")
    if kind == "text":
        assert raw["text"]["body"] == "\n".join(["Which one?", "", *(f"• {choice}" for choice in choices)])
        return
    assert raw["interactive"]["type"] == kind
    await sandbox.act("whatsapp", "351911222333", "press", target=sent, data=choices[0])
    await inbox.until(lambda: any(isinstance(one, Said) and one.text == choices[0] for one in inbox.events))


async def test_a_long_text_with_choices_still_arrives(kit: Kit, sandbox: Sandbox, sandbox_url: str) -> None:
    await sandbox.act("whatsapp", "351911222333", "write", text="Hello")
    await channel(kit, f"{sandbox_url}/whatsapp").send("351911222333", part("x" * 4096, "Yes", "No"), "k1")
    assert next(entry.text for entry in sandbox.world.history if entry.kind == "messages") == "x" * 4096


async def test_typing_needs_a_message_of_the_customer_and_never_raises(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    whatsapp = await connected(kit, sandbox, sandbox_url, inbox, stand)
    await whatsapp.typing("351911222333")
    await sandbox.act("whatsapp", "351911222333", "write", text="Hello")
    [said] = await inbox.has(1)
    await whatsapp.typing("351911222333", said.id)
    shown = [entry for entry in sandbox.world.history if entry.kind == "messages"]
    assert [(entry.id, "typing_indicator" in entry.raw) for entry in shown] == [(said.id, True)]
    sandbox.world.faults.append(Fault("whatsapp", "messages", "disconnect"))
    await whatsapp.typing("351911222333", said.id)


async def test_a_typing_that_did_not_arrive_has_marked_nothing_as_read(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    whatsapp = await connected(kit, sandbox, sandbox_url, inbox, stand)
    await sandbox.act("whatsapp", "351911222333", "write", text="Hello")
    [said] = await inbox.has(1)
    sandbox.world.faults.append(Fault("whatsapp", "messages", "500", times=1))
    await whatsapp.typing("351911222333", said.id)
    await whatsapp.send("351911222333", Part(ANA, "Hello!", heard=said.id), "k1")
    async for _ in sandbox.world.changes():
        if [entry.id for entry in sandbox.world.history if entry.kind == "mark"] == [said.id]:
            break
    await whatsapp.close()


async def test_what_a_customer_wrote_is_marked_as_read_once_when_somebody_answers(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    whatsapp = await connected(kit, sandbox, sandbox_url, inbox, stand)
    for text in ("Hello", "Anybody?"):
        await sandbox.act("whatsapp", "351911222333", "write", text=text)
    *_, said = await inbox.has(2)

    def marks() -> list[str | None]:
        return [entry.id for entry in sandbox.world.history if entry.kind == "mark"]

    def asked() -> dict[str, str]:
        return {it.text: it.id for it in inbox.events if isinstance(it, Said)}

    async def marked(count: int) -> None:
        async for _ in sandbox.world.changes():
            if len(marks()) >= count:
                return

    await whatsapp.send("351911222333", Part(Author("system", ""), "A person will answer."), "k0")
    for key in ("k1", "k2"):
        await whatsapp.send("351911222333", Part(ANA, "Hello!", heard=said.id), key)
        await marked(1)
    await sandbox.act("whatsapp", "351911222333", "write", text="And now?")
    await inbox.until(lambda: "And now?" in asked())
    later = asked()["And now?"]
    await whatsapp.send("351911222333", Part(ANA, "Now!", heard=later), "k3")
    await marked(2)  # a second mark of what was marked before would have come before this one
    assert marks() == [said.id, later]
    maria = sandbox.whatsapp.customers.of("351911222333")
    assert [message.read for message in maria.messages.values() if not message.by_business] == [True] * 3
    await whatsapp.close()


async def answered(code: int, body: Any, kit: Kit, stand: "Stand", **headers: str) -> WhatsApp:
    async def answer(request: web.Request) -> web.Response:
        if isinstance(body, str):
            return web.Response(text=body, status=code, content_type="text/html", headers=headers)
        return web.json_response(body, status=code, headers=headers)

    return channel(kit, await stand.answering(answer))


def error(code: int) -> dict[str, Any]:
    return {"error": {"message": f"(#{code}) Hello, customer", "type": "OAuthException", "code": code}}


@pytest.mark.parametrize(
    ("code", "body", "kind", "words"),
    [
        (400, error(131047), WindowShut, "More than 24 hours"),
        (400, error(132000), Undeliverable, "The template has another number of blanks"),
        (404, error(132001), Undeliverable, "WhatsApp has no such template in this language"),
        (400, error(132005), Undeliverable, "The template is too long"),
        (400, error(132007), Undeliverable, "WhatsApp does not allow what the template says"),
        (400, error(132012), Undeliverable, "WhatsApp does not take what was filled into the template"),
        (400, error(132015), Undeliverable, "WhatsApp has paused this template"),
        (400, error(132016), Undeliverable, "WhatsApp has switched this template off"),
        (400, error(131026), Undeliverable, "WhatsApp cannot deliver to this customer"),
        (400, error(100), Undeliverable, "WhatsApp did not understand the message."),
        (400, error(4242), Undeliverable, "WhatsApp could not deliver it (code 4242)."),
        (403, error(131031), Undeliverable, "WhatsApp has restricted or locked"),
        (401, error(190), TryLater, "WhatsApp refuses WHATSAPP_TOKEN (code 190)."),
        (403, error(200), TryLater, "WhatsApp refuses WHATSAPP_TOKEN (code 200)."),
        (429, error(130429), TryLater, "WhatsApp asks us to slow down."),
        (400, error(131056), TryLater, "WhatsApp asks us to slow down."),
        (500, error(131000), TryLater, "WhatsApp has a disturbance"),
        (500, error(4242), TryLater, "WhatsApp has a disturbance"),
        (503, error(2), TryLater, "WhatsApp has a disturbance"),
        (403, "<html>proxy</html>", TryLater, "Something between us and WhatsApp"),
        (502, "<html>bad gateway</html>", Uncertain, "WhatsApp's answer cannot be read"),
        (200, "<html>hello</html>", Uncertain, "WhatsApp's answer cannot be read"),
        (200, {"messages": []}, Uncertain, "WhatsApp's answer cannot be read"),
        (302, "", Uncertain, "WhatsApp's answer cannot be read"),
    ],
)
async def test_every_refusal_has_its_class_and_its_words(
    code: int, body: Any, kind: type[Exception], words: str, kit: Kit, stand: "Stand"
) -> None:
    with pytest.raises(kind) as caught:
        await (await answered(code, body, kit, stand)).send("351911222333", part("Hello, customer"), "k1")
    assert str(caught.value).startswith(words)
    assert "Hello, customer" not in str(caught.value)


async def test_a_redirect_is_not_followed_because_it_would_take_the_token_along(kit: Kit, stand: "Stand") -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    with pytest.raises(Uncertain):
        await channel(kit, await stand.answering(answer)).send("351911222333", part("Hello"), "k1")
    assert len(asked) == 1


async def test_the_platform_s_own_wish_is_kept(kit: Kit, stand: "Stand") -> None:
    whatsapp = await answered(429, error(130429), kit, stand, **{"Retry-After": "9"})
    with pytest.raises(TryLater) as caught:
        await whatsapp.send("351911222333", part("Hello"), "k1")
    assert caught.value.after == 9


async def test_who_blocked_us_is_told_by_a_failed_status(
    kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> None:
    whatsapp = await connected(kit, sandbox, sandbox_url, inbox, stand)
    await sandbox.act("whatsapp", "351911222333", "write", text="Hello")
    await inbox.has(1)
    await sandbox.act("whatsapp", "351911222333", "block")
    sent = await whatsapp.send("351911222333", part("How can I help?"), "k1")
    failed = (await inbox.has(2))[1]
    assert (failed.status, failed.id, failed.key) == ("failed", sent, "k1")
    assert "may have blocked us" in failed.reason


async def test_a_sent_message_cannot_be_changed_and_nobody_seen_joining(kit: Kit) -> None:
    with pytest.raises(Undeliverable, match="does not let us change"):
        await channel(kit).edit("351911222333", "wamid.A", part("No"), "k1")
    with pytest.raises(Undeliverable, match="does not let us delete"):
        await channel(kit).delete("351911222333", "wamid.A", "k1")
    with pytest.raises(Undeliverable, match="who joins"):
        await channel(kit).send("351911222333", Presence(ANA, "joined"), "k1")


# ------------------------------------------------------------------------------------------------------------ settings


def test_without_an_account_the_channel_is_off(kit: Kit) -> None:
    assert from_settings({"WHATSAPP_API_URL": NOWHERE, "WHATSAPP_TOKEN": " "}, kit) is None


@pytest.mark.parametrize(
    "wrong",
    [
        *({name: ""} for name in SETTINGS),
        {"WHATSAPP_TOKEN": "EAA token\n2"},
        {"WHATSAPP_PHONE_NUMBER_ID": "+15550001111"},
        {"WHATSAPP_BUSINESS_ID": "Moss & Kettle"},
        {"WHATSAPP_API_URL": "graph.facebook.com"},
        {"WHATSAPP_API_VERSION": "26"},
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(wrong: dict[str, str], kit: Kit) -> None:
    with pytest.raises(WrongSetting, match=rf"^{next(iter(wrong))} .+: .+\.$"):
        from_settings({**SETTINGS, **wrong}, kit)


async def test_the_doctor_learns_who_we_are_or_what_to_mend(kit: Kit, sandbox_url: str, stand: "Stand") -> None:
    assert await channel(kit, f"{sandbox_url}/whatsapp").check() == "Sandbox Shop (15550001111) reachable"
    with_templates = channel(kit, f"{sandbox_url}/whatsapp", WHATSAPP_BUSINESS_ID="77")
    assert await with_templates.check() == "Sandbox Shop (15550001111) reachable, 4 templates"
    with pytest.raises(WrongSetting, match="WHATSAPP_TOKEN is refused"):
        await (await answered(401, error(190), kit, stand)).check()
    with pytest.raises(WrongSetting, match="WHATSAPP_PHONE_NUMBER_ID is not known"):
        await (await answered(400, error(100), kit, stand)).check()
    with pytest.raises(WrongSetting, match="WHATSAPP_API_URL does not answer"):
        await channel(kit).check()
