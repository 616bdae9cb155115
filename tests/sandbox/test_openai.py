"""The OpenAI look-alike, spoken to by the real client."""

import json
from collections.abc import AsyncIterator
from typing import Any, Literal

import aiohttp
import jsonschema
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import AsyncOpenAI
from pydantic import BaseModel, Field

from bridge.sandbox.openai.schema import Filler, strict_trouble
from bridge.sandbox.openai.talk import Said
from bridge.sandbox.server import Sandbox
from bridge.sandbox.world import Fault

TALK_TO_HUMAN: Any = {
    "type": "function",
    "function": {
        "name": "talk_to_human",
        "parameters": {"type": "object", "properties": {"reason": {"type": "string"}}, "required": ["reason"]},
    },
}


class Turn(BaseModel):
    reply: str
    handoff: bool
    mood: Literal["calm", "angry"]
    reason: str | None
    topics: list[str]


@pytest.fixture
async def client(url: str) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=f"{url}/openai/v1", api_key="any", max_retries=0) as client:
        yield client


async def ask(client: AsyncOpenAI, text: str, **more: Any) -> Any:
    completion = await client.chat.completions.create(
        model="sandbox", messages=[{"role": "user", "content": text}], **more
    )
    return completion.choices[0]


async def test_the_same_question_gets_the_same_short_answer(client: AsyncOpenAI) -> None:
    answers = {(await ask(client, "When do you open?")).message.content for _ in range(3)}
    (answer,) = answers
    assert "When do you open?" in answer


async def test_somebody_who_asks_for_a_person_makes_the_tool_call(client: AsyncOpenAI) -> None:
    choice = await ask(client, "I want to talk to a real person!", tools=[TALK_TO_HUMAN])
    assert choice.finish_reason == "tool_calls"
    (call,) = choice.message.tool_calls
    assert call.function.name == "talk_to_human"
    assert json.loads(call.function.arguments) == {"reason": "I want to talk to a real person!"}
    assert (await ask(client, "When do you open?", tools=[TALK_TO_HUMAN])).finish_reason == "stop"


async def test_after_the_tools_answer_there_is_text(client: AsyncOpenAI) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "talk_to_human", "arguments": "{}"}}
    messages: Any = [
        {"role": "user", "content": "a human please"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": "ok"},
    ]
    completion = await client.chat.completions.create(model="sandbox", messages=messages, tools=[TALK_TO_HUMAN])
    assert completion.choices[0].message.content


async def test_structured_output_fits_the_schema_and_the_question(client: AsyncOpenAI) -> None:
    for text, handoff in (("When do you open?", False), ("get me a human", True)):
        messages: Any = [{"role": "user", "content": text}]
        completion = await client.chat.completions.parse(model="sandbox", messages=messages, response_format=Turn)
        turn = completion.choices[0].message.parsed
        assert turn
        assert (turn.handoff, turn.mood, turn.reason, turn.topics) == (handoff, "calm", None, [text])


async def test_a_transcript_is_summarised_from_what_the_customer_said(client: AsyncOpenAI) -> None:
    class Summary(BaseModel):
        subject: str
        tried: str
        wants: str
        mood: str = Field(description="One of: calm, upset.")

    lines = [("customer", "Where is order 7?"), ("bot", "It is on its way."), ("customer", "It never came!")]
    transcript = "\n".join(json.dumps({"who": who, "said": said}) for who, said in lines)
    messages: Any = [{"role": "user", "content": f"The transcript:\n{transcript}"}]
    completion = await client.chat.completions.parse(model="sandbox", messages=messages, response_format=Summary)
    summary = completion.choices[0].message.parsed
    assert summary == Summary(
        subject="Where is order 7?", tried="It is on its way.", wants="It never came!", mood="calm"
    )


leaves = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("string")}, optional={"maxLength": st.integers(5, 40), "minLength": st.just(4)}
    ),
    st.fixed_dictionaries({"type": st.sampled_from(["integer", "number"])}, optional={"minimum": st.integers(-9, 9)}),
    st.fixed_dictionaries({"type": st.just("integer"), "minimum": st.integers(1, 9), "multipleOf": st.integers(1, 5)}),
    st.fixed_dictionaries({"type": st.just("number"), "maximum": st.integers(-9, 9)}),
    st.fixed_dictionaries({"enum": st.lists(st.text(), min_size=1)}),
    st.just({"type": "boolean"}),
    st.just({"type": ["string", "null"]}),
)
schemas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": inner}, optional={"minItems": st.integers(0, 3)}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3)}),
        st.dictionaries(st.sampled_from(["reply", "handoff", "reason", "tags"]), inner).map(
            lambda parts: {
                "type": "object",
                "properties": parts,
                "required": list(parts),
                "additionalProperties": False,
            }
        ),
    ),
    max_leaves=8,
)


@given(schema=schemas, asked=st.text())
def test_what_is_filled_in_is_valid_against_its_schema(schema: dict[str, Any], asked: str) -> None:
    jsonschema.validate(Filler(schema, reply="Hello!", said=Said(asked, asked, "")).fill(), schema)


def test_a_schema_may_point_at_its_own_parts() -> None:
    schema: dict[str, Any] = {
        "$defs": {"node": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}},
        "type": "object",
        "properties": {"first": {"$ref": "#/$defs/node"}},
    }
    assert Filler(schema, reply="r", said=Said("a", "a", "")).fill() == {"first": {"name": "a"}}


def test_strict_mode_wants_closed_objects_and_every_property() -> None:
    closed = {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "additionalProperties": False,
    }
    assert strict_trouble(closed) is None
    assert strict_trouble({**closed, "required": []})
    assert strict_trouble({"type": "array", "items": {"type": "object", "properties": {}}})


async def test_scripted_answers_come_in_turn_and_then_the_default(client: AsyncOpenAI, act: Any) -> None:
    script = [
        {"content": "one"},
        {"tool_calls": [{"name": "f", "arguments": {"x": 1}}]},
        {"content": {"reply": "json"}},
    ]
    assert (await act("openai", "", "script", text=json.dumps(script)))["ok"]
    assert (await ask(client, "x")).message.content == "one"
    called = await ask(client, "x")
    assert (called.finish_reason, called.message.tool_calls[0].function.arguments) == ("tool_calls", '{"x": 1}')
    assert json.loads((await ask(client, "x")).message.content) == {"reply": "json"}
    assert (await ask(client, "Hi")).message.content == "Hello! How can I help you?"


async def test_a_script_can_fail_babble_refuse_and_take_its_time(
    client: AsyncOpenAI, act: Any, sandbox: Sandbox
) -> None:
    script = [{"status": 503}, {"garbage": True}, {"refusal": "no"}, {"content": "slow", "delay": 30}]
    await act("openai", "", "script", text=json.dumps(script))
    with pytest.raises(openai.InternalServerError):
        await ask(client, "x")
    with pytest.raises((openai.APIError, ValueError)):
        await ask(client, "x")
    assert (await ask(client, "x")).message.refusal == "no"
    sandbox.world.set_speed(1000)
    before = sandbox.world.now()
    assert (await ask(client, "x")).message.content == "slow"
    assert sandbox.world.now() - before >= 30


async def test_a_script_that_is_no_list_is_refused(act: Any) -> None:
    for text in ("", "{}", "[1]"):
        assert not (await act("openai", "", "script", text=text))["ok"]


async def test_an_answer_can_be_streamed(client: AsyncOpenAI) -> None:
    async with client.chat.completions.stream(
        model="sandbox", messages=[{"role": "user", "content": "When do you open on Sundays?"}]
    ) as stream:
        final = await stream.get_final_completion()
    assert final.choices[0].message.content == (await ask(client, "When do you open on Sundays?")).message.content


async def test_a_tool_call_can_be_streamed(client: AsyncOpenAI) -> None:
    async with client.chat.completions.stream(
        model="sandbox", messages=[{"role": "user", "content": "a human please"}], tools=[TALK_TO_HUMAN]
    ) as stream:
        final = await stream.get_final_completion()
    assert final.choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": []},
        {"messages": [{"role": "nobody", "content": "x"}]},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "tool", "tool_call_id": "x", "content": "x"}]},
        {"temperature": 3},
        {"tools": [{"type": "function"}]},
        {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "x", "strict": True, "schema": {"type": "object"}},
            }
        },
    ],
)
async def test_a_wrong_request_gets_openais_error(client: AsyncOpenAI, history: Any, wrong: Any) -> None:
    right: Any = {"model": "sandbox", "messages": [{"role": "user", "content": "x"}]}
    with pytest.raises(openai.BadRequestError) as refused:
        await client.chat.completions.create(**right | wrong)
    assert refused.value.type == "invalid_request_error"
    assert [e["kind"] for e in await history("openai")] == ["rejected"]


async def test_a_key_is_not_needed_but_an_empty_one_is_refused(http: aiohttp.ClientSession) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    for headers, status in (({}, 200), ({"Authorization": "Bearer "}, 401)):
        async with http.post("/openai/v1/chat/completions", json=body, headers=headers) as response:
            assert response.status == status


async def test_the_models_are_listed(client: AsyncOpenAI) -> None:
    assert [model.id async for model in client.models.list()] == ["sandbox"]


async def test_faults_are_what_the_client_expects(client: AsyncOpenAI, sandbox: Sandbox) -> None:
    raised: list[tuple[str, type[Exception]]] = [
        ("429", openai.RateLimitError),
        ("500", openai.InternalServerError),
        ("disconnect", openai.APIConnectionError),
    ]
    for fault, error in raised:
        sandbox.world.faults.append(Fault("openai", "chat.completions", fault, times=1))
        with pytest.raises(error):
            await ask(client, "x")


async def test_the_history_holds_the_request(client: AsyncOpenAI, history: Any) -> None:
    await ask(client, "When do you open?")
    (entry,) = await history("openai")
    assert (entry["kind"], entry["direction"], entry["text"]) == ("chat.completions", "out", "When do you open?")
    assert entry["raw"]["messages"] == [{"role": "user", "content": "When do you open?"}]
