"""What visitors of the web chat tell beside their messages: how it was, who they are, that they are writing."""

from typing import Any

from bridge.demo.customers import WebCustomer
from bridge.sandbox.world import Entry
from bridge.windows.desk import board

from ..conftest import Desk, Rig, Rigs

RATED = "SELECT 1 FROM timeline WHERE event IN ('rated_good', 'rated_bad')"


def asking(desk_with: Desk) -> dict[str, str]:
    """A desk that asks how it was."""
    return {"BRIDGE_CONFIG": str(desk_with({"[desk]": "[desk]\nask_rating = true"}))}


async def served(rig: Rig) -> tuple[WebCustomer, Entry]:
    """A visitor to whom Ana has said something."""
    customer, card = await rig.claimed("web")
    assert isinstance(customer, WebCustomer)
    await rig.types("ana", card, "It comes on Monday.")
    await customer.hears(lambda text: text == "It comes on Monday.", "the reply")
    return customer, card


def questions(customer: WebCustomer) -> list[dict[str, Any]]:
    return [event for event in customer.events if event["kind"] == "rating"]


async def asked(rig: Rig, customer: WebCustomer) -> str:
    """The question's id."""
    found = await rig.until(lambda: next(iter(questions(customer)), None), "the question")
    assert found["name"] == "Ana"
    return str(found["id"])


async def statuses(rig: Rig, card: Entry, many: int) -> list[str | None]:
    """What stood below the thread, one after the other, as soon as there were so many."""

    def shown() -> list[str | None] | None:
        found = [it.text for it in rig.history("slack", "assistant.threads.setStatus") if it.thread == card.id]
        return found if len(found) >= many else None

    return await rig.until(shown, "the status below the thread")


async def test_who_was_served_may_say_how_it_was(rigs: Rigs, desk_with: Desk) -> None:
    async with rigs(**asking(desk_with)) as rig:
        customer, card = await served(rig)
        assert questions(customer) == []
        await rig.team.clicks("ana", card, "handback")
        question = await asked(rig, customer)
        await customer.rates(question, good=False)
        await rig.team.sees_post(card, "👎 The customer rated it not good.")
        await rig.team.sees_card(card, "👎 Rated not good")
        await customer.rates(question, "Nobody told me @channel that it is late", good=False)
        await rig.team.sees_post(card, "The customer says of the rating:")
        shown = await rig.team.sees_card(card, "👎 Rated not good: Nobody told me")
        assert "<!channel>" not in (shown.text or "")
        assert "Customers rated 0 good and 1 not good." in str(await rig.bridge.desk.within(board))
        told = await rig.until(lambda: [it for it in customer.events if it["kind"] == "rated"] or None, "what was said")
        assert [(it["of"], it["good"]) for it in told] == [(question, False)]


async def test_the_first_rating_counts(rigs: Rigs, desk_with: Desk) -> None:
    async with rigs(**asking(desk_with)) as rig:
        customer, card = await served(rig)
        await rig.team.clicks("ana", card, "end")
        question = await asked(rig, customer)
        for good, text in ((True, ""), (False, ""), (True, "Quick!"), (False, "Slow!")):
            await customer.rates(question, text, good=good)
        await rig.team.sees_card(card, "👍 Rated good: Quick!")
        await rig.quiet()
        rows = await rig.read(lambda tx: tx.all("SELECT event, note FROM timeline WHERE event LIKE 'rat%' ORDER BY id"))
        assert [tuple(row) for row in rows] == [("rated_good", ""), ("rating_words", "Quick!")]


async def test_where_nobody_said_anything_nobody_is_asked(rigs: Rigs, desk_with: Desk) -> None:
    async with rigs(**asking(desk_with)) as rig:
        customer, card = await rig.claimed("web")
        assert isinstance(customer, WebCustomer)
        await rig.types("ben", card, "!note a regular")
        await rig.team.clicks("ana", card, "end")
        await customer.hears(lambda text: "has ended" in text, "the end")
        await rig.quiet()
        await rig.finds("SELECT 1 FROM timeline WHERE event = 'asked_rating'", none=True)
        assert questions(customer) == []


async def test_a_desk_that_does_not_say_so_asks_nobody(rig: Rig) -> None:
    customer, card = await served(rig)
    await rig.team.clicks("ana", card, "end")
    await customer.hears(lambda text: "has ended" in text, "the end")
    await rig.quiet()
    assert questions(customer) == []


async def test_another_visitor_cannot_rate_for_them(rigs: Rigs, desk_with: Desk) -> None:
    async with rigs(**asking(desk_with)) as rig:
        customer, card = await served(rig)
        await rig.team.clicks("ana", card, "end")
        question = await asked(rig, customer)
        other = WebCustomer(rig.url, "Eve", rig.session, rig.watch)
        await other.says("Hello")
        head = {"Authorization": f"Bearer {other._token}"}
        body = {"of": question, "good": False}
        async with rig.session.post(f"{rig.url}/web/ratings", json=body, headers=head) as response:
            assert response.status == 404
        await rig.finds(RATED, none=True)
        await other.close()


async def test_an_address_that_was_typed_is_shown_as_that(rig: Rig) -> None:
    visitor = WebCustomer(rig.url, "Priya", rig.session, rig.watch, email="priya@example.com")
    await visitor.says("I want to talk to a human")
    card = await rig.team.card_of("Priya")
    shown = await rig.team.sees_card(card, "✉ priya@example.com (typed, not verified)")
    assert "✓ verified" not in (shown.text or "")
    await visitor.close()


async def test_the_thread_says_while_they_write_and_not_for_longer(rig: Rig) -> None:
    customer, card = await served(rig)
    await customer.types()
    assert await statuses(rig, card, 1) == ["Maria is writing …"]
    assert await statuses(rig, card, 2) == ["Maria is writing …", ""]
    await rig.finds("SELECT 1 FROM lane WHERE way = 'writing'", none=True)


async def test_it_is_ended_though_nobody_knows_whether_it_was_shown(rig: Rig) -> None:
    customer, card = await served(rig)
    rig.fault("slack", "assistant.threads.setStatus", "drop_after_accept")
    await customer.types()
    assert (await statuses(rig, card, 2))[-1] == ""
    await rig.finds("SELECT 1 FROM lane WHERE way = 'writing'", none=True)


async def test_whose_message_has_come_writes_no_more(rig: Rig) -> None:
    customer, card = await served(rig)
    await customer.types()
    await statuses(rig, card, 1)
    await customer.says("It is the blue one.")
    await rig.team.sees_post(card, "It is the blue one.")
    await rig.finds("SELECT 1 FROM lane WHERE way = 'writing'", none=True)
    assert (await statuses(rig, card, 2))[1:] == [""]


async def test_before_a_person_has_them_nobody_is_told_that_they_write(rig: Rig) -> None:
    customer, _ = await rig.waiting("web")
    assert isinstance(customer, WebCustomer)
    await customer.types()
    await rig.finds("SELECT 1 FROM inbox WHERE source = 'web' AND raw = ''")
    await rig.finds("SELECT 1 FROM lane WHERE way = 'writing'", none=True)
