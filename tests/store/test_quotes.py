"""What earlier messages say, by the platform's ids, and what is kept of how a customer came; on both databases."""

from bridge.content import Author
from bridge.files import File
from bridge.store import afterwards, conversations, files, messages, quotes, timeline
from bridge.store.store import Store
from bridge.store.tx import Tx

from .conftest import NOW

MARIA, ANA = Author("customer", "Maria"), Author("agent", "Ana")
PHOTO = File("photo", "", "image/jpeg", 9, "ref")


def talk(tx: Tx, chat: str = "42") -> int:
    """Maria says one thing, and sends a photo; Ana answers in two parts."""
    conversation = conversations.of_chat(tx, "telegram", chat, "Maria", "", NOW)[0].id
    messages.add(tx, conversation, None, MARIA, f"Where is {chat}?", "received", NOW, platform_id="5")
    files.add(tx, messages.add(tx, conversation, None, MARIA, "", "received", NOW, platform_id="6"), [PHOTO])
    reply = messages.add(tx, conversation, None, ANA, f"Here is {chat}.", "sent", NOW)
    for part in (1, 2):
        messages.delivered(tx, f"{chat}-{part}", reply, f"{6 + part}", part=part)
    return conversation


async def test_a_message_is_found_by_the_platforms_id_in_its_own_chat_only(store: Store) -> None:
    def work(tx: Tx) -> list[str | None]:
        talk(tx, "41")
        conversation = talk(tx)
        return [quotes.said_as(tx, conversation, named) for named in ("5", "6", "7", "8", "9")]

    assert await store.write(work) == ["Where is 42?", "[photo]", "Here is 42.", "Here is 42.", None]


async def test_what_was_deleted_is_not_quoted_again(store: Store) -> None:
    def work(tx: Tx) -> str | None:
        conversation = talk(tx)
        afterwards.customer_deleted(tx, conversation, "5")
        return quotes.said_as(tx, conversation, "5")

    assert await store.write(work) is None


async def test_the_last_thing_that_the_customer_said_is_known_by_its_id(store: Store) -> None:
    def work(tx: Tx) -> tuple[str, str, int | None, int | None]:
        nobody = conversations.of_chat(tx, "telegram", "1", "Bo", "", NOW)[0].id
        conversation = talk(tx)
        own, ours = (quotes.received(tx, conversation, named) for named in ("6", "7"))
        return quotes.heard_last(tx, nobody), quotes.heard_last(tx, conversation), own, ours

    none, last, own, ours = await store.write(work)
    assert (none, last, ours) == ("", "6", None)
    assert own


async def test_whether_they_can_be_reached_is_told_when_it_changes(store: Store) -> None:
    def work(tx: Tx) -> list[bool]:
        one = talk(tx)
        told = [conversations.set_reachable(tx, one, yes) for yes in (True, False, False)]
        return [*told, conversations.by_id(tx, one)[1].reachable, conversations.set_reachable(tx, one, True)]

    assert await store.write(work) == [False, True, False, False, True]


async def test_the_link_by_which_they_came_last_is_kept(store: Store) -> None:
    def work(tx: Tx) -> list[str]:
        conversation = talk(tx)
        before = timeline.came_by(tx, conversation)
        for link in ("spring", "summer"):
            timeline.record(tx, conversation, None, "came_by", "", "Maria", NOW, link)
        timeline.record(tx, conversation, None, "claimed", "", "Ana", NOW, "x")
        return [before, timeline.came_by(tx, conversation)]

    assert await store.write(work) == ["", "summer"]
