"""What was changed, corrected or deleted after it was said: the transcript says so, and what was said first."""

from typing import Any

import pytest

from bridge.sandbox.world import Entry

from ..conftest import Rig, number_of
from .test_deleting import replies
from .test_files import shared, thread_of
from .test_transcript import MANY, has_talked, talk
from .test_windows import all_text, opened


async def read(rig: Rig, card: Entry) -> str:
    """The newest page of the transcript."""
    after = rig.now
    await rig.team.clicks("ana", card, "transcript")
    return all_text((await opened(rig, f"#{number_of(card)}", after)).raw["view"]["blocks"])


async def writes(rig: Rig, channel: str, text: str) -> str:
    """Maria writes; gives the message's id."""
    done = await rig.sandbox.act(channel, "maria", "write", "", text)
    assert done["ok"], done
    await rig.finds("SELECT 1 FROM message WHERE text = ?", text)
    return done["id"]


async def changes(rig: Rig, message: str, text: str) -> None:
    """Maria changes what she wrote."""
    done = await rig.sandbox.act("telegram", "maria", "edit", message, text)
    assert done["ok"], done
    await rig.finds("SELECT 1 FROM message WHERE text = ?", text)


async def withdraws(rig: Rig, message: str) -> None:
    """Maria deletes what she wrote. WhatsApp tells it of numbers that its app uses, too."""
    whatsapp = rig.sandbox.whatsapp
    maria = whatsapp.customers.of("maria")
    told: dict[str, Any] = {"id": f"{message}.revoke", "timestamp": "1763700000", "type": "revoke"}
    whatsapp.webhooks.message(maria, {**maria.sender(), **told, "revoke": {"original_message_id": message}})


async def test_what_the_customer_changed_while_the_bot_answered(rig: Rig) -> None:
    await has_talked(rig)
    await changes(rig, await writes(rig, "telegram", "Where is my tee?"), "Where is my tea?")
    after = rig.now
    await writes(rig, "telegram", "I want to talk to a human")
    card = await rig.team.card_of("Maria", after)
    await rig.quiet()
    post = thread_of(rig, card)[1]
    assert "Where is my tea? (edited)" in post
    assert "tee" not in post
    page = await read(rig, card)
    assert (
        page.index("(edited)")
        < page.index("Where is my tea?")
        < page.index("Before it was edited:")
        < page.index("Where is my tee?")
    )


async def test_the_file_has_the_first_words(rig: Rig) -> None:
    await has_talked(rig, *map(talk, range(MANY)))
    await changes(rig, await writes(rig, "telegram", "Where is my tee?"), "Where is my tea?")
    after = rig.now
    await writes(rig, "telegram", "I want to talk to a human")
    card = await rig.team.card_of("Maria", after)
    await rig.quiet()
    [file] = shared(rig, card)
    assert (
        "  Maria (customer) [edited]\n    Where is my tea?\nBefore it was edited:\n    Where is my tee?\n"
        in file["_content"].decode()
    )


async def test_the_file_does_not_say_again_what_is_gone(rig: Rig) -> None:
    await has_talked(rig, *map(talk, range(MANY)), channel="whatsapp")
    await withdraws(rig, await writes(rig, "whatsapp", "My card is 1234"))
    await rig.finds("SELECT 1 FROM message WHERE deleted")
    after = rig.now
    await writes(rig, "whatsapp", "I want to talk to a human")
    card = await rig.team.card_of("Maria", after)
    await rig.quiet()
    [file] = shared(rig, card)
    assert "  Maria (customer) [deleted by the customer]\n" in file["_content"].decode()
    assert "1234" not in file["_content"].decode()


async def test_what_an_agent_changed_and_deleted(rig: Rig) -> None:
    customer, card = await rig.claimed()
    ts = await replies(rig, customer, card, "It comes on Mnday.")
    await rig.team.edits("ana", card, ts, "It comes on Monday.")
    await customer.hears(lambda heard: heard == "It comes on Monday.", "the new words")
    await rig.quiet()
    page = await read(rig, card)
    assert "(edited)" in page
    assert "It comes on Mnday." in page
    await rig.team.deletes("ana", card, ts)
    await rig.finds("SELECT 1 FROM message WHERE state = 'erased'")
    assert "(edited, deleted)" in await read(rig, card)


async def test_what_an_agent_deleted_and_the_customer_still_has(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await rig.team.deletes("ana", card, await replies(rig, customer, card, "It comes on Monday."))
    await rig.finds("SELECT 1 FROM message WHERE deleted")
    assert "(deleted in Slack only)" in await read(rig, card)


async def test_what_an_agent_corrected_where_nothing_can_be_changed(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    ts, after = await replies(rig, customer, card, "It comes on Mnday."), rig.now
    await rig.team.edits("ana", card, ts, "It comes on Monday.")
    question = await rig.told("ana", "cannot be changed", after)
    page = await read(rig, card)
    assert "(changed in Slack only)" in page
    assert "It comes on Mnday." in page
    await rig.team.presses("ana", question.id or "", "correct")
    await customer.hears(lambda heard: heard == "It comes on Monday.", "the correction")
    await rig.quiet()
    page = await read(rig, card)
    said = [page.index(it) for it in ("(corrected later)", "on Mnday.", "(a correction)", "on Monday.")]
    assert said == sorted(said)
    assert "changed in Slack only" not in page


@pytest.mark.parametrize("waits", [True, False])
async def test_what_a_customer_deleted(rig: Rig, waits: bool) -> None:
    first = await writes(rig, "whatsapp", "My card is 1234")
    if not waits:
        await withdraws(rig, first)
        await rig.finds("SELECT 1 FROM message WHERE deleted")
    after = rig.now
    await writes(rig, "whatsapp", "I want to talk to a human")
    card = await rig.team.card_of("Maria", after)
    await rig.quiet()
    if waits:
        await withdraws(rig, first)
        await rig.team.sees_post(card, "The customer deleted this message:\nMy card is 1234", after)
    else:
        assert "(deleted by the customer)" in thread_of(rig, card)[1]
        assert "1234" not in "".join(thread_of(rig, card)), "it is not posted for everybody again"
    assert "(deleted by the customer)" in await read(rig, card)


async def test_a_page_fits_with_the_longest_words_before_and_after(rig: Rig) -> None:
    card = (await rig.waiting())[1]
    wide = "\u0800" * 40_000  # takes six bytes each, the way Slack may count
    await rig.bridge.store.write(lambda tx: tx.run("UPDATE message SET text = ?, first_text = ?", wide, wide))
    assert "Before it was edited:" in await read(rig, card)
