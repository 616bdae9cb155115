"""Answers from a folder of Markdown pages. Knows when it does not know, and then offers a person."""

import re
from collections.abc import Mapping
from pathlib import Path

from bridge.bots import Bots
from bridge.bots.options import Options, existing, read
from bridge.bots.pages import Pages, Section, read_pages
from bridge.content import split
from bridge.i18n import t
from bridge.language.courtesy import courtesy, is_yes
from bridge.language.words import fold
from bridge.ports import Answer, Turn

OFFERED = "a person was offered"
_SURE = 0.5  # at least this share of a question's words, weighed by rarity, must be in the section
_TOGETHER = 2  # and, if none of them is in its heading, so many of them
_LONGEST = 700


class Says(Options):
    """What the bot says when no page does."""

    hello: str = "Hello! What can I help you with?"
    thanks: str = "You are welcome!"
    bye: str = "Goodbye, and thank you for writing."
    unsure: str = "I am not sure about that one. Would you like to talk to a person from our team?"
    person: str = "Talk to a person"
    calling: str = "Of course."


class Settings(Options):
    """`[bots.<name>]` with kind = "knowledge"."""

    folder: str
    says: Says = Says()


class Knowledge:
    """A bot that answers with the best section of its pages."""

    def __init__(self, name: str, pages: Pages, says: Says) -> None:
        self.name = name
        self._pages = pages
        self._says = says

    async def answer(self, turn: Turn) -> Answer:
        """Answer with a section, a courtesy, or the offer of a person."""
        if turn.stage == OFFERED and (is_yes(turn.text) or fold(turn.text) == fold(self._says.person)):
            return Answer(self._says.calling, answers=turn.answers, human=t("Took the offer of a person."))
        match courtesy(turn.text):
            case "hello":
                return Answer(self._says.hello, answers=turn.answers)
            case "thanks":
                return Answer(self._says.thanks, answers=turn.answers)
            case "bye":
                return Answer(self._says.bye, answers=turn.answers)
            case _:
                return self._from_pages(turn)

    async def close(self) -> None:
        """Let go of the index."""
        self._pages.close()

    def _from_pages(self, turn: Turn) -> Answer:
        found = self._pages.search(turn.text, most=1)
        if found and found[0].cover >= _SURE and (found[0].titled or found[0].count >= _TOGETHER):
            return Answer(short(found[0].section), answers=turn.answers)
        choices = (self._says.person,)
        return Answer(self._says.unsure, OFFERED, turn.answers, unsure=True, choices=choices)


def short(section: Section) -> str:
    """A section as a customer reads it in a chat: no Markdown marks, and not too long."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", section.text)
    text = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", r"\1 (\2)", text)
    text = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", text)
    text = re.sub(r"(?m)^[ \t]*[*+-]\s+", "• ", text)
    text = re.sub(r"(?<![\n])\n(?![\n•]|\d+[.)])", " ", text)
    return split(text, _LONGEST)[0]


def from_settings(
    name: str, table: Mapping[str, object], folder: Path, env: Mapping[str, str], bots: Bots
) -> Knowledge:
    """Build from `[bots.<name>]`."""
    settings = read(Settings, name, table)
    return Knowledge(name, read_pages(existing(name, "folder", folder / settings.folder)), settings.says)
