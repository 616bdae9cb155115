"""One person on two channels: agents say so, see both, and take it back. The customer never hears of it."""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from bridge.demo.customers import Customer, WebCustomer
from bridge.sandbox.world import Entry

from ..conftest import Rig, Rigs, number_of
from ..customer_channels.web.test_identity import SECRET, signed
from .test_windows import acts, all_text, links, opened, queue_of

NOTE = "She is allergic to nuts"


async def window(rig: Rig, who: str, card: Entry, search: str = "") -> str:
    """Open the window from the card's menu, and look for somebody."""
    after = rig.now
    await rig.team.presses(who, card.id or "", "more", f"same:{number_of(card)}")
    shown = await opened(rig, "Same person", after)
    if search:
        await acts(rig, who, "submit", shown.id or "", values={"search": {"search": search}})
    return shown.id or ""


def seen(rig: Rig, view: str) -> str:
    """What stands in a window now."""
    return all_text(rig.sandbox.slack.views.open_views[view].view["blocks"])


async def shows(rig: Rig, view: str, piece: str) -> str:
    """Wait until a window says this."""
    return await rig.until(lambda: seen(rig, view) if piece in seen(rig, view) else None, f"“{piece}” in the window")


def choices(rig: Rig, view: str, action: str) -> list[str]:
    """What the buttons of a window carry."""
    blocks = rig.sandbox.slack.views.open_views[view].view["blocks"]
    every = [it for block in blocks if block["type"] == "actions" for it in block["elements"]]
    return [it["value"] for it in every if it["action_id"] == action]


async def compares(rig: Rig, who: str, card: Entry, search: str) -> str:
    """Look at both sides."""
    view = await window(rig, who, card, search)
    [value] = choices(rig, view, "compare")
    await acts(rig, who, "click", view, action_id="compare", value=value)
    await shows(rig, view, "Agents see all of this as one contact")
    return view


async def says_same(rig: Rig, who: str, card: Entry, other: Entry) -> None:
    """Look for the other one by number, look at both, say yes."""
    view = await compares(rig, who, card, f"#{number_of(other)}")
    after = rig.now
    await acts(rig, who, "submit", view)
    for each in (card, other):
        await rig.team.sees_post(each, "that this is the same person", after)


async def separates(rig: Rig, who: str, card: Entry, number: int = 0) -> None:
    view = await window(rig, who, card)
    await acts(rig, who, "click", view, action_id="part", value=choices(rig, view, "part")[number])


async def contacts_of(rig: Rig) -> list[Any]:
    return [tuple(row) for row in await rig.read(lambda tx: tx.all("SELECT id, contact FROM conversation ORDER BY id"))]


@pytest.fixture
async def met(rig: Rig) -> tuple[Rig, Customer, Entry, Customer, Entry]:
    """Jo was served on WhatsApp before, and is Ana's on Telegram now, under another name."""
    before, over = await rig.claimed("whatsapp", "jo", by="ben")
    await rig.types("ben", over, "Your order is MK-7.")
    await before.hears(lambda text: "MK-7" in text, "the reply")
    await rig.types("ben", over, f"!handback {NOTE}")
    await rig.team.sees_card(over, "Back with the bot")
    customer, card = await rig.claimed("telegram", "johanna")
    return rig, customer, card, before, over


Met = tuple[Rig, Customer, Entry, Customer, Entry]


async def test_what_is_known_of_them_elsewhere_is_on_the_card_and_in_the_transcript(met: Met) -> None:
    rig, _, card, _, over = met
    after = rig.now
    view = await compares(rig, "ana", card, "jo")
    both = seen(rig, view)
    assert f"Johanna · Telegram · #{number_of(card)}" in both
    assert f"Jo · WhatsApp · #{number_of(over)}" in both
    await acts(rig, "ana", "submit", view)
    for here, there, channel in ((card, over, "Telegram"), (over, card, "WhatsApp")):
        told = await rig.team.sees_post(here, "Ana said that this is the same person: now one contact", after)
        assert f"Replies here still go to {channel}." in (told.text or "")
        assert f"#{number_of(there)}" in (told.text or "")
    drawn = await rig.team.sees_card(card, f"Earlier: #{number_of(over)} (WhatsApp)", after)
    assert f"The same person as Jo · WhatsApp · #{number_of(over)}" in (drawn.text or "")
    assert f"#{number_of(over)} (WhatsApp)" in links(drawn)
    assert f"Note on #{number_of(over)} (WhatsApp) {NOTE}" in " ".join(all_text(drawn.raw["blocks"]).split())
    await rig.team.sees_card(over, f"Elsewhere: #{number_of(card)} (Telegram)", after)
    after = rig.now
    await rig.team.presses("ben", card.id or "", "more", f"transcript:{number_of(card)}")
    read = all_text((await opened(rig, f"#{number_of(card)}", after)).raw["view"]["blocks"])
    assert read.index("WhatsApp") < read.index("Your order is MK-7.") < read.index("Telegram")
    assert f"Ana said that this is the same person as Jo · WhatsApp · #{number_of(over)}" in read


async def test_a_reply_goes_where_it_always_went(met: Met) -> None:
    rig, customer, card, before, over = met
    await says_same(rig, "ana", card, over)
    heard = list(before.heard)
    await rig.hears_next(customer, "ana", card, "This is for Telegram only.")
    await rig.quiet()
    assert before.heard == heard
    assert not [text for text in (*customer.heard, *before.heard) if "same person" in text]


async def test_separated_again_each_goes_back_with_what_was_said_meanwhile(met: Met) -> None:
    rig, _, card, before, over = met
    await says_same(rig, "ana", card, over)
    after = rig.now
    await before.says("I want to talk to a human again")
    again = await rig.team.card_of("Jo", after)
    assert f"Elsewhere: #{number_of(card)} (Telegram)" in (again.text or "")  # older, and not over
    assert f"Earlier: #{number_of(over)}" in (again.text or "")
    await rig.team.sees_card(card, f"Elsewhere: #{number_of(again)} (WhatsApp)", after)
    after = rig.now
    await separates(rig, "ana", card)
    for each in (card, again):
        await rig.team.sees_post(each, "Ana separated this customer again from", after)
    await rig.quiet()
    for each in (card, again):
        drawn = [it for it in rig.history("slack", "chat.update") if it.id == each.id][-1]
        assert "same person" not in (drawn.text or "")
        assert not {"(WhatsApp)", "(Telegram)"} & set((drawn.text or "").split())
    assert {row[1] for row in await contacts_of(rig)} == {None}
    after = rig.now
    await rig.team.presses("ana", card.id or "", "more", f"transcript:{number_of(card)}")
    read = all_text((await opened(rig, f"#{number_of(card)}", after)).raw["view"]["blocks"])
    assert "to a human again" not in read
    assert "MK-7" not in read
    assert "Ana separated this again from Jo · WhatsApp" in read


async def test_the_queue_shows_all_that_somebody_had_on_whichever_channel(met: Met) -> None:
    rig, _, card, _, over = met
    await rig.waiting("web", "priya")
    assert f"#{number_of(over)}" not in await queue_of(rig, f"#{number_of(card)}")
    await says_same(rig, "ana", card, over)
    shown = await queue_of(rig, f"#{number_of(card)}")
    assert f"#{number_of(card)} Johanna · Telegram" in shown
    assert f"#{number_of(over)} Jo · WhatsApp" in shown
    assert "Priya" not in shown
    assert "Johanna · Telegram" not in await queue_of(rig, f"queued #{number_of(card)}")
    after = rig.now
    await rig.team.commands("clea", f"/queue #{number_of(card)}")
    view = await opened(rig, "Queue", after)
    after = rig.now
    await acts(rig, "clea", "click", view.id or "", action_id="whose")
    assert "Priya" in all_text((await opened(rig, "Queue", after, "views.update")).raw["view"]["blocks"])


async def test_a_word_opens_it_too(met: Met) -> None:
    rig, _, card, _, over = met
    after = rig.now
    await rig.types("ana", card, f"!same #{number_of(over)}")
    question = await rig.told("ana", "This opens in a window.", after)
    await rig.team.presses("ana", question.id or "", "same")
    shown = await opened(rig, "Same person", after)
    assert f"Jo · WhatsApp · #{number_of(over)}" in all_text(shown.raw["view"]["blocks"])


async def test_only_the_owner_or_an_admin_says_who_somebody_is(met: Met) -> None:
    rig, _, card, _, over = met
    after = rig.now
    await rig.team.presses("ben", card.id or "", "more", f"same:{number_of(card)}")
    await rig.told("ben", "Only Ana or an admin can say who this customer is.", after)
    await rig.types("ben", over, f"!same #{number_of(card)}")
    await rig.told("ben", "Claim this conversation first", after)
    view = await compares(rig, "ana", card, f"#{number_of(over)}")
    await rig.types("clea", card, "!assign @ben")
    await rig.team.sees_card(card, "Ben has this", after)
    await rig.sandbox.act("slack", "ana", "submit", view)
    await shows(rig, view, "Only Ben or an admin can say who this customer is.")
    assert {row[1] for row in await contacts_of(rig)} == {None}
    await says_same(rig, "clea", card, over)


async def test_of_two_admins_who_say_it_at_once_one_does(met: Met) -> None:
    rig, _, card, _, over = met
    mine = await compares(rig, "ana", card, f"#{number_of(over)}")
    after = rig.now
    await rig.types("clea", over, f"!same #{number_of(card)}")
    question = await rig.told("clea", "This opens in a window.", after)
    await rig.team.presses("clea", question.id or "", "same")
    theirs = (await opened(rig, "Same person", after)).id or ""
    await acts(rig, "clea", "click", theirs, action_id="compare", value=choices(rig, theirs, "compare")[0])
    await shows(rig, theirs, "Agents see all of this as one contact")
    await asyncio.gather(
        rig.sandbox.act("slack", "ana", "submit", mine), rig.sandbox.act("slack", "clea", "submit", theirs)
    )
    await rig.quiet()
    told = [it for it in rig.history("slack", "chat.postMessage", after=after) if "the same person" in (it.text or "")]
    assert len(told) == 2
    open_still = [view for view in (mine, theirs) if view in rig.sandbox.slack.views.open_views]
    assert [seen(rig, view).strip() for view in open_still] == ["These are one contact already. Nothing has changed."]
    assert len(set(await contacts_of(rig))) == 2
    assert len({row[1] for row in await contacts_of(rig)}) == 1


async def test_what_has_changed_since_it_was_looked_at_is_refused(met: Met) -> None:
    rig, _, card, _, over = met
    _, priya = await rig.claimed("web", "priya")
    stale = await compares(rig, "clea", priya, f"#{number_of(over)}")
    await says_same(rig, "ana", card, over)
    await rig.sandbox.act("slack", "clea", "submit", stale)
    await shows(rig, stale, "Somebody has just changed who is who.")
    [jo, johanna, other] = await contacts_of(rig)
    assert (jo[1], johanna[1], other[1]) == (jo[0], jo[0], None)
    assert "Nobody else fits." in seen(rig, await window(rig, "ana", card, f"#{number_of(over)}"))


VERIFIED_AT = "maria@example.com"


@pytest.fixture
async def site(rigs: Rigs) -> AsyncGenerator[Rig]:
    """A shop whose site vouches for its visitors."""
    async with rigs(WEB_IDENTITY_SECRET=SECRET) as rig:
        yield rig


async def visits(rig: Rig, sub: str, email: str = "", name: str = "") -> Entry:
    """A visitor who asks for a person: known to the site, or calling themselves so."""
    claims = {"sub": sub, "name": sub, "exp": time.time() + 3_600} | ({"email": email} if email else {})
    visitor, after = (
        WebCustomer(rig.url, name, rig.session, rig.watch, identity="" if name else signed(claims)),
        rig.now,
    )
    rig._customers.append(visitor)
    await visitor.says("I want to talk to a human")
    return await rig.team.card_of(name or sub, after)


async def test_who_is_certainly_reached_at_the_same_address_is_offered_and_nothing_is_done(site: Rig) -> None:
    first = await visits(site, "Maria", VERIFIED_AT)
    second = await visits(site, "Mary", VERIFIED_AT)
    assert f"Perhaps the same person as Maria · Web chat · #{number_of(first)}" in (second.text or "")
    assert {row[1] for row in await contacts_of(site)} == {None}
    await site.team.clicks("ana", second, "claim")
    await site.team.sees_card(second, "Ana has this")
    view = await window(site, "ana", second)
    assert "Of these, the same address or number is certain." in seen(site, view)
    assert len(choices(site, view, "compare")) == 1


async def test_an_address_that_somebody_typed_offers_nobody(site: Rig) -> None:
    await visits(site, "Maria", VERIFIED_AT)
    typed = await visits(site, "", name=VERIFIED_AT)
    other = await visits(site, "Tom", "tom@example.com")
    for card in (typed, other):
        assert "Perhaps" not in (card.text or "")


async def test_an_own_number_on_telegram_is_known_on_whatsapp(rig: Rig) -> None:
    _, there = await rig.claimed("whatsapp", "34600111222", by="ben")
    customer, card = await rig.claimed("telegram", "maria")
    assert "Perhaps" not in (card.text or "")
    after = rig.now
    shares = {"kind": "contact", "first_name": "Maria", "phone_number": "+34 600 111 222"}
    done = await rig.sandbox.act("telegram", "maria", "share", "", "", user_id=customer.chat, **shares)
    assert done["ok"], done
    drawn = await rig.team.sees_card(card, "Perhaps the same person as", after)
    assert f"#{number_of(there)}" in (drawn.text or "")
    assert "✓ verified: +34600111222" in (drawn.text or "")
