"""Whatever is sent to it, a look-alike answers as its platform would: with a refusal, never with a crash."""

import random
from typing import Any

import aiohttp
import pytest

from bridge.sandbox.server import Sandbox
from bridge.sandbox.telegram.bot_api import METHODS

ROUNDS = 150
_KEYS = (
    "text body id link action buttons reply title sections rows name language code components parameters emoji "
    "messages role content model tools function schema strict properties items anyOf $ref temperature offset "
    "limit allowed_updates reply_markup inline_keyboard callback_data entities length parse_mode reaction "
    "reply_parameters commands message_id caption photo document status context stream_options tool_calls"
)
KEYS = _KEYS.split()
SCRAPS = [
    "",
    "x",
    "1",
    "9" * 5000,
    "-1",
    "😀",
    "<b>",
    "</b>",
    "<a href='x'>&#x110000;",
    "HTML",
    "user",
    "tool",
    "object",
]


def nonsense(dice: random.Random, depth: int = 0) -> Any:
    """Any JSON value, of words that mean something somewhere."""
    match dice.randrange(8 if depth < 5 else 4):
        case 0 | 1:
            return dice.choice(SCRAPS)
        case 2:
            return dice.choice([0, 1, -1, 1e308, 2**70, 1.5])
        case 3:
            return dice.choice([True, False, None])
        case 4 | 5:
            return [nonsense(dice, depth + 1) for _ in range(dice.randrange(4))]
        case _:
            return {dice.choice(KEYS): nonsense(dice, depth + 1) for _ in range(dice.randrange(6))}


@pytest.fixture
async def answers(http: aiohttp.ClientSession, sandbox: Sandbox) -> Any:
    """Post a body; it must be answered, and not with a 5xx."""
    sandbox.world.strict = False
    sandbox.world.set_speed(1000)

    async def post(path: str, body: Any, **headers: str) -> None:
        async with http.post(path, json=body, headers=headers) as response:
            assert response.status < 500, body

    return post


async def test_telegram_never_stumbles(answers: Any, sandbox: Sandbox) -> None:
    dice = random.Random(1)
    await sandbox.act("telegram", "77", "write", text="hi")
    for _ in range(ROUNDS):
        named = {"chat_id": 77, "message_id": 1, "text": nonsense(dice, 2)}
        more = {dice.choice(KEYS): nonsense(dice, 1) for _ in range(4)}
        method = dice.choice([name for name, _ in METHODS.values()])
        await answers(f"/telegram/bot1:abcdef/{method}", named | more)


async def test_whatsapp_never_stumbles(answers: Any, sandbox: Sandbox) -> None:
    dice = random.Random(2)
    for _ in range(ROUNDS):
        await sandbox.act("whatsapp", "15551234567", "write", text="hi")
        kind = dice.choice(["text", "reaction", "interactive", "template", "image", "contacts", "location", "fax"])
        action = {"buttons": nonsense(dice, 3), "sections": nonsense(dice, 3)}
        likely = {"type": dice.choice(["button", "list"]), "body": {"text": "x"}, "action": action, "name": "hello"}
        content = likely | {dice.choice(KEYS): nonsense(dice, 2)} if dice.random() < 0.6 else nonsense(dice)
        body = {"messaging_product": "whatsapp", "to": "15551234567", "type": kind, kind: content}
        await answers("/whatsapp/v26.0/1/messages", body | {"context": nonsense(dice, 3)}, Authorization="Bearer x")


async def test_openai_never_stumbles(answers: Any) -> None:
    dice = random.Random(3)
    for _ in range(ROUNDS):
        messages = [
            {"role": "user", "content": nonsense(dice, 3)},
            *[nonsense(dice, 2) for _ in range(dice.randrange(2))],
        ]
        wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": nonsense(dice)}}
        body = {"model": "m", "messages": messages, "response_format": wanted}
        await answers("/openai/v1/chat/completions", body | {dice.choice(KEYS): nonsense(dice, 2)})


async def test_acts_never_stumble(answers: Any, http: aiohttp.ClientSession) -> None:
    dice = random.Random(4)
    actions = ["write", "edit", "delete", "react", "press", "block", "unblock", "send_file", "read", "script"]
    for _ in range(ROUNDS):
        extra = ("target", "text", "reply_to", "data", "name", "emoji", "mime", "content_base64", "filename", "self")
        body = {"actor": "maria", "action": dice.choice(actions)} | {name: nonsense(dice, 4) for name in extra}
        for platform in ("telegram", "whatsapp", "openai"):
            await answers("/_sandbox/act", body | {"platform": platform})
    async with http.get("/_sandbox/view") as response:
        assert response.status == 200
