"""The gallery shows what is drawn now, and Slack would take all of it: by its SDK, by the sandbox and by its limits."""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bridge.i18n import LANGUAGES
from bridge.sandbox.server import Sandbox, serve
from bridge.sandbox.slack import live
from bridge.team_workspace.inert import WHISPER_TEXT
from gallery import made, page, show
from gallery.made import COMMAND, FOLDER, STATES
from gallery.state import State

Json = dict[str, Any]
NAMES = [state.name for state in STATES]
EXPLAINED = f"docs/gallery shows something else than is drawn now. Run `{COMMAND}`, look at the pictures, commit both."

MAKES_PICTURES = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium")).exists() or "REQUIRE_BROWSER" in os.environ

# Characters that are not seen, or turn the direction of writing.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
OURS = re.compile(r"<@U0(ANA|BEN|CLEA)>|<!subteam\^S0AGENTS>|<https://sandbox\.slack\.com/archives/C0SUPPORT/p\d+>")


@cache
def everything(language: str = "en") -> dict[str, str]:
    """All files as they would be made now."""
    return made.everything(language)


@pytest.fixture(params=STATES, ids=NAMES)
def state(request: pytest.FixtureRequest) -> State:
    return request.param


@pytest.fixture(params=LANGUAGES)
def shown(state: State, request: pytest.FixtureRequest) -> Json:
    """What Slack gets, in every language."""
    return json.loads(everything(request.param)[f"{state.name}.json"])


def texts(node: Any) -> Iterator[str]:
    """Every string."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for each in node.values() if isinstance(node, dict) else node:
            yield from texts(each)


def words(node: Any) -> str:
    """What is read on the screen."""
    if isinstance(node, list):
        return " ".join(map(words, node))
    if not isinstance(node, dict):  # such as the id of somebody who is chosen
        return ""
    own = node["text"] if isinstance(node.get("text"), str) else ""
    return f"{own} " + " ".join(words(each) for each in node.values() if isinstance(each, list | dict))


def test_the_files_are_as_they_would_be_made_now() -> None:
    now, stored = everything(), made.stored()
    different = sorted(name for name in now.keys() | stored.keys() if now.get(name) != stored.get(name))
    assert not different, f"{EXPLAINED} Different: {', '.join(different)}"


def test_the_page_shows_every_state_and_every_picture() -> None:
    assert (FOLDER / "README.md").read_text() == page.readme(), EXPLAINED
    assert {state.sheet for state in STATES} == set(page.SHEETS)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.skipif(not MAKES_PICTURES, reason="There is no Chromium to make new pictures with")
def test_the_pictures_are_of_what_is_drawn_now() -> None:
    stale = [sheet for sheet in page.SHEETS if not page.fresh(sheet, everything())]
    assert not stale, f"{EXPLAINED} The old pictures: {', '.join(stale)}"


def test_the_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < 2_500_000


def test_making_it_twice_makes_the_same() -> None:
    for state in STATES:
        if state.name in ("card-nasty", "private-picker", "home-agent"):
            assert everything()[f"{state.name}.json"] == made.as_text(state.make())


def test_slack_s_own_models_take_it(shown: Json) -> None:
    for block in shown.get("blocks", []):
        parsed = Block.parse(block)
        assert parsed is not None
        assert type(parsed) is not Block, f"slack_sdk does not know {block['type']}"
        parsed.validate_json()
        parsed.to_dict()
    if "type" in shown:
        View(**shown).validate_json()


def test_the_size_is_within_slack_s_limits(state: State, shown: Json) -> None:
    view = "type" in shown
    assert (state.kind != "direct") <= len(shown.get("blocks", [])) <= (100 if view else 50)
    assert len(json.dumps(shown)) < 250_000
    if state.kind in ("card", "board"):
        assert len(shown["text"]) <= 4_000, "chat.update takes no more"
    elif state.kind == "private":
        assert len(shown["text"]) <= WHISPER_TEXT
        assert len(shown["text"].encode()) <= 4_000, "an ephemeral message takes no more"
    elif not view:
        assert len(shown["text"]) <= 40_000


def test_what_was_written_stays_dead(shown: Json) -> None:
    names = ("general", "support-queue", "ana", "agents")
    told = {"text": shown.get("text", ""), "blocks": shown.get("blocks", []), "link_names": "blocks" in shown}
    strange = [each for each in live.in_message(told, names) if not OURS.fullmatch(each)]
    assert not strange
    seen = {name: each for name, each in shown.items() if name != "private_metadata"}
    assert not [text for text in texts(seen) if HIDDEN.search(text)]


def test_no_sign_of_ours_is_seen_as_it_is_written(state: State, shown: Json) -> None:
    if state.sheet != "nasty":
        templates = "window-settings" in state.name  # there, admins read and write them
        ours = r"<time|\{held\}|None\b" if templates else r"<time|\{\{|\{held\}|None\b"
        assert not re.findall(ours, words(shown.get("blocks", [])))


def test_buttons_have_words_and_no_two_in_a_block_are_one(shown: Json) -> None:
    for block in shown.get("blocks", []):
        used = [element["action_id"] for element in block.get("elements", ()) if "action_id" in element]
        assert len(used) == len(set(used))
        assert all(
            element["text"]["text"].strip() for element in block.get("elements", ()) if element["type"] == "button"
        )


def labels(node: Any) -> list[str]:
    """Of buttons, fields and windows, in their order."""
    if isinstance(node, list):
        return [label for each in node for label in labels(each)]
    if isinstance(node, dict):
        here = [node["text"]] if node.get("type") == "plain_text" else []
        return here + [label for each in node.values() for label in labels(each)]
    return []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_label_is_too_long_in_another_language(state: State, language: str) -> None:
    if state.sheet != "nasty":
        english, there = (labels(json.loads(everything(it)[f"{state.name}.json"])) for it in ("en", language))
        assert [
            label for label, same in zip(there, english, strict=True) if label.endswith("…") > same.endswith("…")
        ] == []


async def test_the_sandbox_takes_all_of_it() -> None:
    sandbox = Sandbox()
    sandbox.world.strict = False  # not so fast, it would say
    async with serve(sandbox=sandbox) as url, show.slack(url) as client:
        for state, language in product(STATES, LANGUAGES):
            shown = json.loads(everything(language)[f"{state.name}.json"])
            assert await show.show(sandbox, client, shown, state.kind)
    assert [entry.raw for entry in sandbox.world.history if entry.kind == "rejected"] == []


def test_the_order_of_the_sheets_is_that_of_the_states() -> None:
    seen = [state.sheet for state in STATES if state.sheet != "nasty"]
    assert [sheet for sheet, after in pairwise([*seen, ""]) if sheet != after] == [*page.SHEETS][:-1]
