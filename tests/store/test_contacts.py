"""Who is one person, as it is kept on both databases: put together, parted again, and raced for."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise, permutations

import pytest

from bridge.content import Author
from bridge.conversation import Why, escalate
from bridge.ports import Agent, Place
from bridge.store import contacts, conversations, messages
from bridge.store.store import Store
from bridge.store.tx import Tx
from bridge.store.writer import Conflict

from .conftest import NOW

ANA = Agent("U0ANA", "Ana")


def begin(tx: Tx, name: str, channel: str = "telegram", verified: str = "") -> int:
    return conversations.of_chat(tx, channel, name, name, "en", NOW, verified)[0].id


async def people(store: Store, *names: str) -> list[int]:
    return await store.write(lambda tx: [begin(tx, name) for name in names])


def put(tx: Tx, one: int, other: int) -> None:
    ones, others = contacts.identities(tx, one), contacts.identities(tx, other)
    contacts.join(tx, one, contacts.ids(ones), other, contacts.ids(others), ANA, NOW)


def take_out(tx: Tx, one: int, other: int) -> None:
    members = contacts.ids(contacts.identities(tx, one, kept=True))
    pair = next(it for it in contacts.pairs(tx, members) if {it.one, it.other} == {one, other})
    contacts.part(tx, pair, members)


async def groups(store: Store) -> set[tuple[int, ...]]:
    """Who is one person with whom."""

    def read(tx: Tx) -> set[tuple[int, ...]]:
        every = [row[0] for row in tx.all("SELECT id FROM conversation")]
        return {contacts.ids(contacts.identities(tx, each)) for each in every}

    return await store.read(read)


async def named(store: Store) -> dict[int, int | None]:
    rows = await store.read(lambda tx: tx.all("SELECT id, contact FROM conversation"))
    return {row[0]: row[1] for row in rows}


async def test_everybody_is_a_contact_by_themselves(store: Store) -> None:
    a, b = await people(store, "a", "b")
    assert await groups(store) == {(a,), (b,)}
    assert await store.read(lambda tx: contacts.identities(tx, 99)) == ()


async def test_who_is_put_together_is_one_until_they_are_parted(store: Store) -> None:
    a, b, c = await people(store, "a", "b", "c")
    await store.write(lambda tx: put(tx, b, c))
    assert await groups(store) == {(a,), (b, c)}
    [pair] = await store.read(lambda tx: contacts.pairs(tx, (b, c)))
    assert (pair.one, pair.other, pair.at, pair.by) == (b, c, NOW, "Ana")
    await store.write(lambda tx: take_out(tx, b, c))
    assert await groups(store) == {(a,), (b,), (c,)}
    assert set((await named(store)).values()) == {None}
    assert await store.read(lambda tx: contacts.pairs(tx, (a, b, c))) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_each_merge_can_be_undone_alone_and_in_any_order(store: Store, order: Sequence[int]) -> None:
    ids = await people(store, "a", "b", "c", "d")
    said = [(ids[1], ids[0]), (ids[1], ids[3]), (ids[2], ids[1])]
    for one, other in said:
        await store.write(lambda tx, one=one, other=other: put(tx, one, other))
    left = dict(enumerate(said))
    for number in order:
        await store.write(lambda tx, number=number: take_out(tx, *said[number]))
        del left[number]
        assert await groups(store) == {tuple(sorted(parts(one, left.values()))) for one in ids}
        for member, name in (await named(store)).items():
            group = parts(member, left.values())
            assert name == (min(group) if len(group) > 1 else None)


def parts(start: int, said: object) -> set[int]:
    """Whom these still put together with one."""
    found = {start}
    for _ in range(4):
        found |= {end for pair in said if found & {*pair} for end in pair}  # type: ignore[attr-defined]
    return found


async def test_who_joins_later_goes_with_whom_they_were_put_to(store: Store) -> None:
    a, b, c = await people(store, "a", "b", "c")
    await store.write(lambda tx: put(tx, a, b))
    await store.write(lambda tx: put(tx, b, c))
    await store.write(lambda tx: take_out(tx, a, b))
    assert await groups(store) == {(a,), (b, c)}


async def test_what_is_not_as_it_was_looked_at_stays(store: Store) -> None:
    a, b, c = await people(store, "a", "b", "c")
    await store.write(lambda tx: put(tx, a, b))

    def stale(tx: Tx, one: int, ones: Sequence[int], other: int, others: Sequence[int]) -> None:
        with pytest.raises(Conflict):
            contacts.join(tx, one, ones, other, others, ANA, NOW)

    def work(tx: Tx) -> None:
        stale(tx, a, [a], b, [b])  # twice
        stale(tx, b, [b], a, [a])  # the other way round
        stale(tx, b, [b], c, [c])  # b is somebody's by now
        stale(tx, c, [c], a, [a])  # a has somebody by now, whom nobody has looked at
        stale(tx, a, [a, b], b, [b])  # with itself
        stale(tx, a, [a, b], 99, [99])  # with nobody
        raise Undone

    with pytest.raises(Undone):
        await store.write(work)
    assert await groups(store) == {(a, b), (c,)}
    assert len(await store.read(lambda tx: contacts.pairs(tx, (a, b, c)))) == 1


async def test_who_was_put_to_somebody_meanwhile_is_left_behind_by_nobody(store: Store) -> None:
    """Also where that has not changed the name of the contact: the least id."""
    a, b, c = await people(store, "a", "b", "c")
    await store.write(lambda tx: put(tx, b, c))

    def work(tx: Tx) -> None:
        with pytest.raises(Conflict):
            contacts.join(tx, a, [a], b, [b], ANA, NOW)

    await store.write(work)
    assert await groups(store) == {(a,), (b, c)}


class Undone(Exception):
    """So that nothing of a transaction stays."""


async def test_of_those_who_put_the_same_together_at_once_one_does(store: Store) -> None:
    """In circles, too."""
    ids = await people(store, *"abcdef")
    wanted = [*pairwise([*ids, ids[0]]), (ids[0], ids[3]), (ids[1], ids[0]), (ids[4], ids[2])]

    def unless(tx: Tx, one: int, other: int) -> bool:
        if other in contacts.ids(contacts.identities(tx, one)):
            return False
        put(tx, one, other)
        return True

    done = await asyncio.gather(*(store.write(lambda tx, it=it: unless(tx, *it)) for it in wanted))
    assert sum(done) == len(ids) - 1
    assert await groups(store) == {tuple(ids)}
    assert len(await store.read(lambda tx: contacts.pairs(tx, ids))) == len(ids) - 1
    assert set((await named(store)).values()) == {ids[0]}


async def test_parting_and_putting_together_at_once_leave_no_half(store: Store) -> None:
    ids = await people(store, *"abcdef")
    for one, other in pairwise(ids[:4]):
        await store.write(lambda tx, one=one, other=other: put(tx, one, other))
    parted = [store.write(lambda tx: take_out(tx, ids[1], ids[2]))]
    joined = [store.write(lambda tx, it=it: put(tx, *it)) for it in ((ids[3], ids[4]), (ids[0], ids[5]))]
    await asyncio.gather(*parted, *joined)
    a, b, c, d, e, f = ids
    assert await groups(store) == {(a, b, f), (c, d, e)}
    assert await named(store) == {a: a, b: a, f: a, c: c, d: c, e: c}


async def test_people_are_found_by_name_number_address_and_handoff(store: Store) -> None:
    def write(tx: Tx) -> list[int]:
        found = [
            begin(tx, "Maria Silva"),
            begin(tx, "34600111222", "whatsapp", "+34600111222"),
            begin(tx, "Élodie 100%", "web", "Elodie@Example.com"),
        ]
        talk, _ = conversations.by_id(tx, found[0])
        queued = escalate(talk, Why("Asked."), 1001, NOW).conversation
        conversations.open_handoff(tx, queued, Why("Asked."), NOW)
        conversations.save(tx, talk, queued)
        return found

    maria, phone, elodie = await store.write(write)

    async def found(text: str) -> list[int]:
        return list(contacts.ids(await store.read(lambda tx: contacts.search(tx, text, 9))))

    assert await found("silva MAR") == [maria]
    assert await found("#1001") == [maria]
    assert await found("1001") == [maria]
    assert await found("#1002") == []
    assert await found("0600 111 222") == [phone]
    assert await found("+34600111222") == [phone]
    assert await found("élodie") == await found("ÉLODIE") == await found("Élo") == [elodie]
    assert await found("elodie@example") == [elodie]
    assert await found("100%") == [elodie]
    assert await found("10_%") == []
    assert await found("   ") == []
    assert await found("222") == [phone]


async def test_who_has_the_same_certain_address_or_number_is_alike(store: Store) -> None:
    def write(tx: Tx) -> list[int]:
        return [
            begin(tx, "a", "web", "maria@example.com"),
            begin(tx, "b", "web", "maria@example.com"),
            begin(tx, "c", "web", "17"),
            begin(tx, "d", "telegram", "17"),
            begin(tx, "e", "telegram"),
            begin(tx, "f", "whatsapp"),
            begin(tx, "g", "whatsapp", "+34600111222"),
            begin(tx, "h", "telegram", "+34600111222"),
        ]

    a, b, c, _, e, _, g, h = await store.write(write)

    async def alike(one: int) -> list[int]:
        return list(contacts.ids(await store.read(lambda tx: contacts.alike(tx, contacts.identities(tx, one)))))

    assert [await alike(one) for one in (a, b, c, e, g)] == [[b], [a], [], [], [h]]
    await store.write(lambda tx: put(tx, a, b))
    assert await alike(a) == []
    await store.write(lambda tx: put(tx, a, g))
    assert await alike(b) == [h]


async def test_what_was_said_is_read_together_and_in_order(store: Store) -> None:
    a, b, c = await people(store, "a", "b", "c")

    def say(tx: Tx) -> list[int]:
        return [
            messages.add(tx, who, None, Author("customer", "x"), f"{number}", "received", NOW)
            for number, who in enumerate([a, b, a, c, b, a])
        ]

    said = await store.write(say)
    await store.write(lambda tx: put(tx, a, b))
    mine = [said[number] for number in (0, 1, 2, 4, 5)]

    def page(tx: Tx, found: Sequence[contacts.Said]) -> list[int]:
        return [message for message, _, _ in found]

    both = (a, b)
    assert await store.read(lambda tx: page(tx, contacts.earlier(tx, both, messages.NEWEST, 9))) == mine
    assert await store.read(lambda tx: page(tx, contacts.earlier(tx, both, mine[3], 2))) == mine[1:3]
    assert await store.read(lambda tx: page(tx, contacts.later(tx, both, mine[0], 2))) == mine[1:3]
    assert await store.read(lambda tx: contacts.count(tx, both)) == 5
    assert await store.read(lambda tx: contacts.count(tx, both, mine[1])) == 2
    [(_, _, whose)] = await store.read(lambda tx: contacts.later(tx, both, mine[0], 1))
    assert whose == b


async def test_handoffs_elsewhere_say_where(store: Store) -> None:
    def write(tx: Tx) -> tuple[int, int]:
        one, other = begin(tx, "a"), begin(tx, "b", "whatsapp")
        talk, _ = conversations.by_id(tx, other)
        queued = escalate(talk, Why("Asked."), 1001, NOW).conversation
        conversations.open_handoff(tx, queued, Why("Asked."), NOW)
        conversations.save(tx, talk, queued)
        conversations.set_thread(tx, 1001, Place("C0SUPPORT", "17.5"))
        return one, other

    one, other = await store.write(write)
    assert await store.read(lambda tx: contacts.elsewhere(tx, one, contacts.identities(tx, one))) == []
    await store.write(lambda tx: put(tx, one, other))
    [found] = await store.read(lambda tx: contacts.elsewhere(tx, one, contacts.identities(tx, one)))
    assert (found.number, found.thread, found.channel) == (1001, Place("C0SUPPORT", "17.5"), "whatsapp")
    assert await store.read(lambda tx: contacts.elsewhere(tx, other, contacts.identities(tx, other))) == []
    assert await store.read(lambda tx: contacts.of_handoff(tx, 1001)) == (one, other)
    assert await store.read(lambda tx: contacts.newest(tx, (one, other), 5)) == [1001]
