"""What is going on when the bridge is killed: one event and all that follows from it, on each channel."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chaos.awaits.scene import Scene

Act = Callable[[Scene], Awaitable[None]]
PHONES = ("telegram", "whatsapp")
ALL = (*PHONES, "web")
SENDS = {"telegram": "sendMessage", "whatsapp": "messages"}


@dataclass(frozen=True, slots=True)
class Scenario:
    """`before` leads up to it unharmed. While `act` is played, the bridge is killed."""

    name: str
    channel: str
    before: Act
    act: Act
    doubts: bool = False  # the platform itself leaves a message in doubt, or fails it


SCENARIOS: list[Scenario] = []


def scenario(*channels: str, before: Act, doubts: bool = False) -> Callable[[Act], Act]:
    """Add a scenario on these channels; it is called as its function is."""

    def add(act: Act) -> Act:
        SCENARIOS.extend(Scenario(f"{act.__name__} {it}", it, before, act, doubts) for it in channels)
        return act

    return add


# --------------------------------------------------------------------------------------------------- leading up to it


async def with_the_bot(scene: Scene) -> None:
    """The customer has had an answer of the bot."""
    await scene.is_answered(await scene.says(answered=True))


async def waiting(scene: Scene) -> None:
    """The customer waits for a person."""
    await scene.asks_for_a_person()
    await scene.until(lambda: scene.hears("A person from our team"), "the waiting text")


async def claimed(scene: Scene) -> None:
    """The customer talks to Ana."""
    await waiting(scene)
    await scene.claims("ana")
    await scene.until(lambda: scene.hears("You are now talking to Ana"), "the handover text")


async def ended(scene: Scene) -> None:
    """The customer's conversation has ended."""
    await claimed(scene)
    await scene.ends()


# -------------------------------------------------------------------------------------------------------- the bot's


@scenario(*ALL, before=with_the_bot)
async def asks_the_bot(scene: Scene) -> None:
    """The bot answers a customer."""
    await scene.is_answered(await scene.says(answered=True))


@scenario(*ALL, before=with_the_bot)
async def asks_for_a_person(scene: Scene) -> None:
    """Card, transcript and summary; the waiting text."""
    await scene.asks_for_a_person()


@scenario(*PHONES, before=ended)
async def writes_again(scene: Scene) -> None:
    """After the end the bot answers."""
    await scene.is_answered(await scene.says(answered=True))


@scenario(*ALL, before=with_the_bot)
async def claim_while_the_bot_thinks(scene: Scene) -> None:
    """The model takes its time; meanwhile the customer wants a person, and Ana is one."""
    scene.fault("openai", "chat.completions", "delay", seconds=10.0)
    await scene.says(answered=None)
    await scene.asks_for_a_person()
    await scene.claims("ana")


# ----------------------------------------------------------------------------------------------------- who answers


@scenario(*ALL, before=waiting)
async def claim(scene: Scene) -> None:
    """An agent claims."""
    await scene.claims("ana")


@scenario("telegram", before=waiting)
async def two_claims(scene: Scene) -> None:
    """Two agents claim at the same moment."""
    await scene.claims("ana", "ben")


@scenario(*ALL, before=claimed)
async def hand_back(scene: Scene) -> None:
    """Back to the bot, with a note."""
    scene.ground.deeds.hand_backs.append((scene.name, scene.ground.watch.now + 1))
    number = scene.card.number
    back = lambda: scene.ground.team.commands("ana", f"/handback #{number} parcel found")  # noqa: E731
    await scene.do(back, lambda: scene.card.handed_back or None, "the hand back")


# -------------------------------------------------------------------------------------------------------- the words


@scenario(*ALL, before=claimed)
async def line(scene: Scene) -> None:
    """A line of the customer into the thread."""
    await scene.stands_in_thread(await scene.says())


@scenario(*ALL, before=claimed)
async def reply(scene: Scene) -> None:
    """An agent's reply, and the mark on it."""
    _, place = await scene.replies()
    await scene.is_marked(place, "white_check_mark")


@scenario("telegram", "web", before=claimed)
async def edit(scene: Scene) -> None:
    """An agent's reply is changed afterwards."""
    typed, place = await scene.replies()
    await scene.ground.sandbox.act("slack", "ana", "edit", place, f"{typed} I have found it.")
    await scene.comes(lambda: scene.hears("I have found it.") or scene.reads("change did not reach"), "the change")


@scenario("telegram", before=waiting)
async def held(scene: Scene) -> None:
    """A message before any claim is held; its writer claims and sends it."""
    typed, place = await scene.types("ben", shown=None)
    await scene.is_marked(place, "raised_hand")
    question = await scene.whispered("ben", "Nobody has claimed this conversation")
    scene.owner = "ben"
    if question is None:  # a private word is said once at most: whoever sees only the mark claims and writes again
        await scene.claims("ben")
        await scene.replies()
        return
    press = lambda: scene.clicks("ben", "held_send", question)  # noqa: E731
    await scene.do(press, lambda: scene.card.owner or None, "the claim that sends what was held")
    scene.must_arrive(typed)
    await scene.arrives(typed)


@scenario("whatsapp", before=claimed)
async def read_receipt(scene: Scene) -> None:
    """The customer reads the reply, and the agent sees that it arrived."""
    _, place = await scene.replies()
    await scene.ground.sandbox.act("whatsapp", scene.name.lower(), "read")
    await scene.is_marked(place, "eyes")


# ------------------------------------------------------------------------------------------ a platform misbehaves


@scenario(*PHONES, before=claimed, doubts=True)
async def reply_without_answer(scene: Scene) -> None:
    """The platform takes the reply, and its answer gets lost."""
    scene.fault(scene.channel, SENDS[scene.channel], "drop_after_accept")
    await scene.replies()


@scenario("telegram", before=claimed, doubts=True)
async def line_without_answer(scene: Scene) -> None:
    """Slack takes the line, and its answer gets lost."""
    scene.fault("slack", "chat.postMessage", "drop_after_accept")
    await scene.stands_in_thread(await scene.says())


@scenario("telegram", before=with_the_bot, doubts=True)
async def card_without_answer(scene: Scene) -> None:
    """Slack takes the card, and its answer gets lost."""
    scene.fault("slack", "chat.postMessage", "drop_after_accept")
    await scene.asks_for_a_person()


@scenario(*PHONES, before=claimed)
async def asked_to_wait(scene: Scene) -> None:
    """The platform wants fewer messages."""
    scene.fault(scene.channel, SENDS[scene.channel], "429", seconds=1.0)
    await scene.replies()


@scenario("telegram", before=claimed)
async def slack_asks_to_wait(scene: Scene) -> None:
    """Slack wants fewer posts."""
    scene.fault("slack", "chat.postMessage", "429", seconds=1.0)
    await scene.stands_in_thread(await scene.says())


@scenario(*PHONES, before=claimed, doubts=True)
async def blocked(scene: Scene) -> None:
    """The customer has blocked the business: the agent reads that the reply did not arrive."""
    await scene.ground.sandbox.act(scene.channel, scene.name.lower(), "block")
    typed, place = await scene.types("ana")
    await scene.comes(lambda: scene.reads("did not reach the customer"), f"that {typed} did not arrive", "resend")
    await scene.is_marked(place, "warning")
    await scene.ground.sandbox.act(scene.channel, scene.name.lower(), "unblock")
