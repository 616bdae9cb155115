"""The demo's shop, and a customer who talks to a bot."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bridge import bots
from bridge.ports import Answer, Bot, Turn

from ..model import asked, sandbox, script, url

__all__ = ["asked", "sandbox", "script", "url"]

SHOP = Path(bots.__file__).parent.parent / "demo" / "shop"


class Talk:
    """A customer talking to a bot; what the bot keeps between messages is handed back to it, as the bridge does."""

    def __init__(self, bot: Bot, stage: str = "", answers: Mapping[str, str] | None = None) -> None:
        self.bot, self.stage, self.answers = bot, stage, dict(answers or {})

    async def says(self, text: str) -> Answer:
        answer = await self.bot.answer(Turn(text, "Maria", stage=self.stage, answers=self.answers))
        self.stage, self.answers = answer.stage, dict(answer.answers)
        return answer


@pytest.fixture
def talk() -> type[Talk]:
    return Talk


@pytest.fixture(scope="session")
def shop() -> dict[str, Bot]:
    """The bots of the demo's shop, built from its own files."""
    return bots.build(tomllib.loads((SHOP / "bridge.toml").read_text())["bots"], SHOP, {})


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Put a file into the folder beside the configuration; return the folder."""

    def put(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return tmp_path

    return put
