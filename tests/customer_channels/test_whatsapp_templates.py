"""Which of a business account's templates are offered, how long they are known, and how one is sent."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from bridge.content import Author, Part
from bridge.customer_channels.whatsapp.messages import message
from bridge.errors import DeliveryError, TryLater
from bridge.ports import Kit
from bridge.templates import Filled, Template, filled_from

from .test_whatsapp import channel

if TYPE_CHECKING:
    from conftest import Stand

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
BODY = {"type": "BODY", "text": "Hello {{1}}"}


def listed(*more: Any, status: str = "APPROVED", **fields: Any) -> dict[str, Any]:
    return {"name": "hello", "language": "en", "status": status, "components": [*more, BODY], **fields}


@pytest.mark.parametrize(
    ("raw", "is_offered"),
    [
        (listed(), True),
        (
            listed({"type": "HEADER", "format": "TEXT", "text": "Moss & Kettle"}, {"type": "FOOTER", "text": "Bye"}),
            True,
        ),
        (listed({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Yes"}]}), True),
        (listed({"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://example.com"}]}), True),
        (listed(status="PAUSED"), False),
        (listed({"type": "HEADER", "format": "IMAGE"}), False),
        (listed({"type": "HEADER", "format": "TEXT", "text": "For {{1}}"}), False),
        (listed({"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://example.com/{{1}}"}]}), False),
        (listed({"type": "BUTTONS", "buttons": [{"type": "FLOW"}]}), False),
        (listed({"type": "CAROUSEL", "cards": []}), False),
        (listed({"type": "HOLOGRAM"}), False),
        (listed(components=[]), False),
        (listed(components=[{"type": "BODY", "text": 7}]), False),
        (listed(name=7), False),
        ("hello", False),
    ],
)
async def test_what_is_more_than_text_is_not_offered(raw: Any, is_offered: bool, kit: Kit, stand: "Stand") -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"data": [raw]})

    whatsapp = channel(kit, await stand.answering(answer), WHATSAPP_BUSINESS_ID="77")
    assert list(await whatsapp.templates()) == ([Template("hello", "en", "Hello {{1}}")] if is_offered else [])


async def test_all_pages_are_read_and_known_for_ten_minutes(kit: Kit, stand: "Stand") -> None:
    asked: list[tuple[str, dict[str, str]]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.path, dict(request.query)))
        assert request.headers["Authorization"] == "Bearer EAAtoken"
        page = int(request.query.get("after", "0=&+").removesuffix("=&+"))  # whatever stands in a cursor
        more = {"next": "https://elsewhere.example/steals-the-token"} if page < 2 else {}
        paging = {"cursors": {"after": f"{page + 1}=&+"}, **more}
        return web.json_response({"data": [listed(name=f"page_{page}")], "paging": paging})

    now = NOW
    whatsapp = channel(replace(kit, clock=lambda: now), await stand.answering(answer), WHATSAPP_BUSINESS_ID="77")
    assert [it.name for it in await whatsapp.templates()] == ["page_0", "page_1", "page_2"]
    assert {path for path, _ in asked} == {"/v26.0/77/message_templates"}
    assert [query.get("after") for _, query in asked] == [None, "1=&+", "2=&+"]
    now = NOW + timedelta(minutes=9)
    await whatsapp.templates()
    assert len(asked) == 3
    now = NOW + timedelta(minutes=10)
    await whatsapp.templates()
    assert len(asked) == 6
    now = NOW - timedelta(days=1)  # the clock was set back
    await whatsapp.templates()
    assert len(asked) == 9


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, {"error": {"code": 200}}, "WhatsApp refuses WHATSAPP_TOKEN (code 200)."),
        (200, {"data": "?"}, "WhatsApp's answer cannot be read."),
        (200, [], "WhatsApp's answer cannot be read."),
    ],
)
async def test_what_cannot_be_had_is_said_and_asked_for_again(
    status: int, body: Any, words: str, kit: Kit, stand: "Stand"
) -> None:
    answers = [(status, body), (200, {"data": [listed()]})]

    async def answer(_: web.Request) -> web.Response:
        code, content = answers.pop(0)
        return web.json_response(content, status=code)

    whatsapp = channel(kit, await stand.answering(answer), WHATSAPP_BUSINESS_ID="77")
    with pytest.raises(DeliveryError) as caught:
        await whatsapp.templates()
    assert str(caught.value) == words
    assert isinstance(caught.value, TryLater)
    assert len(await whatsapp.templates()) == 1


def test_templates_are_there_when_the_account_is_named(kit: Kit) -> None:
    assert not channel(kit).can.templates
    assert channel(kit, WHATSAPP_BUSINESS_ID="77").can.templates


@pytest.mark.parametrize(
    ("filled", "parameters"),
    [
        (Filled("a", "en"), None),
        (Filled("a", "en", (("1", "x"), ("2", "y"))), [{"type": "text", "text": "x"}, {"type": "text", "text": "y"}]),
        (Filled("a", "en", (("who", "x"),)), [{"type": "text", "text": "x", "parameter_name": "who"}]),
    ],
)
def test_a_template_is_sent_by_name_with_what_is_filled_in(filled: Filled, parameters: Any) -> None:
    sent = message("351911222333", Part(Author("agent", "Ana"), "What is read", template=filled), "k1")
    components = [{"type": "body", "parameters": parameters}] if parameters else []
    assert sent["template"] == {"name": "a", "language": {"code": "en"}, "components": components}
    assert (sent["type"], sent["to"], sent["biz_opaque_callback_data"]) == ("template", "351911222333", "k1")
    assert "What is read" not in str(sent)


@pytest.mark.parametrize(
    ("body", "blanks"),
    [
        ("No blank", ()),
        ("{{2}} before {{1}}, and {{ 2 }} again", ("1", "2")),
        ("{{10}} {{9}}", ("9", "10")),
        ("{{who}} and {{what}}", ("who", "what")),
        ("{{1}} and {{what}}", ("1", "what")),
        ("{1} {{}} {{ a b }}", ()),
    ],
)
def test_the_blanks_of_a_template(body: str, blanks: tuple[str, ...]) -> None:
    assert Template("a", "en", body).blanks == blanks


def test_what_is_filled_in_is_not_read_as_a_blank() -> None:
    assert Template("a", "en", "{{1}} {{2}}").filled({"1": "{{2}}", "2": "x"}) == "{{2}} x"


def test_what_is_kept_in_the_outbox_is_the_same_when_it_goes_out() -> None:
    filled = Filled("a", "en", (("1", "x"),))
    kept = {"name": filled.name, "language": filled.language, "values": filled.values}
    assert filled_from(json.loads(json.dumps(kept))) == filled
