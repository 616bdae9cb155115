"""A summary by a model, as structured output. When anything goes wrong, the plain one takes its place, marked so."""

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from openai import AsyncOpenAI, OpenAIError, Timeout
from pydantic import BaseModel, ConfigDict

from bridge.content import Line
from bridge.ports import Summary
from bridge.summaries import plain, prompt

log = structlog.get_logger()

_OPENAI = "https://api.openai.com/v1"
_MODEL = "gpt-4.1-mini"
_SECONDS = 20.0


class Written(BaseModel):
    """What the model is asked to write."""

    model_config = ConfigDict(strict=True)

    subject: str
    asked: str
    tried: str
    wants: str
    language: str
    mood: str
    facts: list[str]


class LlmSummariser:
    """The summariser behind which a model stands."""

    def __init__(self, client: AsyncOpenAI, model: str, seconds: float = _SECONDS) -> None:
        self._client = client
        self._model = model
        self._seconds = seconds

    async def summarise(self, customer: str, lines: Sequence[Line]) -> Summary:
        """Let the model summarise; without a usable answer in time, fall back to the plain form."""
        offline = plain.summary(lines)
        try:
            async with asyncio.timeout(self._seconds):
                written = await self._write(customer, lines)
        except (OpenAIError, TimeoutError, ValueError, AttributeError, TypeError, IndexError) as error:
            log.warning("summary.offline", error=type(error).__name__)
            return offline
        return _merged(written, offline, lines)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _write(self, customer: str, lines: Sequence[Line]) -> Written:
        completion = await self._client.chat.completions.create(
            model=self._model,
            messages=prompt.messages(customer, lines),  # type: ignore[arg-type]
            response_format=prompt.response_format(),  # type: ignore[arg-type]
        )
        if not completion.choices:
            raise ValueError("no choices")
        return Written.model_validate_json(completion.choices[0].message.content or "")


def client_from(env: Mapping[str, str]) -> tuple[AsyncOpenAI, str]:
    """A client, and the model's name, from OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL."""
    client = AsyncOpenAI(  # a base_url that is not given would be read from the process's own environment
        api_key=env.get("OPENAI_API_KEY") or "none",
        base_url=env.get("OPENAI_BASE_URL") or _OPENAI,
        max_retries=0,
        timeout=Timeout(_SECONDS, connect=5),
    )
    return client, env.get("OPENAI_MODEL") or _MODEL


def _merged(written: Written, offline: Summary, lines: Sequence[Line]) -> Summary:
    """The model's words made inert; what must be verbatim or true stays from the transcript."""
    return Summary(
        subject=prompt.subject(written.subject) or offline.subject,
        asked=prompt.inert(written.asked) or offline.asked,
        tried=prompt.inert(written.tried) or offline.tried,
        wants=prompt.inert(written.wants) or offline.wants,
        last_words=offline.last_words,
        language=prompt.language(written.language) or offline.language,
        facts=prompt.true_facts(written.facts, lines),
        mood=prompt.mood(written.mood) or offline.mood,
        offline=False,
    )
