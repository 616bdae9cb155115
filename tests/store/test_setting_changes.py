"""What admins changed: the newest of each section holds, nobody writes over another's, and all of it stays."""

import asyncio
from dataclasses import replace

import pytest

from bridge.store import setting_changes
from bridge.store.setting_changes import Change
from bridge.store.store import Store

from .conftest import MINUTE, NOW

FIRST = Change("texts", 1, False, {"ended": "Bye."}, {"ended": "Good “bye”.\n"}, "U0CLEA", "Clea", NOW)
SECOND = Change("texts", 2, True, FIRST.became, FIRST.was, "U0DORA", "Dora", NOW + MINUTE)
POLICY = Change("policy", 1, False, {"audience": "owner"}, {"audience": "explicit"}, "U0CLEA", "Clea", NOW + 2 * MINUTE)


async def test_the_newest_of_each_section_holds_and_all_is_kept(store: Store) -> None:
    assert await store.read(setting_changes.newest) == {}
    for change in (FIRST, SECOND, POLICY):
        assert await store.write(lambda tx, change=change: setting_changes.add(tx, change))
    assert await store.read(setting_changes.newest) == {"texts": SECOND, "policy": POLICY}
    assert await store.read(lambda tx: setting_changes.latest(tx, 15)) == [POLICY, SECOND, FIRST]
    assert await store.read(lambda tx: setting_changes.latest(tx, 1)) == [POLICY]


@pytest.mark.parametrize("version", [1, 3, 9])
async def test_a_change_to_another_version_than_the_newest_is_not_added(store: Store, version: int) -> None:
    assert await store.write(lambda tx: setting_changes.add(tx, FIRST))
    late = replace(SECOND, version=version, section="texts")
    assert not await store.write(lambda tx: setting_changes.add(tx, late))
    assert await store.read(lambda tx: setting_changes.latest(tx, 15)) == [FIRST]


async def test_of_two_at_once_one_is_added(address: str, store: Store) -> None:
    another = Store(address) if store.shared else store
    changes = [replace(FIRST, name=f"Admin {number}") for number in range(8)]
    try:
        added = await asyncio.gather(
            *(
                [store, another][number % 2].write(lambda tx, it=it: setting_changes.add(tx, it))
                for number, it in enumerate(changes)
            )
        )
    finally:
        if another is not store:
            another.close()
    assert sum(added) == 1
    (kept,) = await store.read(lambda tx: setting_changes.latest(tx, 15))
    assert kept == changes[added.index(True)]
