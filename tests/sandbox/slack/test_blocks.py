"""Block Kit limits, as Slack words its refusals."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sandbox.slack import live
from bridge.sandbox.slack.blocks import checked
from bridge.sandbox.slack.errors import Refused
from bridge.sandbox.slack.views import checked_view

from .conftest import CHANNEL, refusal


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(action_id: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Claim"), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def options(count: int, text: str = "o", value: str = "v") -> list[dict[str, Any]]:
    return [{"text": plain(text), "value": f"{value}{n}"} for n in range(count)]


def select(chosen: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": chosen}


def menu(chosen: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"type": "overflow", "action_id": "m", "options": chosen, **more}


def mrkdwn(kind: str) -> dict[str, Any]:
    """An element of options that are not plain."""
    option = {"text": {"type": "mrkdwn", "text": "*o*"}, "value": "v"}
    return {"type": kind, "action_id": "o", "options": [option]}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


GOOD: list[list[dict[str, Any]]] = [
    [{"type": "divider"}] * 50,
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000, "verbatim": True}, "accessory": button()}],
    [{"type": "section", "fields": [plain("x" * 2000)] * 10}],
    [{"type": "context", "elements": [plain("x")] * 10}],
    [actions(*(button(f"a{n}", value="v" * 2000, style="primary") for n in range(25)))],
    [actions(select(options(100)))],
    [actions(button(), menu(options(5, text="x" * 74, value="v" * 149)))],
    [{"type": "section", "text": plain("x"), "accessory": menu([options(1)[0] | {"url": "https://example.com"}])}],
    [actions(mrkdwn("radio_buttons"), mrkdwn("checkboxes") | {"action_id": "c"})],
    [rich({"type": "text", "text": "<!here>", "style": {"bold": True}}, {"type": "user", "user_id": "U0ANA"})],
    [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}],
    [{"type": "markdown", "text": "x" * 12_000}],
]
BAD: list[tuple[list[Any], str]] = [
    ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    (
        [{"type": "header", "text": plain("x" * 151)}],
        "less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "/blocks/0/text/type"),
    ([{"type": "header"}], "missing required field: text"),
    ([{"type": "section", "text": plain("x" * 3001)}], "must be less than 3001 characters"),
    ([{"type": "section", "text": plain("")}], "must be more than 0 characters"),
    ([{"type": "section"}], "text or fields"),
    ([{"type": "section", "fields": [plain("x")] * 11}], "no more than 10 items allowed"),
    ([{"type": "section", "fields": [plain("x" * 2001)]}], "must be less than 2001 characters"),
    ([{"type": "section", "text": "just a string"}], "must be an object"),
    ([{"type": "section", "text": plain("x"), "colour": "red"}], "invalid additional property: colour"),
    ([{"type": "section", "text": plain("x"), "block_id": "b" * 256}], "must be less than 256 characters"),
    ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10 items allowed"),
    ([{"type": "context", "elements": []}], "no fewer than 1 items allowed"),
    ([actions(*(button(f"a{n}") for n in range(26)))], "no more than 25 items allowed"),
    ([actions(button(text=plain("x" * 76)))], "must be less than 76 characters"),
    ([actions(button(value="v" * 2001))], "must be less than 2001 characters"),
    ([actions(button(style="blue"))], "must be one of primary, danger"),
    ([actions(button("a" * 256))], "must be less than 256 characters"),
    ([actions(button("a"), button("a"))], "action_id already exists: a"),
    ([actions(select(options(101)))], "no more than 100 items allowed"),
    ([actions(select(options(1, text="x" * 76)))], "must be less than 76 characters"),
    ([actions(select(options(1, value="v" * 151)))], "must be less than 151 characters"),
    ([actions(menu(options(6)))], "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]"),
    ([actions(menu([]))], "no fewer than 1 items allowed"),
    ([actions({"type": "overflow", "action_id": "m"})], "missing required field: options"),
    ([actions(menu(options(1, text="x" * 76)))], "must be less than 76 characters"),
    ([actions(menu(options(1, value="v" * 150)))], "must be less than 151 characters"),
    ([actions(menu([{"text": plain("o")}]))], "missing required field: value"),
    ([actions(menu(options(2), placeholder=plain("o")))], "invalid additional property: placeholder"),
    ([actions(menu(options(2), text=plain("o")))], "invalid additional property: text"),
    ([actions(menu(options(2)), menu(options(2)))], "action_id already exists: m"),
    ([actions(mrkdwn("overflow"))], "must be a valid text object of type plain_text"),
    ([actions(mrkdwn("static_select"))], "must be a valid text object of type plain_text"),
    ([actions(select([options(1)[0] | {"url": "https://example.com"}]))], "invalid additional property: url"),
    ([{"type": "input", "label": plain("L"), "element": menu(options(2))}], "unsupported type: overflow"),
    ([actions(button(confirm={"title": plain("x" * 101)}))], "must be less than 101 characters"),
    ([actions({"type": "plain_text_input", "action_id": "t"})], "unsupported type: plain_text_input"),
    ([{"type": "divider", "block_id": "b"}] * 2, "block_id already exists: b"),
    ([rich({"type": "text", "text": ""})], "must be more than 0 characters"),
    ([rich({"type": "text"})], "missing required field: text"),
    ([rich({"type": "text", "text": "x", "style": {"loud": True}})], "invalid additional property: loud"),
    ([rich({"type": "blink", "text": "x"})], "unsupported type: blink"),
    ([rich({"type": "broadcast", "range": "world"})], "must be one of here, channel, everyone"),
    ([{"type": "markdown", "text": "x" * 6_001}, {"type": "markdown", "text": "x" * 6_001}], "all markdown blocks"),
    (["divider"], "must be an object"),
    ([{}], "missing required field: type"),
]


@pytest.mark.parametrize("blocks", GOOD)
def test_blocks_at_the_limit_pass_and_all_get_a_block_id(blocks: list[dict[str, Any]]):
    made = checked(blocks)
    assert len({block["block_id"] for block in made}) == len(blocks)


@pytest.mark.parametrize(("blocks", "words"), BAD)
def test_blocks_over_a_limit_are_refused_with_the_place(blocks: list[Any], words: str):
    with pytest.raises(Refused) as caught:
        checked(blocks)
    assert caught.value.error == "invalid_blocks"
    assert any(words in line for line in caught.value.messages), caught.value.messages


async def test_a_refusal_says_what_is_wrong_where(client: Any):
    answer = await refusal(client.chat_postMessage(channel=CHANNEL, text="x", blocks=[{"type": "header"}]))
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: text [json-pointer:/blocks/0]"]


INPUT = {"type": "input", "label": plain("L"), "element": {"type": "plain_text_input", "action_id": "t"}}


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({"title": plain("x" * 25)}, "invalid_arguments"),
        ({"submit": plain("x" * 25)}, "invalid_arguments"),
        ({"submit": None, "blocks": [INPUT]}, "invalid_arguments"),
        ({"blocks": [{"type": "divider"}] * 101}, "invalid_arguments"),
        ({"blocks": [{"type": "nope"}]}, "invalid_arguments"),
        ({"private_metadata": "x" * 3001}, "invalid_arguments"),
        ({"callback_id": "x" * 256}, "invalid_arguments"),
        ({"type": "home"}, "invalid_arguments"),
        ({"surprise": 1}, "invalid_arguments"),
        ({"blocks": [{"type": "section", "text": plain("x" * 3000)}] * 90}, "view_too_large"),
    ],
)
async def test_a_modal_over_a_limit_is_refused(client: Any, view: dict[str, Any], expected: str):
    good = {"type": "modal", "title": plain("T"), "submit": plain("OK"), "blocks": [{"type": "divider"}]}
    answer = await refusal(client.views_open(trigger_id="1.2.3", view=good | view))
    assert answer["error"] == expected


WORDS = st.sampled_from(
    [
        *("type", "text", "elements", "accessory", "element", "fields", "options", "value", "block_id", "action_id"),
        *("section", "actions", "input", "rich_text", "rich_text_section", "mrkdwn", "plain_text", "button", "style"),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)


@given(JSON)
def test_no_json_whatever_breaks_the_checks(value: Any):
    live.in_message({"text": "x", "blocks": value, "attachments": [value]}, ())
    for surface in ("message", "modal", "home"):
        with contextlib.suppress(Refused):
            checked([value] if isinstance(value, dict) else value, surface)
    with contextlib.suppress(Refused):
        checked_view(value if isinstance(value, dict) else {"type": "modal", "blocks": value}, "modal")
