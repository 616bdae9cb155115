"""Answers through any endpoint that speaks OpenAI's chat completions, with two tools: look something up, call a human.

It raises when the endpoint fails or says nothing: the bridge counts that as one failure of the bot.
"""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI, Timeout
from pydantic import Field

from bridge.bots import Bots
from bridge.bots.options import Options, existing, read
from bridge.bots.pages import Pages, read_pages
from bridge.bots.prompt import HUMAN, SEARCH, messages, tools
from bridge.errors import WrongSetting
from bridge.language.words import cut
from bridge.ports import Answer, Turn

_OPENAI = "https://api.openai.com/v1"
_MODEL = "gpt-4.1-mini"
_ROUNDS = 4  # calls for one answer: the model may look things up before it speaks
_REASON = 200
_FOUND = 1500


class NoAnswer(Exception):
    """The endpoint answered, and there was nothing in it to tell the customer."""


class Settings(Options):
    """`[bots.<name>]` with kind = "llm". What is left out comes from OPENAI_BASE_URL and OPENAI_MODEL."""

    folder: str = ""
    model: str = ""
    base_url: str = ""
    business: str = "our company"
    timeout: float = Field(default=30.0, gt=0, le=30)


class LlmBot:
    """A bot that lets a model speak."""

    def __init__(self, name: str, client: AsyncOpenAI, settings: Settings, pages: Pages | None = None) -> None:
        self.name = name
        self._client = client
        self._settings = settings
        self._pages = pages

    async def answer(self, turn: Turn) -> Answer:
        """Let the model answer, look things up, or call a human."""
        async with asyncio.timeout(self._settings.timeout):
            return await self._converse(turn)

    async def close(self) -> None:
        """Close the connections and the index."""
        await self._client.close()
        if self._pages:
            self._pages.close()

    async def _converse(self, turn: Turn) -> Answer:
        said: list[Any] = messages(turn, self._settings.business)
        for left in reversed(range(_ROUNDS)):
            reply = await self._complete(said, may_search=left > 0)
            calls = [call for call in reply.tool_calls or () if call.type == "function"]
            text = (reply.content or "").strip()
            for call in calls:
                if call.function.name == HUMAN:
                    reason = _argument(call.function.arguments, "reason") or "The bot wants a human."
                    return Answer(text, turn.stage, turn.answers, human=cut(reason, _REASON))
            if not calls and text:
                return Answer(text, turn.stage, turn.answers)
            if not calls:
                raise NoAnswer(reply.refusal or "The model said nothing.")
            said.append(reply.model_dump(exclude_none=True, include={"role", "content", "tool_calls"}))
            said += [{"role": "tool", "tool_call_id": call.id, "content": self._found(call.function)} for call in calls]
        raise NoAnswer("The model kept on searching.")

    async def _complete(self, said: list[Any], *, may_search: bool) -> Any:
        offered = [tool for tool in tools() if tool["function"]["name"] == HUMAN or (self._pages and may_search)]
        completion = await self._client.chat.completions.create(
            model=self._settings.model,
            messages=said,
            tools=offered,  # type: ignore[arg-type]
        )
        if not completion.choices:
            raise NoAnswer("The endpoint sent no choices.")
        return completion.choices[0].message

    def _found(self, function: Any) -> str:
        """What a search brought, as the model reads it."""
        if function.name != SEARCH or not self._pages:
            return "There is no such tool."
        found = self._pages.search(_argument(function.arguments, "query"))
        return "\n\n".join(f"{hit.section.title}\n{cut(hit.section.text, _FOUND)}" for hit in found) or "Nothing found."


def _argument(arguments: str, name: str) -> str:
    """One argument of a tool call; models also send what is not JSON."""
    try:
        given = json.loads(arguments)
    except ValueError:
        return ""
    value = given.get(name) if isinstance(given, dict) else None
    return " ".join(value.split()) if isinstance(value, str) else ""


def from_settings(name: str, table: Mapping[str, object], folder: Path, env: Mapping[str, str], bots: Bots) -> LlmBot:
    """Build from `[bots.<name>]` and the environment."""
    settings = read(Settings, name, table)
    base_url = settings.base_url or env.get("OPENAI_BASE_URL", "")
    key = env.get("OPENAI_API_KEY", "")
    if not base_url and not key:
        raise WrongSetting(
            f"[bots.{name}]: OPENAI_API_KEY, or OPENAI_BASE_URL of an endpoint without a key, is needed."
        )
    model = settings.model or env.get("OPENAI_MODEL") or _MODEL
    client = AsyncOpenAI(  # a base_url that is not given would be read from the process's own environment
        api_key=key or "none", base_url=base_url or _OPENAI, max_retries=0, timeout=Timeout(settings.timeout, connect=5)
    )
    pages = read_pages(existing(name, "folder", folder / settings.folder)) if settings.folder else None
    return LlmBot(name, client, settings.model_copy(update={"model": model}), pages)
