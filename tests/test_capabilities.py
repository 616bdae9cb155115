"""What channels declare is what the README says, and every kind has a name there."""

import runpy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bridge.files import KINDS as FILE_KINDS
from bridge.files import File
from bridge.ports import FILES, KINDS, Capabilities, Limit
from bridge.ports.channel import Ways
from bridge.scene import Doorway

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def docs() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "capabilities.py"))


def test_the_readme_has_the_table_that_the_channels_declare(docs: dict[str, Any]) -> None:
    readme = (ROOT / "README.md").read_text()
    assert readme == docs["written"](readme), "Run .venv/bin/python docs/capabilities.py"
    assert {label for label, _ in docs["declared"]()} == {"Telegram", "WhatsApp", "Web chat"}


def test_the_table_says_of_every_kind_which_way_it_goes(docs: dict[str, Any]) -> None:
    assert docs["TITLES"].keys() == set(KINDS)
    told = docs["table"]([("Post", Capabilities(image="in", file="out", voice="both"))])
    for line in ("| Photos | from the", "| Files | to the", "| Voice messages and sounds | both", "| Videos | – |"):
        assert line in told


def test_every_kind_is_declared_and_each_way_is_known() -> None:
    can = Capabilities(image="in", file="out", voice="both")
    assert [can.carries("image", "in"), can.carries("image", "out")] == [True, False]
    assert [can.carries("file", "in"), can.carries("file", "out")] == [False, True]
    assert [can.carries("voice", "in"), can.carries("voice", "out")] == [True, True]
    assert not any(can.carries("video", way) for way in ("in", "out"))
    assert [it.name for it in fields(Capabilities) if it.type == Ways] == [*KINDS]
    assert FILES.keys() == FILE_KINDS.keys()


def test_a_file_that_is_not_declared_is_refused_in_words() -> None:
    post = Doorway("post", "Post", Capabilities(image="both"), Limit(100), lambda file: f"{file.name} is too heavy.")
    photo, sound = File("photo", "a.png", "image/png", 1, "1"), File("audio", "a.mp3", "audio/mpeg", 1, "2")
    assert post.unfit(photo) == "a.png is too heavy."
    assert post.unfit(sound) == "Files of this kind are not carried on Post."
    assert Doorway.closed("post").unfit(sound) == ""  # it waits until the channel is on again
