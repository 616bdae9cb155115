import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bridge.store import lanes
from chaos.mutants.breaking import NotThere, reword, swap
from chaos.mutants.every import MUTANTS
from chaos.mutants.plays import PLAYS
from chaos.mutants.run import Outcome, row_of
from chaos.mutants.trial import Trial, tried
from chaos.rig import Rig, Setup
from chaos.tally import PROMISES

BREAK_EACH = """
import os
from chaos.mutants.every import MUTANTS

for mutant in MUTANTS.values():
    if os.fork() == 0:
        try:
            mutant.patch()
        except BaseException as error:
            print(f"{mutant.name}: {error}", flush=True)
        os._exit(0)
    os.wait()
"""


async def _no_harm(it: Rig) -> None:
    pass


@pytest.mark.slow
async def test_a_broken_bridge_is_caught_where_the_unbroken_one_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLAYS, "calm", replace(PLAYS["calm"], harm=_no_harm, size=3))  # type: ignore[arg-type]
    unbroken = Outcome(None, await tried(Setup(), 1, "calm", None))
    mutant = MUTANTS["last click wins"]
    broken = Outcome(mutant, await tried(Setup(), 1, "calm", mutant))
    assert unbroken.well, unbroken.trial.notes
    assert broken.well, broken.trial


def test_each_mutant_breaks_something_that_is_there() -> None:
    done = subprocess.run([sys.executable, "-c", BREAK_EACH], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_there_are_enough_of_them_and_each_names_a_play_and_what_it_raises() -> None:
    assert len(MUTANTS) >= 28
    for mutant in MUTANTS.values():
        assert mutant.play in PLAYS, mutant.name
        assert mutant.raises, mutant.name
        assert set(mutant.raises) <= set(PROMISES), mutant.name
        assert mutant.broken.endswith("."), mutant.name


def test_what_is_not_there_cannot_be_broken() -> None:
    there = SimpleNamespace(__name__="there", post=lambda text: text)
    with pytest.raises(NotThere, match=r"there\.send"):
        swap(there, "send", lambda old: old)
    with pytest.raises(NotThere, match="takes text, and not key"):
        swap(there, "post", lambda _: lambda key: key)
    with pytest.raises(NotThere, match=r"lanes\.due"):
        reword(lanes, "due", "ORDER BY the moon", "")


def test_a_mutant_that_is_not_caught_breaks_the_row() -> None:
    caught = Outcome(MUTANTS["no keys for slack"], Trial("twice", "no keys for slack", {"twice": 2}))
    missed = Outcome(MUTANTS["no keys for telegram"], Trial("twice", "no keys for telegram", {"lost": 1}))
    clean = Outcome(None, Trial("twice", "unbroken"))
    row = row_of(Setup(), 1, [clean, caught, missed])
    assert (row.mutants, row.mutants_caught) == (2, 1)
    assert not row.kept
    assert "no keys for telegram" in row.notes[0]
    assert row_of(Setup(), 1, [clean, caught]).kept


def test_an_unbroken_bridge_that_is_not_clean_breaks_the_row() -> None:
    caught = Outcome(MUTANTS["no keys for slack"], Trial("twice", "no keys for slack", {"twice": 2}))
    unclean = Outcome(None, Trial("twice", "unbroken", {"twice": 1}, notes=("twice: c000n001",)))
    broke_off = Outcome(None, Trial("twice", "unbroken", broke_off=True))
    assert not row_of(Setup(), 1, [unclean, caught]).kept
    assert not row_of(Setup(), 1, [broke_off, caught]).kept
