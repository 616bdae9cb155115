"""What a completion call asks, checked; and OpenAI's error answers."""

from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from bridge.sandbox.openai.schema import strict_trouble

Json = dict[str, Any]


class Refused(Exception):
    """OpenAI says no."""

    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        kind = {429: "requests", 500: "server_error"}.get(status, "invalid_request_error")
        self.error = {"message": message, "type": kind, "param": param, "code": code}

    def answer(self, retry_after: float | None = None) -> web.Response:
        """As HTTP."""
        headers = {"x-request-id": "req_sandbox"} | ({"Retry-After": f"{retry_after:g}"} if retry_after else {})
        return web.json_response({"error": self.error}, status=self.status, headers=headers)


class _Function(BaseModel):
    name: str
    parameters: Json | None = None


class _Tool(BaseModel):
    type: Literal["function"]
    function: _Function


class _Call(BaseModel):
    id: str


class _Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Json] | None = None
    tool_calls: list[_Call] | None = None
    tool_call_id: str | None = None


class _Schema(BaseModel):
    name: str
    strict: bool | None = None
    definition: Annotated[Json, Field(alias="schema")]


class _Format(BaseModel):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: _Schema | None = None


class _StreamOptions(BaseModel):
    include_usage: bool | None = None


class _Request(BaseModel):
    model: Annotated[str, Field(min_length=1)]
    messages: Annotated[list[_Message], Field(min_length=1)]
    tools: list[_Tool] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    response_format: _Format | None = None
    stream: bool | None = None
    stream_options: _StreamOptions | None = None


def check(body: Any) -> Json:
    """A valid request, as it came; refuses another with a 400."""
    if not isinstance(body, dict):
        raise Refused(400, "We could not parse the JSON body of your request.")
    try:
        asked = _Request.model_validate(body)
    except ValidationError as trouble:
        first = trouble.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "missing":
            raise Refused(
                400, f"Missing required parameter: '{where}'.", param=where, code="missing_required_parameter"
            ) from None
        raise Refused(400, f"Invalid value for '{where}': {first['msg']}.", param=where, code="invalid_value") from None
    _check_conversation(asked.messages)
    _check_format(asked.response_format)
    return body


def _check_conversation(messages: list[_Message]) -> None:
    called: set[str | None] = set()
    for number, message in enumerate(messages):
        where = f"messages.[{number}]"
        if message.content is None and not (message.role == "assistant" and message.tool_calls):
            raise Refused(400, f"Invalid value for '{where}.content': expected a string.", param=f"{where}.content")
        if message.role == "tool" and message.tool_call_id not in called:
            raise Refused(400, f"Invalid parameter: '{where}' must follow a message with 'tool_calls'.", param=where)
        called.update(call.id for call in message.tool_calls or [])


def _check_format(wanted: _Format | None) -> None:
    if wanted is None or wanted.type != "json_schema":
        return
    schema = wanted.json_schema
    if schema is None:
        where = "response_format.json_schema"
        raise Refused(400, f"Missing required parameter: '{where}'.", param=where, code="missing_required_parameter")
    if schema.strict and (trouble := strict_trouble(schema.definition)):
        raise Refused(400, f"Invalid schema for response_format '{schema.name}': {trouble}", param="response_format")
