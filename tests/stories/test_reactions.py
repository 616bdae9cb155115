"""An agent's reaction to what a customer wrote: the customer sees it, or it stays in Slack."""

from datetime import timedelta
from typing import Any

import pytest

from bridge.demo.customers import Customer
from bridge.sandbox.world import Entry

from ..conftest import Desk, Rig, Rigs
from .test_policies import desk
from .test_reply_window import passes
from .test_windows import acts

PHONES = ("telegram", "whatsapp")


async def writes(rig: Rig, customer: Customer, card: Entry, text: str = "I have found it!") -> tuple[str, str]:
    """Maria writes; gives her message's id, and where it stands in the thread."""
    done = await rig.sandbox.act(customer.channel, "maria", "write", "", text)
    line = await rig.team.sees_post(card, text)
    await rig.finds("SELECT 1 FROM shown WHERE ts = ?", line.id)
    return str(done["id"]), f"{card.chat}:{line.id}"


async def reacts(rig: Rig, who: str, where: str, name: str, *, remove: bool = False) -> None:
    more: dict[str, Any] = {"remove": True} if remove else {}
    await acts(rig, who, "react", where, emoji=name, **more)


def seen(rig: Rig, customer: Customer, id: str) -> str:
    """The reaction of ours that Maria sees on a message of hers."""
    if customer.channel == "telegram":
        return rig.sandbox.telegram.chats.of("maria").messages[int(id)].reactions.get(True, "")
    return rig.sandbox.whatsapp.customers.of("maria").messages[id].reactions.get(True, "")


async def sees(rig: Rig, customer: Customer, id: str, emoji: str) -> None:
    await rig.until(lambda: seen(rig, customer, id) == emoji or None, f"{emoji or 'none'} on it")


def sent(rig: Rig, customer: Customer) -> list[str]:
    """Every reaction that went to a platform."""
    if customer.channel == "telegram":
        return [it.text or "" for it in rig.history("telegram", "setMessageReaction")]
    return [it.raw["reaction"]["emoji"] for it in rig.history("whatsapp", "messages") if it.raw["type"] == "reaction"]


def told(rig: Rig, piece: str, after: int = 0) -> int:
    return sum(piece in (it.text or "") for it in rig.history("slack", "chat.postEphemeral", after=after))


@pytest.mark.parametrize("channel", PHONES)
async def test_the_customer_sees_the_last_reaction_of_whoever_has_them(rig: Rig, channel: str) -> None:
    maria, card = await rig.claimed(channel)
    named, line = await writes(rig, maria, card)
    await reacts(rig, "ana", line, "+1")
    await sees(rig, maria, named, "👍")
    await rig.told("ana", "The customer sees your reactions such as 👍 on what they wrote.")
    await reacts(rig, "ana", line, "tada")
    await sees(rig, maria, named, "🎉")
    await reacts(rig, "ana", line, "tada", remove=True)
    await sees(rig, maria, named, "👍")
    await reacts(rig, "ana", line, "+1", remove=True)
    await sees(rig, maria, named, "")
    await rig.quiet()
    assert told(rig, "The customer sees your reactions") == 1
    assert await rig.read(lambda tx: tx.all("SELECT waits IS NULL FROM handoff")) == [(0,)]  # it is no answer


async def test_it_is_the_same_on_postgresql(rigs: Rigs, postgres: str) -> None:
    async with rigs(DATABASE_URL=postgres) as rig:
        maria, card = await rig.claimed()
        named, line = await writes(rig, maria, card)
        await reacts(rig, "ana", line, "+1")
        await sees(rig, maria, named, "👍")
        await reacts(rig, "ana", line, "+1", remove=True)
        await sees(rig, maria, named, "")


async def test_what_could_be_a_sign_among_agents_stays_there_and_that_is_told_once(rig: Rig) -> None:
    maria, card = await rig.claimed()
    _, line = await writes(rig, maria, card)
    for name in ("eyes", "white_check_mark", "hourglass"):
        await reacts(rig, "ana", line, name)
    await reacts(rig, "ana", line, "eyes", remove=True)
    await rig.told("ana", "👀 stays in Slack.")
    await rig.hears_next(maria, "ana", card)
    assert sent(rig, maria) == []
    assert told(rig, "stays in Slack") == 1


async def test_a_desk_may_have_all_of_them_carried_as_far_as_the_platform_knows_them(
    rigs: Rigs, desk_with: Desk
) -> None:
    async with desk(rigs, desk_with, 'reactions = "all"') as rig:
        maria, card = await rig.claimed()
        named, line = await writes(rig, maria, card)
        await reacts(rig, "ana", line, "eyes")
        await sees(rig, maria, named, "👀")
        await reacts(rig, "ana", line, "joy")  # Telegram has one that is almost the same
        await sees(rig, maria, named, "🤣")
        await reacts(rig, "ana", line, "+1::skin-tone-4")
        await sees(rig, maria, named, "👍")
        await reacts(rig, "ana", line, "t-rex")
        await rig.told("ana", "The customer does not see your reaction: Telegram has no 🦖 among its reactions.")
        await reacts(rig, "ana", line, "party-parrot")
        await rig.told("ana", ":party-parrot:")
        assert seen(rig, maria, named) == "👍"


@pytest.mark.parametrize("line", ['reactions = "none"', 'audience = "explicit"'])
async def test_where_a_desk_wants_none_none_go_and_nobody_is_told(rigs: Rigs, desk_with: Desk, line: str) -> None:
    async with desk(rigs, desk_with, line) as rig:
        maria, card = await rig.claimed()
        _, where = await writes(rig, maria, card)
        after = rig.now
        await reacts(rig, "ana", where, "+1")
        await rig.types("ana", card, "!say And so on.")
        await maria.hears(lambda heard: heard == "And so on.", "And so on.")
        assert sent(rig, maria) == []
        assert not rig.history("slack", "chat.postEphemeral", after=after)


async def test_reactions_among_agents_are_theirs(rig: Rig) -> None:
    """Another's, in a queue, on a card, on an agent's own words, and where the bot answers again."""
    maria, card = await rig.waiting()
    _, early = await writes(rig, maria, card, "Is anybody there?")
    after = rig.now
    await reacts(rig, "ana", early, "+1")
    await rig.team.clicks("ana", card, "claim")
    await maria.hears(lambda text: text == "You are now talking to Ana.", "the handover")
    _, line = await writes(rig, maria, card)
    reply = await rig.types("ana", card, "Good!")
    await maria.hears(lambda text: text == "Good!", "the reply")
    await reacts(rig, "ben", line, "+1")
    await reacts(rig, "ana", f"{card.chat}:{card.id}", "+1")
    await reacts(rig, "ana", f"{card.chat}:{reply}", "+1")
    await reacts(rig, "ben", f"{card.chat}:{reply}", "eyes")
    await rig.types("ana", card, "!handback")
    await maria.hears(lambda text: "assistant is back" in text, "the bot")
    await reacts(rig, "ana", line, "tada")
    await rig.team.commands("ana", "/desk")  # which comes after it
    await rig.quiet()
    assert sent(rig, maria) == []
    assert not told(rig, "reaction", after)


async def test_what_is_changed_quickly_goes_out_as_it_is_in_the_end(rig: Rig) -> None:
    maria, card = await rig.claimed()
    named, line = await writes(rig, maria, card)
    rig.fault("telegram", "sendMessage", "429", seconds=1.0)
    await rig.types("ana", card, "One moment.")
    await rig.until(lambda: rig.history("telegram", "rejected") or None, "the refusal")
    for name in ("+1", "tada", "heart"):
        await reacts(rig, "ana", line, name)
    await reacts(rig, "ana", line, "heart", remove=True)
    await rig.finds("SELECT 1 FROM shown WHERE reactions LIKE '%🎉'")
    await sees(rig, maria, named, "🎉")
    assert sent(rig, maria) == ["🎉"]


async def test_what_has_not_left_when_the_conversation_is_handed_back_never_does(rig: Rig) -> None:
    maria, card = await rig.claimed()
    _, line = await writes(rig, maria, card)
    rig.fault("telegram", "sendMessage", "429", seconds=1.0)
    await rig.types("ana", card, "One moment.")
    await rig.until(lambda: rig.history("telegram", "rejected") or None, "the refusal")
    await reacts(rig, "ana", line, "+1")
    await rig.finds("SELECT 1 FROM outbox WHERE kind = 'reaction'")
    await rig.types("ana", card, "!handback")
    await maria.hears(lambda text: "assistant is back" in text, "the bot")
    await rig.quiet()
    assert sent(rig, maria) == []


async def test_a_reaction_without_an_answer_is_repeated_which_changes_nothing(rig: Rig) -> None:
    maria, card = await rig.claimed()
    named, line = await writes(rig, maria, card)
    rig.fault("telegram", "setMessageReaction", "drop_after_accept")
    await reacts(rig, "ana", line, "+1")
    await rig.until(lambda: len(sent(rig, maria)) == 2 or None, "it comes twice")
    assert seen(rig, maria, named) == "👍"


async def test_a_day_after_the_customer_wrote_whatsapp_takes_no_reaction_either(rig: Rig) -> None:
    maria, card = await rig.claimed("whatsapp")
    named, line = await writes(rig, maria, card)
    await passes(rig, timedelta(hours=25))
    await reacts(rig, "ana", line, "+1")
    await rig.told("ana", "The customer has not written for 24 hours")
    await rig.quiet()
    assert seen(rig, maria, named) == ""
    assert sent(rig, maria) == []


async def test_a_reaction_that_whatsapp_reports_as_failed_is_told_to_whoever_reacted(rig: Rig) -> None:
    maria, card = await rig.claimed("whatsapp")
    _, line = await writes(rig, maria, card)
    await rig.sandbox.act("whatsapp", "maria", "block")
    await reacts(rig, "ana", line, "+1")
    await rig.told("ana", "The customer does not see your reaction: WhatsApp cannot deliver to this customer")


async def test_the_web_chat_shows_none_and_that_is_told_once(rig: Rig) -> None:
    maria, card = await rig.claimed("web")
    await maria.says("I have found it!")
    line = await rig.team.sees_post(card, "I have found it!")
    for name in ("+1", "tada"):
        await reacts(rig, "ana", f"{card.chat}:{line.id}", name)
    await rig.told("ana", "Reactions are not carried on Web")
    await rig.hears_next(maria, "ana", card)
    assert told(rig, "Reactions are not carried") == 1
