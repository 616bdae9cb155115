"""Block Kit as Slack checks it: the blocks, where each may stand, and what must be unique."""

from collections.abc import Iterator
from typing import Any

from bridge.sandbox.slack.checks import (
    Check,
    Problems,
    anything,
    array,
    by_type,
    flag,
    one_of,
    plain,
    problem,
    shape,
    string,
    text,
    url,
)
from bridge.sandbox.slack.elements import CLICKABLE, INPUTS, MULTI, PICKERS, RICH_TEXT, SELECTS, element
from bridge.sandbox.slack.errors import Json, Refused

MOST = {"message": 50, "modal": 100, "home": 100}


def _block(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape({"type": string(), **required}, {"block_id": string(255, 1), **(optional or {})})


def _section(value: Any, where: str) -> Problems:
    yield from _SECTION(value, where)
    if not value.get("text") and not value.get("fields"):
        yield problem("missing required field: text or fields", where)


def _context_part(value: Any, where: str) -> Problems:
    if isinstance(value, dict) and value.get("type") == "image":
        yield from element("image")(value, where)
    else:
        yield from text(3000)(value, where)


_SECTION = _block(
    {},
    {
        "text": text(3000),
        "fields": array(text(2000), 10),
        "accessory": element(*CLICKABLE, *MULTI, "image"),
        "expand": flag,
    },
)
_TITLE_URL: dict[str, Check] = {"title_url": url, "description": plain(200), "provider_icon_url": url}

BLOCKS: dict[str, Check] = {
    "section": _section,
    "divider": _block({}),
    "header": _block({"text": plain(150)}),
    "context": _block({"elements": array(_context_part, 10)}),
    "actions": _block({"elements": array(element(*CLICKABLE, "icon_button"), 25)}),
    "context_actions": _block({"elements": array(element("feedback_buttons", "icon_button"), 5)}),
    "image": _block({"alt_text": string(2000, 1)}, {"image_url": url, "slack_file": anything, "title": plain(2000)}),
    "input": _block(
        {"label": plain(2000), "element": element(*INPUTS, *SELECTS, *PICKERS)},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": _block({"elements": array(by_type(RICH_TEXT), 1000, 0)}),
    "markdown": _block({"text": string(12_000, 1)}),
    "table": _block({"rows": array(array(anything, 20), 100)}, {"column_settings": anything}),
    "file": _block({"external_id": string(), "source": string()}),
    "video": _block(
        {"alt_text": string(), "title": plain(200), "video_url": url, "thumbnail_url": url},
        _TITLE_URL | {"provider_name": string(), "author_name": string(50)},
    ),
    "alert": _block({"text": text(3000)}, {"level": one_of("default", "info", "warning", "error", "success")}),
}

SURFACES = {
    "message": by_type(BLOCKS),
    "modal": by_type(BLOCKS, frozenset(BLOCKS) - {"markdown", "table", "context_actions", "file"}),
    "home": by_type(BLOCKS, frozenset(BLOCKS) - {"markdown", "table", "context_actions", "file"}),
}


def problems_of(blocks: list[Any], surface: str) -> Iterator[str]:
    """Every fault of a list of blocks, in Slack's words."""
    yield from array(SURFACES[surface], MOST[surface], 0)(blocks, "/blocks")
    yield from _repeated((block.get("block_id"), f"/blocks/{at}") for at, block in _dicts(blocks))
    for at, block in _dicts(blocks):
        inside = ((part.get("action_id"), f"/blocks/{at}/elements") for part in interactive(block))
        yield from _repeated(inside, "action_id")
    if sum(block.get("type") == "markdown" for _, block in _dicts(blocks)) and (
        sum(len(str(block.get("text"))) for _, block in _dicts(blocks) if block.get("type") == "markdown") > 12_000
    ):
        yield problem("all markdown blocks together must be less than 12001 characters", "/blocks")


def _dicts(blocks: list[Any]) -> Iterator[tuple[int, Json]]:
    return ((at, block) for at, block in enumerate(blocks) if isinstance(block, dict))


def _repeated(names: Iterator[tuple[Any, str]], field: str = "block_id") -> Problems:
    seen = set[str]()
    for name, where in names:
        if isinstance(name, str):
            if name in seen:
                yield problem(f"{field} already exists: {name}", where)
            seen.add(name)


def interactive(block: Json) -> Iterator[Json]:
    """The elements of a block that somebody could use."""
    elements = block.get("elements") if block.get("type") in ("actions", "context_actions") else None
    for part in (*(elements if isinstance(elements, list) else ()), block.get("accessory"), block.get("element")):
        if isinstance(part, dict) and part.get("type") != "image":
            yield part


def checked(blocks: Any, surface: str = "message") -> list[Json]:
    """The blocks as Slack keeps them, each with a block_id and action_ids; or Slack's refusal."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if found := list(problems_of(blocks, surface)):
        raise Refused("invalid_blocks", *found, errors=[line.removeprefix("[ERROR] ") for line in found])
    return [_named(block, at) for at, block in enumerate(blocks)]


def _named(block: Json, at: int) -> Json:
    block = {"block_id": f"auto{at}", **block}
    for field in ("accessory", "element"):
        if isinstance(part := block.get(field), dict) and part.get("type") != "image":
            block[field] = {"action_id": f"auto{at}", **part}
    if block["type"] == "actions":
        block["elements"] = [{"action_id": f"auto{at}-{n}", **part} for n, part in enumerate(block["elements"])]
    return block
