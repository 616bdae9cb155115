"""The door of the OpenAI look-alike: chat completions, streamed or whole, and the list of models."""

import itertools
import json
from collections import deque
from typing import Any

from aiohttp import web

from bridge.sandbox import misbehaviour
from bridge.sandbox.openai.asked import Refused, check
from bridge.sandbox.openai.schema import Filler
from bridge.sandbox.openai.talk import Said, asks_for_human, heard, reply_to
from bridge.sandbox.world import World

HAND_OVER = "talk_to_human"
PIECE = 16  # characters of a streamed chunk

Json = dict[str, Any]


class OpenAI:
    """One endpoint for every model. A key is not needed, as at local servers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.script: deque[Json] = deque()
        self._ids = itertools.count(1)
        world.on_reset(self.script.clear)

    def routes(self) -> list[web.RouteDef]:
        """The paths of the API."""
        return [
            web.post("/openai/v1/chat/completions", self._completions),
            web.get("/openai/v1/models", self._models),
        ]

    async def start(self, base_url: str) -> None:
        """Nothing runs behind."""

    async def close(self) -> None:
        """Nothing runs behind."""

    def connect(self, settings: Json) -> None:
        """OpenAI calls nobody."""

    def view(self) -> Json:
        """Answers that are still to come."""
        return {"scripted": len(self.script)}

    async def act(self, actor: str, action: str, target: str, text: str, **more: Any) -> Json:
        """`script`: queue answers, a JSON list in `text`.

        Each may have content, tool_calls [{name, arguments}], refusal, finish_reason, delay (seconds),
        status with error (an HTTP error), or garbage: true.
        """
        if action != "script":
            return {"ok": False, "id": None, "error": "unknown_action"}
        try:
            answers = json.loads(text)
        except ValueError:
            answers = None
        if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
            return {"ok": False, "id": None, "error": "not_a_list_of_answers"}
        self.script.extend(answers)
        self.world.touch()
        return {"ok": True, "id": None, "error": None}

    async def _models(self, request: web.Request) -> web.Response:
        model = {"id": "sandbox", "object": "model", "created": 1_700_000_000, "owned_by": "sandbox"}
        return web.json_response({"object": "list", "data": [model]})

    async def _completions(self, request: web.Request) -> web.Response:
        async def answer() -> web.Response:
            try:
                return await self._answer(await self._read(request))
            except Refused as refused:
                raw = {"method": "chat.completions", "error": refused.error["message"]}
                self.world.record("openai", "rejected", "out", raw=raw)
                return refused.answer()

        return await misbehaviour.answer(self.world, request, "openai", "chat.completions", answer, _fault)

    async def _read(self, request: web.Request) -> Json:
        authorization = request.headers.get("Authorization")
        if authorization is not None and not authorization.removeprefix("Bearer").strip():
            raise Refused(401, "You didn't provide an API key.", code="invalid_api_key")
        try:
            return check(await request.json())
        except ValueError:
            raise Refused(400, "We could not parse the JSON body of your request.") from None

    async def _answer(self, body: Json) -> web.Response:
        scripted = self.script.popleft() if self.script else None
        if scripted and scripted.get("delay"):
            await self.world.sleep(float(scripted["delay"]))
        if scripted and scripted.get("status", 200) >= 400:
            raise Refused(scripted["status"], str(scripted.get("error") or "scripted error"), code=scripted.get("code"))
        named = f"chatcmpl-sandbox{next(self._ids):06d}"
        said = heard(body["messages"])
        message, reason = _message(scripted) if scripted else _default(body, said)
        self.world.record("openai", "chat.completions", "out", id=named, author="bridge", text=said.last, raw=body)
        if scripted and scripted.get("garbage"):
            return web.Response(text='{"id": "chatcmpl-', content_type="application/json")
        completion = _completion(named, int(self.world.now()), body, message, reason)
        if body.get("stream"):
            return web.Response(body=_stream(completion, body), content_type="text/event-stream")
        return web.json_response(completion, headers={"x-request-id": f"req_{named[9:]}"})


def _message(scripted: Json) -> tuple[Json, str]:
    calls = [
        _tool_call(number, call["name"], call.get("arguments", {}))
        for number, call in enumerate(scripted.get("tool_calls") or [], 1)
    ]
    content = scripted.get("content")
    if content is not None and not isinstance(content, str):
        content = json.dumps(content)
    message: Json = {"role": "assistant", "content": content, "refusal": scripted.get("refusal")}
    if calls:
        message["tool_calls"] = calls
    return message, scripted.get("finish_reason") or ("tool_calls" if calls else "stop")


def _default(body: Json, said: Said) -> tuple[Json, str]:
    reply, wants_human = reply_to(said.last), asks_for_human(said.last)
    wanted: Json = body.get("response_format") or {}
    tool = next((t["function"] for t in body.get("tools") or [] if t["function"]["name"] == HAND_OVER), None)
    if tool and wants_human and body["messages"][-1]["role"] == "user":
        call = _tool_call(1, HAND_OVER, _filled(tool.get("parameters") or {"type": "object"}, reply, said))
        return {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call]}, "tool_calls"
    if wanted.get("type") == "json_schema":
        reply = json.dumps(_filled(wanted["json_schema"]["schema"], reply, said), ensure_ascii=False)
    elif wanted.get("type") == "json_object":
        reply = json.dumps({"reply": reply, "handoff": wants_human}, ensure_ascii=False)
    return {"role": "assistant", "content": reply, "refusal": None}, "stop"


def _filled(schema: Json, reply: str, said: Said) -> Any:
    try:
        return Filler(schema, reply=reply, said=said).fill()
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise Refused(400, "Invalid schema: it could not be read.", param="response_format") from None


def _tool_call(number: int, name: str, arguments: Any) -> Json:
    given = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": given}}


def _completion(named: str, created: int, body: Json, message: Json, reason: str) -> Json:
    prompt, answer = len(json.dumps(body["messages"])) // 4, len(json.dumps(message)) // 4
    return {
        "id": named,
        "object": "chat.completion",
        "created": created,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer},
        "system_fingerprint": "fp_sandbox",
    }


def _stream(completion: Json, body: Json) -> bytes:
    """The same completion as server-sent events."""
    choice = completion["choices"][0]
    content: str = choice["message"].get("content") or ""
    pieces: list[Json] = [{"role": "assistant", "content": ""}]
    pieces += [{"content": content[at : at + PIECE]} for at in range(0, len(content), PIECE)]
    calls: list[Json] = choice["message"].get("tool_calls", [])
    pieces += [{"tool_calls": [{"index": number, **call}]} for number, call in enumerate(calls)]
    common = {key: completion[key] for key in ("id", "created", "model", "system_fingerprint")}
    common["object"] = "chat.completion.chunk"
    chunks = [{**common, "choices": [{"index": 0, "delta": piece, "finish_reason": None}]} for piece in pieces]
    chunks.append({**common, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    if (body.get("stream_options") or {}).get("include_usage"):
        chunks.append({**common, "choices": [], "usage": completion["usage"]})
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode() + b"data: [DONE]\n\n"


def _fault(code: int, seconds: float) -> web.Response:
    if code == 429:
        return Refused(429, "Rate limit reached.", code="rate_limit_exceeded").answer(retry_after=seconds)
    return Refused(500, "The server had an error while processing your request.").answer()
