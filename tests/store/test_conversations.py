"""Conversations, handoffs and messages as they are kept, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from bridge.content import Author, Line
from bridge.conversation import Conversation, State, Why, claim, customer_says, end, escalate, hand_back
from bridge.i18n import again, speaking
from bridge.ports import Agent, Other, Place, Summary
from bridge.store import afterwards, conversations, messages
from bridge.store.conversations import Contact
from bridge.store.store import Store
from bridge.store.tx import Tx
from bridge.store.writer import Conflict
from bridge.summaries import plain

from .conftest import NOW

LATER = NOW + timedelta(minutes=5)
ANA, BEN = Agent("U0ANA", "Ana"), Agent("U0BEN", "Ben")
MARIA, BOT = Author("customer", "Maria"), Author("bot", "Shop")
WHY = Why("Asked for a person.", "a human please")
PLACE = Place("C0SUPPORT", "17.5")


def begin(tx: Tx, chat: str = "42", name: str = "Maria", language: str = "es") -> Conversation:
    return conversations.of_chat(tx, "telegram", chat, name, language, NOW)[0]


def queue(tx: Tx, before: Conversation) -> Conversation:
    """Escalate, and write it down as the desk does."""
    after = escalate(before, WHY, conversations.next_number(tx), NOW).conversation
    conversations.open_handoff(tx, after, WHY, NOW)
    conversations.save(tx, before, after)
    return after


def step(tx: Tx, before: Conversation, decision: Any) -> Conversation:
    conversations.save(tx, before, decision.conversation, decision.note)
    return decision.conversation


async def test_a_customer_has_one_conversation_on_a_channel(store: Store) -> None:
    first = await store.write(begin)
    assert first == Conversation(first.id, State.BOT, 0, NOW)
    assert await store.write(begin) == first
    other = await store.write(lambda tx: begin(tx, "43"))
    assert other.id != first.id
    assert await store.read(lambda tx: conversations.known(tx, "whatsapp", "42")) is None


async def test_name_and_language_follow_what_was_last_heard(store: Store) -> None:
    await store.write(begin)
    await store.write(lambda tx: begin(tx, name="María José", language=""))
    known = await store.read(lambda tx: conversations.known(tx, "telegram", "42"))
    assert known
    assert known[1] == Contact("telegram", "42", "María José", "es")


async def test_everything_about_a_conversation_comes_back_as_it_was_saved(store: Store) -> None:
    before = await store.write(begin)
    after = replace(
        before, state=State.CLAIMED, epoch=7, since=LATER, handoff=1001, owner=ANA, stage="size", kept_stage="order",
        answers={"order": "1234", "größe": "“XL” \\ '"}, unsure=1, brief="promised a refund 💶",
    )  # fmt: skip
    await store.write(lambda tx: conversations.save(tx, before, after))
    found, _ = await store.read(lambda tx: conversations.by_id(tx, before.id))
    assert found == after
    assert found.since.tzinfo is UTC


async def test_who_was_slower_changes_nothing(store: Store) -> None:
    before = await store.write(lambda tx: queue(tx, begin(tx)))
    await store.write(lambda tx: step(tx, before, claim(before, ANA, LATER)))
    with pytest.raises(Conflict):
        await store.write(lambda tx: step(tx, before, claim(before, BEN, LATER)))
    found, _ = await store.read(lambda tx: conversations.by_id(tx, before.id))
    assert (found.owner, found.epoch) == (ANA, before.epoch + 1)
    handoff = await store.read(lambda tx: conversations.handoff(tx, 1001))
    assert handoff
    assert (handoff.state, handoff.owner) == ("claimed", ANA)


async def test_the_handoff_follows_its_conversation(store: Store) -> None:
    def play(tx: Tx) -> list[tuple[str, Agent | None, str]]:
        seen: list[tuple[str, Agent | None, str]] = []

        def look() -> None:
            handoff = conversations.handoff(tx, 1001)
            assert handoff
            seen.append((handoff.state, handoff.owner, handoff.note))

        it = queue(tx, begin(tx))
        look()
        it = step(tx, it, claim(it, ANA, LATER))
        look()
        it = step(tx, it, hand_back(it, ANA, "called her", LATER))
        look()
        it = queue(tx, it)
        look()
        it = step(tx, it, end(it, BEN, LATER))
        step(tx, it, customer_says(it, Line(MARIA, "hello?", LATER), None, 0, LATER))
        assert it.handoff == 1002
        second = conversations.handoff(tx, 1002)
        assert second
        seen.append((second.state, second.owner, second.note))
        return seen

    assert await store.write(play) == [
        ("queued", None, ""),
        ("claimed", ANA, ""),
        ("handed_back", ANA, "called her"),
        ("handed_back", ANA, "called her"),
        ("ended", None, ""),
    ]


async def test_handoffs_are_numbered_and_linked(store: Store) -> None:
    def play(tx: Tx) -> tuple[list[int], object]:
        it = begin(tx)
        for _ in range(3):
            it = queue(tx, it)
            it = step(tx, it, end(it, ANA, LATER))
        queue(tx, begin(tx, "43"))
        earlier, later = conversations.others(tx, 1002, it.id)
        return [other.number for other in earlier], later

    assert await store.write(play) == ([1001], Other(1003, None))


async def test_a_thread_leads_to_its_handoff_and_an_agent_to_theirs(store: Store) -> None:
    def play(tx: Tx) -> None:
        it = queue(tx, begin(tx))
        conversations.set_thread(tx, 1001, PLACE)
        step(tx, it, claim(it, ANA, LATER))

    await store.write(play)
    found = await store.read(lambda tx: conversations.of_thread(tx, PLACE))
    assert found
    number, conversation, contact = found
    assert (number, conversation.handoff, contact.name) == (1001, 1001, "Maria")
    assert await store.read(lambda tx: conversations.thread_of(tx, 1001)) == (PLACE, conversation.id, "telegram")
    assert await store.read(lambda tx: conversations.claimed_by(tx, ANA.id, PLACE.channel)) == [(1001, "Maria")]
    assert await store.read(lambda tx: conversations.claimed_by(tx, BEN.id, PLACE.channel)) == []
    assert await store.read(lambda tx: conversations.claimed_by(tx, ANA.id, "C0OTHER")) == []


async def test_a_summary_comes_back_whole(store: Store) -> None:
    summary = Summary(
        "A lost parcel", "where it is", "tracking", "a refund", "“please!”", "es", ("1234", "9 €"), "calm"
    )
    await store.write(lambda tx: queue(tx, begin(tx)))
    await store.write(lambda tx: conversations.set_summary(tx, 1001, summary))
    handoff = await store.read(lambda tx: conversations.handoff(tx, 1001))
    assert handoff
    assert handoff.summary == summary


async def test_what_a_summary_says_by_itself_is_read_in_any_language(store: Store) -> None:
    said = [Line(MARIA, "I want to talk to a human", NOW), Line(MARIA, "My order 1042-77 is late, human please!", NOW)]
    await store.write(lambda tx: queue(tx, begin(tx)))
    await store.write(lambda tx: conversations.set_summary(tx, 1001, plain.summary(said)))
    handoff = await store.read(lambda tx: conversations.handoff(tx, 1001))
    with speaking("de"):
        told = again(handoff and handoff.summary)
    assert told
    assert told.wants == "Mit einem Menschen sprechen."
    assert (told.facts, told.mood, told.last_words) == (("Bestellung 1042-77",), "ruhig", said[-1].text)


# ------------------------------------------------------------------------------------------------------------- messages


def say(tx: Tx, text: str, author: Author = MARIA, state: str = "received", **more: Any) -> int:
    return messages.add(tx, begin(tx).id, 1001, author, text, state, more.pop("at", NOW), **more)


async def test_people_read_the_conversation_without_notes_and_with_doubts(store: Store) -> None:
    def play(tx: Tx) -> list[Line]:
        say(tx, "Where is my order?", platform_id="5")
        say(tx, "Two days.", BOT, "sent", at=LATER)
        say(tx, "a VIP", Author("agent", "Ana"), "note")
        say(tx, "not yet", Author("agent", "Ben"), "held")
        say(tx, "On its way", Author("agent", "Ana"), "uncertain")
        say(tx, "Too late", BOT, "suppressed")
        return messages.lines(tx, begin(tx).id)

    assert [(line.author.name, line.text, line.doubt) for line in await store.write(play)] == [
        ("Maria", "Where is my order?", ""),
        ("Shop", "Two days.", ""),
        ("Ana", "On its way", "may not have arrived"),
        ("Shop", "Too late", "not sent"),
    ]


async def test_the_newest_lines_up_to_a_message(store: Store) -> None:
    def play(tx: Tx) -> list[str]:
        ids = [say(tx, f"line {number}") for number in range(6)]
        return [line.text for line in messages.lines(tx, begin(tx).id, upto=ids[4], most=3)]

    assert await store.write(play) == ["line 2", "line 3", "line 4"]


async def test_a_state_changes_only_from_those_that_are_named(store: Store) -> None:
    def play(tx: Tx) -> list[bool]:
        message = say(tx, "On its way", Author("agent", "Ana"), "held", author_id=ANA.id, source=PLACE)
        return [messages.set_state(tx, message, "pending", ("held",)) for _ in range(2)]

    assert await store.write(play) == [True, False]
    kept = await store.read(lambda tx: messages.kept_at(tx, PLACE))
    assert kept
    assert (kept.agent_id, kept.text, kept.state, kept.source, kept.handoff) == (
        ANA.id, "On its way", "pending", PLACE, 1001,
    )  # fmt: skip
    assert await store.read(lambda tx: messages.kept(tx, kept.id)) == kept


async def test_one_message_of_an_agent_is_kept_once(store: Store) -> None:
    await store.write(lambda tx: say(tx, "On its way", Author("agent", "Ana"), "pending", source=PLACE))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.write(lambda tx: say(tx, "On its way", Author("agent", "Ana"), "pending", source=PLACE))


async def test_a_customer_s_message_is_not_taken_for_an_agent_s(store: Store) -> None:
    message = await store.write(lambda tx: say(tx, "Where is my order?"))
    assert await store.read(lambda tx: messages.kept(tx, message)) is None


async def test_parts_are_known_by_our_key_or_by_the_platform_s_id_and_keep_their_order(store: Store) -> None:
    def play(tx: Tx) -> int:
        message = say(tx, "long", BOT, "pending")
        messages.delivered(tx, "k2", message, "102", part=2)
        messages.delivered(tx, "k1", message, "101", part=1)
        messages.delivered(tx, "k1", message, "", "read")
        return message

    message = await store.write(play)
    assert await store.read(lambda tx: messages.parts(tx, message)) == [("k1", "101", "read"), ("k2", "102", "sent")]
    assert await store.read(lambda tx: messages.deliveries(tx, "", "102")) == [("k2", message, "sent")]
    assert await store.read(lambda tx: messages.deliveries(tx, "k1", "999")) == [("k1", message, "read")]
    assert await store.read(lambda tx: messages.deliveries(tx, "", "")) == []


async def test_a_customer_changes_only_their_own_words(store: Store) -> None:
    await store.write(lambda tx: say(tx, "Where is it?", platform_id="5"))
    await store.write(lambda tx: say(tx, "Two days.", BOT, "sent", platform_id="6"))
    here = (await store.write(begin)).id
    assert await store.write(lambda tx: afterwards.customer_changed(tx, here, "5", "Where is my tea?"))
    assert not await store.write(lambda tx: afterwards.customer_changed(tx, here, "6", "Never."))
    assert [line.text for line in await store.read(lambda tx: messages.lines(tx, here))] == [
        "Where is my tea?", "Two days.",
    ]  # fmt: skip


async def test_messages_are_read_in_pages_and_counted_without_what_is_between_agents(store: Store) -> None:
    def play(tx: Tx) -> list[int]:
        said = [say(tx, f"Line {number}") for number in range(5)]
        say(tx, "between us", Author("agent", "Ana"), "note")
        return said

    ids = await store.write(play)
    here = (await store.write(begin)).id
    every = list(zip(ids, [f"Line {number}" for number in range(5)], strict=True))

    async def page(read: Callable[[Tx], list[tuple[int, Line]]]) -> list[tuple[int, str]]:
        return [(message, line.text) for message, line in await store.read(read)]

    assert await page(lambda tx: messages.earlier(tx, here, messages.NEWEST, 2)) == every[3:]
    assert await page(lambda tx: messages.earlier(tx, here, ids[3], 2)) == every[1:3]
    assert await page(lambda tx: messages.earlier(tx, here, ids[0], 2)) == []
    assert await page(lambda tx: messages.later(tx, here, ids[0], 2)) == every[1:3]
    assert await page(lambda tx: messages.later(tx, here, ids[4], 2)) == []
    assert await store.read(lambda tx: messages.count(tx, here)) == 5
    assert await store.read(lambda tx: messages.count(tx, here, ids[1])) == 2
