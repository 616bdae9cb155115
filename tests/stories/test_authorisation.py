"""Who may do what: everybody tries everything, over a socket and over HTTP.

What is allowed is seen at the far end. What is denied is told to the one who tried, and changes nothing.
"""

import asyncio
from collections import Counter
from typing import Any

import pytest

from bridge.demo.watch import NotSeen
from bridge.sandbox.world import Entry
from bridge.team_workspace import groups

from ..conftest import Desk, Rig, Rigs
from .deeds import DEEDS, PEOPLE, WATCHERS, WINDOWS, WORDS, Deed, Kept, Rows, Stage, Try, text_of

TABLE = """
                          owner  other  admin  viewer  guest  external  gone  lapsed
button claim              yes    yes    yes    no      no     no        no    no
button assign             yes    yes    yes    no      no     no        no    no
button labels             yes    yes    yes    no      no     no        no    no
button transcript         yes    yes    yes    yes     no     no        no    yes
button handback           yes    no     yes    no      no     no        no    no
button handback_form      yes    no     yes    no      no     no        no    no
button draft              yes    no     no     no      no     no        no    no
button template           yes    no     no     no      no     no        no    no
button same               yes    no     yes    no      no     no        no    no
button resolve            yes    yes    yes    no      no     no        no    no
button end                yes    no     yes    no      no     no        no    no
button end, unclaimed     yes    yes    yes    no      no     no        no    no
button reopen             yes    yes    yes    no      no     no        no    no
button reopen, unresolved yes    yes    yes    no      no     no        no    no
button send again         yes    no     yes    no      no     no        no    no
button resend             yes    no     yes    no      no     no        no    no
button it arrived         yes    no     yes    no      no     no        no    no

!claim                    yes    yes    yes    no      no     no        no    no
!handback                 yes    no     yes    no      no     no        no    no
@bridge handback          yes    no     yes    no      no     no        no    no
@bridge end               yes    no     yes    no      no     no        no    no
!assign                   yes    yes    yes    no      no     no        no    no
!assign @somebody         yes    no     yes    no      no     no        no    no
!assign queue             yes    no     yes    no      no     no        no    no
!label                    yes    yes    yes    no      no     no        no    no
!end                      yes    no     yes    no      no     no        no    no
!reopen                   yes    yes    yes    no      no     no        no    no
!draft                    yes    no     no     no      no     no        no    no
!template                 yes    no     no     no      no     no        no    no
!same                     yes    no     yes    no      no     no        no    no
!resolve                  yes    yes    yes    no      no     no        no    no
!transcript               yes    yes    yes    yes     no     no        no    yes
!note                     yes    yes    yes    yes     yes    yes       yes   yes
!whisper                  no     yes    yes    no      no     no        no    no
!help                     yes    yes    yes    yes     yes    yes       yes   yes
!held                     yes    yes    yes    yes     yes    yes       yes   yes
!say                      yes    held   held   held    note   note      note  no
plain words               yes    held   held   held    note   note      note  no
plain words, unclaimed    held   held   held   held    note   note      note  held
a file                    yes    held   held   held    note   note      note  no
a file, unclaimed         held   held   held   held    note   note      note  held
an edit of the reply      yes    -      -      -       -      -         no    no

held: send                yes    yes    yes    no      no     no        no    no
held: keep                yes    yes    yes    yes     yes    yes       yes   yes
held: take over           -      yes    yes    no      no     no        -     -
held: template            yes    -      -      -       -      -         no    no
a correction              yes    -      -      -       -      -         no    no
opening what a word named yes    yes    yes    no      no     no        no    no

/handback #n              yes    no     yes    no      no     -         no    no
/handback, several        yes    yes    yes    no      no     -         no    no
picking one of them       yes    -      -      -       -      -         no    no
/takeover                 yes    yes    yes    no      no     -         no    no
/queue                    yes    yes    yes    yes     no     -         no    yes
/desk                     yes    yes    yes    yes     no     -         no    yes
/desk away                yes    yes    yes    no      no     -         no    no
/desk back                yes    yes    yes    no      no     -         no    no
shortcut hand back        yes    no     yes    no      no     -         no    no
shortcut send             yes    no     no     no      no     -         no    no

window assign             yes    no     yes    no      no     no        no    no
window assign, unclaimed  no     no     yes    no      no     no        no    no
window assign, requeue    yes    no     yes    no      no     no        no    no
window handback           yes    -      -      -       -      -         no    no
window draft              yes    -      -      -       -      -         no    no
window template           yes    -      -      -       -      -         no    no
window template, another  yes    -      -      -       -      -         no    no
window template, preview  yes    -      -      -       -      -         no    no
window same, search       yes    -      yes    -       -      -         no    no
window same, compare      yes    -      yes    -       -      -         no    no
window same, said         yes    -      yes    -       -      -         no    no
window same, separate     yes    -      yes    -       -      -         no    no
window labels             yes    yes    yes    no      no     no        no    no
window transcript, page   yes    yes    yes    yes     no     no        no    yes
window transcript, later  yes    yes    yes    yes     no     no        no    yes
window takeover, search   yes    yes    yes    no      no     no        no    no
window takeover, button   yes    yes    yes    no      no     no        no    no
window queue, claim       yes    yes    yes    no      no     no        no    no
window queue, filter      yes    yes    yes    yes     no     no        no    yes
window queue, person      yes    yes    yes    yes     no     no        no    yes
window desk, away         yes    yes    yes    no      no     no        no    no
window desk, back         yes    yes    yes    no      no     no        no    no
window desk, settings     -      -      yes    -       -      -         -     -
window settings, texts    -      -      yes    -       -      -         -     -
window settings, triggers -      -      yes    -       -      -         -     -
window settings, policy   -      -      yes    -       -      -         -     -
window settings, roles    -      -      yes    -       -      -         -     -
window settings, bots     -      -      yes    -       -      -         -     -
window settings, back     -      -      yes    -       -      -         -     -

home                      yes    yes    yes    yes     no     no        no    yes
home, claim               yes    yes    yes    no      no     no        no    no
home, hand back           yes    -      -      -       -      -         no    no
home, hand back ...       yes    -      -      -       -      -         no    no
home, away                yes    yes    yes    no      no     no        no    no
home, back                yes    yes    yes    no      no     no        no    no
home, settings            -      -      yes    -       -      -         -     -
"""
"""yes   they may, and what follows is seen
no    they are told in private, or by the window, and nothing has changed
held  their words stay in Slack, are marked, and they are asked
note  their words stay in Slack as a note, and they are told so
-     Slack gives them no way: it refuses, or there is no such button

`gone` claimed the conversations and was deactivated then; `lapsed` claimed them and was made a viewer then. Windows,
pages and questions were opened by people who were ordinary members at that moment; what they are now is what counts.
`other` and `admin` have conversations of their own when they come to `/handback`: those that they claimed further up.
"""

BUGS: dict[tuple[str, str], str] = {}
"""What the bridge does otherwise, by person and deed, until that is mended."""

SECRET = "a-signing-secret"
MODES = {"socket": dict[str, str](), "http": {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SECRET}}


def cells() -> dict[str, dict[str, str]]:
    """What everybody may do: by person, then by deed."""
    head, *lines = [line for line in TABLE.splitlines() if line.strip()]
    width = max(map(len, DEEDS))
    rows = {line[:width].strip(): line[width:].split() for line in lines}
    return {who: {deed: row[at] for deed, row in rows.items()} for at, who in enumerate(head.split())}


CELLS = cells()


def test_the_table_says_of_everybody_whether_they_may_do_everything() -> None:
    assert CELLS.keys() == PEOPLE.keys()
    for who, column in CELLS.items():
        assert column.keys() == DEEDS.keys(), who
        assert set(column.values()) <= {"yes", "no", "held", "note", "-"}, who
    assert all(CELLS[who][deed] != "-" for who, deed in BUGS)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_tries_everything(
    rigs: Rigs, desk_with: Desk, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests, who: str, mode: str
) -> None:
    monkeypatch.setattr(groups, "APART", 0.0)
    desk = desk_with({"[bots.shop]": f'[roles]\nviewers = ["{WATCHERS}"]\n\n[bots.shop]'})
    async with rigs(BRIDGE_CONFIG=desk, up=False, **MODES[mode]) as rig:
        await rig.sandbox.act("slack", "clea", "change_group", WATCHERS, handle="watchers", users=[])
        stage = await ready(rig, who)
        for deed in DEEDS:
            with subtests.test(deed):
                await tries(stage, who, deed)


async def ready(rig: Rig, who: str) -> Stage:
    """The bridge runs, and there is a customer for every deed that uses one up, and one of each kind for the rest."""
    person = PEOPLE[who]
    rig.sandbox.slack.workspace.person(person.handle)  # who is new joins now
    await rig.start()
    async with asyncio.timeout(20):
        while rig.bridge.waiting_for:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    stage = Stage(rig, person)
    used = Counter(deed.kind for name, deed in DEEDS.items() if deed.spends and CELLS[who][name] == "yes")
    await stage.furnish({kind: used[kind] + 1 for kind in {deed.kind for deed in DEEDS.values()}})
    return stage


async def tries(stage: Stage, who: str, name: str) -> None:
    """One cell."""
    deed, expected, bug = DEEDS[name], CELLS[who][name], BUGS.get((who, name))
    one = Try(stage, await stage.take(deed.kind))
    try:
        if deed.before:
            async with stage.lifted():
                await deed.before(one)
        await stage.calm()
        before = await stage.rows()
        one.after, one.heard, one.patience = stage.rig.now, len(one.case.customer.heard), 1.0 if bug else 20.0
        await EXPECTED[expected](one, deed, before)
    except (AssertionError, NotSeen, TimeoutError):
        if bug:
            pytest.xfail(bug)
        raise
    assert not bug, "This is mended: take it out of BUGS."
    if not (deed.spends and expected == "yes"):
        stage.give_back(deed.kind, one.case)


async def allowed(one: Try, deed: Deed, before: Rows) -> None:
    await deed.do(one)
    await deed.seen(one)


async def denied(one: Try, deed: Deed, before: Rows) -> None:
    await deed.do(one)
    said = await refusal(one)
    assert not any(block["type"] == "actions" for block in blocks_of(said)), "no way is offered"
    await nothing_follows(one, before)


async def held(one: Try, deed: Deed, before: Rows) -> None:
    await deed.do(one)
    asked = await one.word()
    assert any(block["type"] == "actions" for block in blocks_of(asked)), "they are asked"
    await one.rig.team.sees_mark(one.ts, "raised_hand", one.after)
    new = await nothing_follows(one, before, but="held")
    assert [row[3] for row in new] == [one.me.id]


async def noted(one: Try, deed: Deed, before: Rows) -> None:
    await deed.do(one)
    await one.word("You are a guest here")
    new = await nothing_follows(one, before, but="note")
    assert [row[3] for row in new] == [one.me.id]


async def kept_out(one: Try, deed: Deed, before: Rows) -> None:
    with pytest.raises(Kept):
        await deed.do(one)
    await nothing_follows(one, before)


EXPECTED = {"yes": allowed, "no": denied, "held": held, "note": noted, "-": kept_out}


# ------------------------------------------------------------------------------------------------ that nothing happened


async def refusal(one: Try) -> Any:
    """What they are told: by the window that they sent off, in a message, or in a window of its own."""
    shown = one.rig.sandbox.slack.views.open_views.get(one.window)
    if shown and shown.view["callback_id"] == "told":
        return shown.view
    if one.rig.history("slack", "app_home_opened", after=one.after):
        return await one.entry(lambda it: it.kind == "views.publish" and it.raw["user"] == one.me.id, "their page")
    return await one.word()


def blocks_of(said: Any) -> list[Any]:
    if isinstance(said, Entry):
        said = said.raw.get("view") or said.raw
    return said.get("blocks") or []


async def nothing_follows(one: Try, before: Rows, but: str = "") -> list[Any]:
    """Nothing has changed, nobody is shown anything, and the customer hears nothing; gives new messages in `but`."""
    await one.stage.calm()
    now = await one.stage.rows()
    new = [row for row in now["message"] if row not in before["message"] and row[-1] == but]
    now["message"] = [row for row in now["message"] if row not in new]
    changed = {name: (before[name], rows) for name, rows in now.items() if rows != before[name]}
    assert not changed
    assert len(one.case.customer.heard) == one.heard
    history = one.rig.sandbox.world.history[one.after :]
    assert but == "note" or not [it for it in history if it.kind == "chat.postMessage"], "nothing is said in the thread"
    assert not [it for it in history if it.kind in WORDS and it.raw["user"] != one.me.id], "nobody else is told"
    told = [it for it in history if it.raw.get("user") == one.me.id]
    assert not [it for it in told if it.kind.startswith("views.") and it.raw["view"]["callback_id"] in WINDOWS]
    if one.me.outside:
        shown = [text_of(it) for it in told if it.kind in WORDS or it.kind.startswith("views.")]
        assert not [text for text in shown if "Customer" in text], "no customer's name is said to outsiders"
    return new
