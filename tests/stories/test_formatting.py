"""What somebody marks in their words, bold or as code, is marked where others read them; and so it is after an edit."""

from typing import Any

import pytest

from bridge.demo.customers import WebCustomer
from bridge.sandbox.world import Entry

from ..conftest import Rig, number_of
from .test_windows import opened

TYPED, WORDS = "It is *here* and ~not~ `there`", "It is here and not there"
BOLD, STRIKE, CODE = "bold", "strike", "code"
MARKED = [(BOLD, "here"), (STRIKE, "not"), (CODE, "there")]
CHANGED = [("italic", "here"), (STRIKE, "not"), (CODE, "there")]
ON_TELEGRAM = {"strikethrough": STRIKE, "pre": "block"}
ON_WHATSAPP = "It is *here* and ~not~ `there`"


def entities(entry: Entry, field: str = "entities") -> list[tuple[str, str]]:
    """What is marked in what Telegram was sent: how, and which words."""
    words = (entry.text or "").encode("utf-16-le")
    found = entry.raw.get(field) or []
    cut = ((it["type"], words[2 * it["offset"] : 2 * (it["offset"] + it["length"])]) for it in found)
    return [(ON_TELEGRAM.get(kind) or str(kind), piece.decode("utf-16-le")) for kind, piece in cut]


def marks(event: dict[str, Any]) -> list[tuple[str, str]]:
    """The same of an event of the web chat."""
    return [(kind, event["text"][start:end]) for start, end, kind in event.get("marks", [])]


def styles(blocks: Any) -> list[tuple[str, str]]:
    """The same of what Slack shows."""
    if isinstance(blocks, list):
        return [found for each in blocks for found in styles(each)]
    if not isinstance(blocks, dict):
        return []
    if blocks.get("type") == "text":
        return [(kind, blocks["text"]) for kind in blocks.get("style") or {}]
    return styles(list(blocks.values()))


def drawn(entry: Entry) -> list[tuple[str, str]]:
    """Without the name above it, and what the bridge says behind it."""
    return [found for found in styles(entry.raw["blocks"]) if "Maria" not in found[1] and "(edited)" not in found[1]]


async def sent(rig: Rig, platform: str, kind: str, text: str) -> Entry:
    """What a platform was told to show."""
    return await rig.watch.entry(platform, lambda it: it.kind == kind and it.text == text, f"{kind}: {text}", 0)


def bold(words: str, whole: str, kind: str = "bold") -> list[dict[str, Any]]:
    """What a customer's app says of these words."""
    before = whole[: whole.index(words)]
    return [{"type": kind, "offset": len(before.encode("utf-16-le")) // 2, "length": len(words)}]


async def test_an_agent_s_words_on_telegram_and_their_edit(rig: Rig) -> None:
    _, card = await rig.claimed()
    ts = await rig.types("ana", card, TYPED)
    assert entities(await sent(rig, "telegram", "sendMessage", WORDS)) == MARKED
    await rig.team.edits("ana", card, ts, TYPED.replace("*", "_"))
    assert entities(await sent(rig, "telegram", "editMessageText", WORDS)) == CHANGED


async def test_an_agent_s_words_in_the_web_chat_and_their_edit(rig: Rig) -> None:
    customer, card = await rig.claimed("web")
    assert isinstance(customer, WebCustomer)
    ts = await rig.types("ana", card, TYPED)
    await customer.hears(lambda text: text == WORDS, WORDS)
    assert marks(customer.events[-1]) == MARKED
    await rig.team.edits("ana", card, ts, TYPED.replace("*", "_"))
    await rig.until(lambda: customer.events[-1]["kind"] == "edit" or None, "the edit")
    assert marks(customer.events[-1]) == CHANGED


async def test_an_agent_s_words_on_whatsapp_and_their_correction(rig: Rig) -> None:
    _, card = await rig.claimed("whatsapp")
    ts = await rig.types("ana", card, f"{TYPED}, and 5 * 3_")
    await sent(rig, "whatsapp", "messages", f"{ON_WHATSAPP}, and 5 * 3_")
    await rig.quiet()
    await rig.team.edits("ana", card, ts, TYPED)
    question = await rig.told("ana", "cannot be changed")
    assert styles(question.raw["blocks"])[-3:] == MARKED
    await rig.team.clicks("ana", question, "correct")
    await sent(rig, "whatsapp", "messages", ON_WHATSAPP)


async def test_a_caption_and_a_block(rig: Rig) -> None:
    _, card = await rig.claimed()
    text = "Your *tea*\n```x = 1\ny = 2```"
    where = f"{card.chat}:{card.id}"
    done = await rig.sandbox.act("slack", "ana", "upload", where, text, filename="tea.txt", content="tea")
    assert done["ok"], done
    entry = await sent(rig, "telegram", "sendDocument", "Your tea\nx = 1\ny = 2")
    assert '"type": "bold"' in entry.raw["caption_entities"]
    assert '"type": "pre"' in entry.raw["caption_entities"]


async def test_what_follows_a_verb_and_what_was_held_stay_marked(rig: Rig) -> None:
    _, card = await rig.claimed()
    await rig.types("ana", card, f"!say {TYPED}")
    assert entities(await sent(rig, "telegram", "sendMessage", WORDS)) == MARKED
    await rig.types("ana", card, f"@ben {TYPED}")
    question = await rig.told("ana", "mentions @Ben")
    assert styles(question.raw["blocks"])[-3:] == MARKED
    await rig.team.clicks("ana", question, "held_send")
    assert entities(await sent(rig, "telegram", "sendMessage", f"@Ben {WORDS}")) == MARKED


async def test_each_piece_of_a_long_answer_stays_marked(rig: Rig) -> None:
    customer, card = await rig.claimed()
    await rig.types("ana", card, f"*{'tea ' * 1200}.*")
    await customer.hears(lambda text: text.endswith("tea ."), "the last piece")
    pieces = [it for it in rig.history("telegram", "sendMessage") if (it.text or "").startswith("tea")]
    assert [entities(it) for it in pieces] == [[(BOLD, it.text)] for it in pieces]
    assert len(pieces) == 2


async def test_a_customer_s_words_from_telegram_and_their_edit(rig: Rig) -> None:
    _, card = await rig.claimed()
    text = "👋 my tea is late"
    done = await rig.sandbox.act("telegram", "maria", "write", "", text, entities=bold("tea", text))
    assert drawn(await rig.team.sees_post(card, text)) == [(BOLD, "tea")]
    edit = await rig.sandbox.act("telegram", "maria", "edit", done["id"], text, entities=bold("late", text, "code"))
    assert edit["ok"], edit
    assert drawn(await rig.team.sees_post(card, f"{text} (edited)")) == [(CODE, "late")]


async def test_a_customer_s_words_in_the_transcripts(rig: Rig) -> None:
    text = "My tea is late"
    await rig.sandbox.act("telegram", "maria", "write", "", text, entities=bold("tea", text))
    await rig.finds("SELECT 1 FROM message WHERE text LIKE ?", f"{text}%")
    _, card = await rig.waiting()
    post = await rig.team.sees_post(card, "Conversation so far")
    assert (BOLD, "tea") in styles(post.raw["blocks"])
    after = rig.now
    await rig.team.clicks("ana", card, "transcript")
    page = await opened(rig, f"#{number_of(card)}", after)
    assert (BOLD, "tea") in styles(page.raw["view"]["blocks"])


async def test_a_customer_s_words_from_whatsapp(rig: Rig) -> None:
    customer, card = await rig.claimed("whatsapp")
    await customer.says("my *tea* is `late`, 2*3*4")
    assert drawn(await rig.team.sees_post(card, "my tea is late, 2*3*4")) == [(BOLD, "tea"), (CODE, "late")]


async def test_an_address_behind_words_is_read_by_everybody(rig: Rig) -> None:
    _, card = await rig.claimed()
    url = "https://tea.example/a"
    link = [{"type": "text_link", "offset": 0, "length": 4, "url": url}]
    await rig.sandbox.act("telegram", "maria", "write", "", "here it is", entities=link)
    await rig.team.sees_post(card, f"here ({url}) it is")
    await rig.types("ana", card, f"<{url}|there> it is")
    entry = await sent(rig, "telegram", "sendMessage", f"there ({url}) it is")
    assert entities(entry) == [("text_link", "there")]


@pytest.mark.parametrize("channel", ["telegram", "whatsapp", "web"])
async def test_nobody_forges_marks(rig: Rig, channel: str) -> None:
    customer, card = await rig.claimed(channel)
    await customer.says('my tea\x1e[[0,2,"bold"]]')
    post = await rig.team.sees_post(card, 'my tea[[0,2,"bold"]]')
    assert drawn(post) == []
