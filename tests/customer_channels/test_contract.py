"""What every channel promises, whatever its platform: nothing lost, nothing twice, nothing guessed."""

import asyncio
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bridge.content import Author, Part, units
from bridge.customer_channels import found
from bridge.errors import TryLater, Uncertain, Undeliverable
from bridge.ports import CustomerChannel, Kit, Said
from bridge.sandbox.server import Sandbox
from bridge.sandbox.world import Entry, Fault

if TYPE_CHECKING:
    from conftest import Inbox, Stand

ANA = Author("agent", "Ana")
CUSTOMER = "351911222333"
SIGNS = "*stars* _lines_ ~waves~ `ticks` ```blocks``` [link](https://example.com)"
SIGNS_READ = "stars lines waves ticks blocks [link](https://example.com)"
UNSEEN = "\u200b"  # behind what would be a sign
NASTY = (
    "plain",
    "<b>1 < 2 && 3 > 2</b> &amp; <!channel> <@U123>",
    SIGNS,
    "emoji \U0001f468‍\U0001f469‍\U0001f467 flags \U0001f1f5\U0001f1f9 and é",
    "right ‮left‬ שלום مرحبا 你好",
    "two\nlines\n\n- and\n- lists",
    "{{node-id}} %s \\n \x07 bell",
)


@dataclass(frozen=True)
class Way:
    """One channel, by one way of receiving, with its look-alike."""

    platform: str
    send: str  # what the look-alike calls a send
    env: dict[str, str]
    webhook: str = ""
    signs: bool = False  # in the words, for what is marked


WAYS = (
    Way("telegram", "sendMessage", {"TELEGRAM_BOT_TOKEN": "7000000001:sandbox-token"}),
    Way(
        "telegram",
        "sendMessage",
        {
            "TELEGRAM_BOT_TOKEN": "7000000001:sandbox-token",
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_SECRET": "s3cret",
        },
        webhook="/telegram/webhook",
    ),
    Way(
        "whatsapp",
        "messages",
        {
            "WHATSAPP_TOKEN": "EAAtoken",
            "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
            "WHATSAPP_APP_SECRET": "s3cret",
            "WHATSAPP_VERIFY_TOKEN": "verify-me",
        },
        webhook="/whatsapp/webhook",
        signs=True,
    ),
)


class Far:
    """The channel, and the customer at its far end."""

    def __init__(self, way: Way, channel: CustomerChannel, sandbox: Sandbox, inbox: "Inbox") -> None:
        self.way, self.channel, self.sandbox, self.inbox = way, channel, sandbox, inbox

    async def writes(self, text: str) -> str:
        done = await self.sandbox.act(self.way.platform, CUSTOMER, "write", text=text)
        assert done["ok"]
        return str(done["id"])

    async def said(self, count: int) -> list[Said]:
        def told() -> list[Said]:
            return [event for event in self.inbox.events if isinstance(event, Said)]

        await self.inbox.until(lambda: len(told()) >= count)
        return told()

    def got(self) -> list[Entry]:
        return [entry for entry in self.sandbox.world.history if entry.kind == self.way.send]

    def fails(self, fault: str, **more: Any) -> None:
        self.sandbox.world.faults.append(Fault(self.way.platform, self.way.send, fault, **more))


def part(text: str, *choices: str) -> Part:
    return Part(ANA, text, choices)


def the(channels: list[CustomerChannel], name: str) -> CustomerChannel:
    return next(channel for channel in channels if channel.name == name)


@pytest.fixture(params=WAYS, ids=lambda way: way.platform + ("-webhook" if way.webhook else ""))
async def far(
    request: pytest.FixtureRequest, kit: Kit, sandbox: Sandbox, sandbox_url: str, inbox: "Inbox", stand: "Stand"
) -> Far:
    way: Way = request.param
    env = {**way.env, f"{way.platform.upper()}_API_URL": f"{sandbox_url}/{way.platform}"}
    channel = the(found(env, kit), way.platform)
    if way.webhook:
        url = await stand.serve(channel.routes(inbox.receive))
        platform = sandbox.telegram if way.platform == "telegram" else sandbox.whatsapp
        platform.connect({"webhook_url": url + way.webhook, "app_secret": "s3cret", "secret_token": "s3cret"})
    stand.running(channel.run(inbox.receive))
    return Far(way, channel, sandbox, inbox)


async def test_what_customers_write_arrives_once_in_order_and_as_written(far: Far) -> None:
    ids = [await far.writes(text) for text in NASTY]
    said = await far.said(len(NASTY))
    assert [one.text for one in said] == [SIGNS_READ if far.way.signs and it == SIGNS else it for it in NASTY]
    assert [one.id for one in said] == ids
    assert len({one.chat for one in said}) == 1
    assert all(one.at.tzinfo and one.name for one in said)


async def test_what_is_delivered_twice_is_stored_once(far: Far) -> None:
    far.sandbox.world.faults.append(Fault(far.way.platform, "message", "duplicate"))
    for number in range(5):
        await far.writes(f"message {number}")
    assert [one.text for one in await far.said(5)] == [f"message {number}" for number in range(5)]
    await far.inbox.until(lambda: sum(map(len, far.inbox.batches)) >= 10)
    assert len(far.inbox.events) == 5


async def test_what_cannot_be_stored_is_not_lost(far: Far) -> None:
    far.sandbox.world.set_speed(100)
    far.inbox.failures = 2
    await far.writes("Hello")
    await far.writes("Are you there?")
    assert [one.text for one in await far.said(2)] == ["Hello", "Are you there?"]


@pytest.mark.parametrize("text", NASTY)
async def test_what_is_sent_arrives_as_it_is(far: Far, text: str) -> None:
    await far.writes("Hello")
    [said] = await far.said(1)
    named = await far.channel.send(said.chat, part(text), "k1")
    [sent] = far.got()
    assert (sent.id, (sent.text or "").replace(UNSEEN, "")) == (named, text)
    assert far.way.signs or sent.text == text


async def test_the_longest_text_is_taken(far: Far) -> None:
    await far.writes("Hello")
    [said] = await far.said(1)
    text = "\U0001f600" * (far.channel.limit.length // 2)
    assert units(text) == far.channel.limit.length
    await far.channel.send(said.chat, part(text), "k1")
    assert far.got()[-1].text == text


async def test_a_burst_within_the_limits_is_taken(far: Far) -> None:
    await far.writes("Hello")
    [said] = await far.said(1)
    for number in range(far.channel.limit.per_chat_burst):
        await far.channel.send(said.chat, part(f"{number}"), f"k{number}")
    assert len(far.got()) == far.channel.limit.per_chat_burst


async def test_a_choice_comes_back_as_the_customer_s_words(far: Far) -> None:
    assert far.channel.can.carries("buttons", "out")
    await far.writes("Hello")
    [said] = await far.said(1)
    sent = await far.channel.send(said.chat, part("How can I help?", "Yes", "No"), "k1")
    [chat] = far.sandbox.telegram.view()["chats"] or far.sandbox.whatsapp.view()["chats"]
    shown = next(message for message in chat["messages"] if str(message["id"]) == sent)
    button = [button for row in shown["buttons"] for button in (row if isinstance(row, list) else [row])][1]
    done = await far.sandbox.act(far.way.platform, CUSTOMER, "press", target=sent, data=button["data"])
    assert done["ok"]
    assert (await far.said(2))[1].text == "No"


async def test_a_change_is_shown_or_refused_aloud(far: Far) -> None:
    await far.writes("Hello")
    [said] = await far.said(1)
    sent = await far.channel.send(said.chat, part("Yes"), "k1")
    if far.channel.can.carries("edit", "out"):
        await far.channel.edit(said.chat, sent, part("No"), "k2")
        await far.channel.edit(said.chat, sent, part("No"), "k2")
        assert [entry.text for entry in far.sandbox.world.history if "edit" in entry.kind] == ["No"]
    else:
        with pytest.raises(Undeliverable, match="change"):
            await far.channel.edit(said.chat, sent, part("No"), "k2")


async def test_a_deletion_is_done_or_refused_aloud(far: Far) -> None:
    await far.writes("Hello")
    [said] = await far.said(1)
    sent = await far.channel.send(said.chat, part("Yes"), "k1")
    if far.channel.can.carries("delete", "out"):
        await far.channel.delete(said.chat, sent, "k2")
        await far.channel.delete(said.chat, sent, "k2")
        assert [entry.id for entry in far.sandbox.world.history if "delete" in entry.kind] == [sent]
    else:
        with pytest.raises(Undeliverable, match="delete"):
            await far.channel.delete(said.chat, sent, "k2")


@pytest.mark.parametrize(
    ("fault", "error", "arrives"),
    [
        ("429", TryLater, False),
        ("500", TryLater, False),
        ("disconnect", Uncertain, False),
        ("drop_after_accept", Uncertain, True),
        ("garbage", Uncertain, True),
    ],
)
async def test_a_failed_send_is_certain_only_when_it_is(
    far: Far, fault: str, error: type[Exception], arrives: bool
) -> None:
    await far.writes("Hello")
    [said] = await far.said(1)
    far.fails(fault, times=1)
    with pytest.raises(error):
        await far.channel.send(said.chat, part("How can I help?"), "k1")
    assert bool(far.got()) == arrives


async def test_typing_raises_nothing(far: Far) -> None:
    await far.writes("Hello")
    [said] = await far.said(1)
    await far.channel.typing(said.chat)
    await far.channel.typing("nobody")
    for fault in ("500", "disconnect", "garbage"):
        far.sandbox.world.faults[:] = [Fault(far.way.platform, "*", fault)]
        await far.channel.typing(said.chat)


async def test_without_a_platform_everything_waits_or_says_so(far: Far, kit: Kit) -> None:
    env = {**far.way.env, f"{far.way.platform.upper()}_API_URL": "http://127.0.0.1:9"}
    channel = the(found(env, kit), far.way.platform)
    with pytest.raises(TryLater):
        await channel.send(CUSTOMER, part("Hello"), "k1")
    await channel.typing(CUSTOMER)
    await channel.close()


async def test_a_channel_is_on_when_its_settings_are_there(kit: Kit) -> None:
    everything = {name: value for way in WAYS for name, value in way.env.items()}
    assert {"telegram", "whatsapp"} & {channel.name for channel in found({}, kit)} == set()
    assert {"telegram", "whatsapp", "web"} == {channel.name for channel in found(everything, kit)}


async def test_every_channel_has_what_the_bridge_asks_of_it(kit: Kit) -> None:
    everything = {name: value for way in WAYS for name, value in way.env.items()}
    for channel in found(everything, kit):
        assert channel.limit.length > 0
        if not channel.can.journal:  # a platform of others: `bridge doctor` can ask it who we are
            assert isinstance(getattr(channel, "variables", None), tuple), channel.name
            assert inspect.iscoroutinefunction(getattr(channel, "check", None)), channel.name
        async with asyncio.timeout(10):
            await channel.close()
