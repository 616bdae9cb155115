"""Topics of a private chat on Telegram: an answer goes where the customer wrote last."""

from bridge.demo.customers import Customer

from ..conftest import Rig
from .test_files import JPEG, has, uploads

KINDS = ("sendMessage", "sendPhoto", "sendMediaGroup")


def where(rig: Rig, customer: Customer, text: str) -> int | None:
    """The topic in which the customer finds this."""
    [chat] = [it for it in rig.sandbox.telegram.chats.by_id.values() if str(it.id) == customer.chat]
    [found] = [it for it in chat.messages.values() if it.by_bot and it.text == text]
    return found.extra.get("message_thread_id")


async def writes(rig: Rig, text: str, topic: int = 0) -> None:
    done = await rig.sandbox.act("telegram", "maria", "write", "", text, topic=topic)
    assert done["ok"], done


async def test_a_reply_goes_to_the_topic_of_the_customers_last_message(rig: Rig) -> None:
    maria, card = await rig.claimed()
    for text, topic, reply in (("My order", 7, "One"), ("My kettle", 9, "Two"), ("By the way", 0, "Three")):
        await writes(rig, text, topic)
        await rig.team.sees_post(card, text)
        await rig.hears_next(maria, "ana", card, reply)
        assert where(rig, maria, reply) == (topic or None)


async def test_files_and_albums_go_there_too(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await writes(rig, "My kettle", 9)
    await rig.team.sees_post(card, "My kettle")
    await uploads(rig, "ana", card, ("1.jpg", JPEG), text="One")
    await uploads(rig, "ana", card, ("1.jpg", JPEG), ("2.jpg", JPEG + b"2"), text="Two")
    await has(rig, maria, 3)
    assert (where(rig, maria, "One"), where(rig, maria, "Two")) == (9, 9)


async def test_the_bot_answers_there(rig: Rig) -> None:
    maria = rig.customer("telegram")
    await maria.says("/start")
    await rig.until(lambda: maria.heard or None, "an answer")
    before = len(maria.heard)
    await writes(rig, "Do you deliver to Norway?", 7)
    text = await maria.hears(lambda _: True, "an answer", before)
    assert where(rig, maria, text) == 7


async def test_a_topic_that_was_deleted_loses_no_reply(rig: Rig) -> None:
    maria, card = await rig.claimed()
    await writes(rig, "My kettle", 9)
    await rig.team.sees_post(card, "My kettle")
    await rig.sandbox.act("telegram", "maria", "delete_topic", "9")
    await rig.hears_next(maria, "ana", card, "Here it is")
    assert where(rig, maria, "Here it is") is None
    await uploads(rig, "ana", card, ("1.jpg", JPEG), ("2.jpg", JPEG + b"2"), text="Two")
    await has(rig, maria, 2)
