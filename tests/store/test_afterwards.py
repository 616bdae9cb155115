"""What became of messages after they were said is known, and so are the first words, on both databases."""

import pytest

from bridge.content import Author
from bridge.marks import joined, marks_of, styled
from bridge.store import afterwards, conversations, messages
from bridge.store.store import Store
from bridge.store.tx import Tx

from .conftest import NOW

MARIA, ANA = Author("customer", "Maria"), Author("agent", "Ana")
Told = tuple[str, str, str]  # the words, what became of them, the first words


def begin(tx: Tx) -> int:
    return conversations.of_chat(tx, "telegram", "42", "Maria", "en", NOW)[0].id


def say(tx: Tx, author: Author, text: str, state: str = "sent", corrects: int | None = None) -> int:
    return messages.add(
        tx, begin(tx), 1001, author, text, state, NOW, platform_id=f"platform's {text}", corrects=corrects
    )


def told(tx: Tx) -> list[Told]:
    return [(line.text, line.since, line.first) for line in messages.lines(tx, begin(tx))]


async def test_what_nobody_touched_says_nothing_of_it(store: Store) -> None:
    await store.write(lambda tx: say(tx, MARIA, "Hello", "received"))
    assert await store.write(told) == [("Hello", "", "")]


async def test_a_customer_s_words_are_those_of_now_and_the_first_are_kept(store: Store) -> None:
    def play(tx: Tx) -> list[Told]:
        say(tx, MARIA, "A gren tea", "received")
        for text in ("A green tee", "A green tea"):
            assert afterwards.customer_changed(tx, begin(tx), "platform's A gren tea", text)
        return told(tx)

    assert await store.write(play) == [("A green tea", "edited", "A gren tea")]


async def test_words_that_came_to_a_file_later_are_an_edit_too(store: Store) -> None:
    def play(tx: Tx) -> list[Told]:
        say(tx, MARIA, "", "received")
        afterwards.customer_changed(tx, begin(tx), "platform's ", "It is broken")
        return told(tx)

    assert await store.write(play) == [("It is broken", "edited", "")]


async def test_an_agent_s_words_are_those_that_the_customer_has(store: Store) -> None:
    def play(tx: Tx) -> list[list[Told]]:
        message, seen = say(tx, ANA, "On Mnday"), list[list[Told]]()
        afterwards.set_changed(tx, message, "On Monday")
        seen.append(told(tx))
        for _ in range(2):  # it may be carried again, where nobody knows whether it was
            afterwards.carried(tx, message, "On Monday")
        seen.append(told(tx))
        return seen

    first, then = await store.write(play)
    assert first == [("On Mnday", "changed in Slack only", "")]
    assert then == [("On Monday", "edited", "On Mnday")]


async def test_what_was_carried_as_it_was_is_not_edited(store: Store) -> None:
    def play(tx: Tx) -> list[Told]:
        afterwards.carried(tx, say(tx, ANA, "On Monday"), "On Monday")
        return told(tx)

    assert await store.write(play) == [("On Monday", "", "")]


async def test_a_correction_and_what_it_corrects(store: Store) -> None:
    def play(tx: Tx) -> list[Told]:
        first = say(tx, ANA, "On Monday")
        afterwards.set_corrected(tx, first, "On Friday")
        say(tx, ANA, "On Friday", corrects=first)
        return told(tx)

    assert await store.write(play) == [("On Monday", "corrected later", ""), ("On Friday", "a correction", "")]


@pytest.mark.parametrize(
    ("author", "state", "since"),
    [
        (MARIA, "received", "deleted by the customer"),
        (ANA, "sent", "deleted in Slack only"),
        (ANA, "suppressed", "deleted in Slack"),
        (ANA, "uncertain", "deleted in Slack"),
    ],
)
async def test_where_it_was_deleted_is_told(store: Store, author: Author, state: str, since: str) -> None:
    def play(tx: Tx) -> list[Told]:
        afterwards.set_deleted(tx, say(tx, author, "Hello", state))
        return told(tx)

    assert await store.write(play) == [("Hello", since, "")]


async def test_a_customer_deletes_only_their_own_words_and_once(store: Store) -> None:
    def play(tx: Tx) -> tuple[int, list[tuple[int, str] | None], list[Told]]:
        own = say(tx, MARIA, "Hello", "received")
        say(tx, ANA, "Hi")
        named = ("platform's Hello", "platform's Hello", "platform's Hi", "never said")
        found = [afterwards.customer_deleted(tx, begin(tx), each) for each in named]
        return own, found, told(tx)

    own, found, lines = await store.write(play)
    assert found == [(own, "Hello"), None, None, None]
    assert [since for _, since, _ in lines] == ["deleted by the customer", ""]


async def test_models_do_not_read_what_the_customer_took_back(store: Store) -> None:
    def play(tx: Tx) -> list[str]:
        for author, text in ((MARIA, "My card is 1234"), (MARIA, "Where is it?"), (ANA, "On Monday")):
            said = say(tx, author, text)
            if author is ANA:
                afterwards.set_deleted(tx, said)
        afterwards.customer_deleted(tx, begin(tx), "platform's My card is 1234")
        return [line.text for line in messages.heard(tx, begin(tx))]

    assert await store.write(play) == ["Where is it?", "On Monday"]  # which is still with the customer


async def test_several_things_may_have_become_of_it(store: Store) -> None:
    def play(tx: Tx) -> list[Told]:
        message = say(tx, ANA, "On Monday")
        afterwards.carried(tx, message, "On Friday")
        afterwards.set_deleted(tx, message)
        return told(tx)

    assert await store.write(play) == [("On Friday", "edited, deleted in Slack only", "On Monday")]


async def test_what_is_marked_is_marked_in_the_words_of_now_and_in_the_first(store: Store) -> None:
    first, then = joined(["Green ", styled("tea", "bold")]), joined(["Green ", styled("tea", "code")])

    def play(tx: Tx) -> list[str]:
        say(tx, MARIA, first, "received")
        assert afterwards.customer_changed(tx, begin(tx), f"platform's {first}", then)
        assert not afterwards.customer_changed(tx, begin(tx), f"platform's {first}", then)
        mine = say(tx, ANA, first)
        afterwards.carried(tx, mine, then)
        afterwards.set_changed(tx, mine, first)
        kept = messages.kept(tx, mine)
        afterwards.set_corrected(tx, mine, first)
        later = messages.kept(tx, mine)
        assert kept
        assert later
        gone = afterwards.customer_deleted(tx, begin(tx), f"platform's {first}")
        assert gone
        lines = messages.lines(tx, begin(tx))
        read = [it for line in lines for it in (line.text, line.first)]
        return [*read, gone[1], messages.source_of(tx, mine)[2], kept.text, kept.changed, later.corrected]

    found = await store.write(play)
    expected = [then, first, then, first, then, then, then, first, first]
    assert [marks_of(text) for text in found] == [marks_of(text) for text in expected]
    assert {str(text) for text in found} == {"Green tea"}
