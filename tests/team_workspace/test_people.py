"""How colleagues are named, how rarely Slack is asked, and that what changes counts at once."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bridge.errors import TryLater
from bridge.ports import Agent, Role, Typed
from bridge.sandbox.server import Sandbox, serve
from bridge.team_workspace import people
from bridge.team_workspace.people import People, Roles, name_of
from bridge.team_workspace.slack import from_settings

from .conftest import CARD, Clock, Rig, just_over

NOBODY = Roles()


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"profile": {"display_name": " Ana ", "real_name": "Ana Ruiz"}}, "Ana"),
        ({"profile": {"display_name": "", "real_name": "Ana Ruiz"}, "name": "aruiz"}, "Ana Ruiz"),
        ({"real_name": "Ana Ruiz"}, "Ana Ruiz"),
        ({"profile": None, "name": "aruiz"}, "aruiz"),
        ({}, "U1"),
    ],
)
def test_names(user: dict[str, Any], name: str) -> None:
    assert name_of({"id": "U1", **user}) == name


def asked(rig: Rig) -> int:
    return len(rig.history("users.info")) + len([e for e in rig.history("rejected") if e.raw["method"] == "users.info"])


def known_to(rig: Rig) -> tuple[People, Clock]:
    clock = Clock()
    return People(rig.slack.api, NOBODY, clock), clock


async def test_many_questions_at_once_are_one(rig: Rig) -> None:
    known, _ = known_to(rig)
    agents = await asyncio.gather(*(known.agent("U0ANA") for _ in range(20)))
    assert set(agents) == {Agent("U0ANA", "Ana", Role.RESPONDER)}
    assert asked(rig) == 1


async def test_who_asks_in_the_moment_of_the_answer_gets_it(rig: Rig, wakes: None) -> None:
    """Nothing else runs while somebody waits for what is over already: that is waiting for ever."""
    known, _ = known_to(rig)
    await just_over(known._ask("U0ANA"))
    assert await known.agent("U0ANA") == Agent("U0ANA", "Ana", Role.RESPONDER)
    assert asked(rig) == 1


async def test_what_is_five_minutes_old_is_asked_again(rig: Rig) -> None:
    known, clock = known_to(rig)
    await known.agent("U0ANA")
    rig.sandbox.slack.workspace.users["U0ANA"].is_restricted = True
    clock.now += timedelta(minutes=4)
    assert (await known.agent("U0ANA")).role is Role.RESPONDER
    clock.now += timedelta(minutes=2)
    assert (await known.agent("U0ANA")).role is Role.OUTSIDER


async def test_for_somebody_active_slack_is_asked_ahead_and_nobody_waits(rig: Rig) -> None:
    known, clock = known_to(rig)
    before = await known.agent("U0ANA")
    rig.sandbox.slack.workspace.users["U0ANA"].is_admin = True
    clock.now += timedelta(minutes=4, seconds=30)
    assert known.known("U0ANA") == before
    await asyncio.gather(*known._asking.values())
    clock.now += timedelta(minutes=1)
    assert known.known("U0ANA") == Agent("U0ANA", "Ana", Role.ADMIN)
    assert asked(rig) == 2


async def test_who_somebody_is_stays_open_while_slack_does_not_answer(rig: Rig) -> None:
    known, _ = known_to(rig)
    rig.fault("users.info", "500", times=1)
    with pytest.raises(TryLater):
        await known.agent("U0ANA")
    assert (await known.agent("U0ANA")).role is Role.RESPONDER


async def test_while_slack_does_not_answer_what_it_said_last_holds(rig: Rig) -> None:
    known, clock = known_to(rig)
    before = await known.agent("U0ANA")
    clock.now += timedelta(minutes=6)
    rig.fault("users.info", "500")
    assert await known.agent("U0ANA") == before


async def test_somebody_unknown_is_an_outsider(rig: Rig) -> None:
    known, _ = known_to(rig)
    assert await known.agent("U0NOBODY") == Agent("U0NOBODY", "U0NOBODY", Role.OUTSIDER)


async def test_slack_has_two_seconds_to_tell(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "PATIENCE", 0.05)
    known, _ = known_to(rig)
    rig.fault("users.info", "delay", seconds=60)
    with pytest.raises(TryLater):
        await known.agent("U0ANA")


async def test_only_so_many_people_are_remembered(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "MOST_KNOWN", 2)
    known, _ = known_to(rig)
    for person in ("U0ANA", "U0BEN", "U0CLEA", "U0BEN", "U0ANA"):
        await known.agent(person)
    assert asked(rig) == 4


async def test_slack_says_in_which_language_and_time_zone_somebody_is(rig: Rig) -> None:
    known, _ = known_to(rig)
    assert (known.locale("U0BEN"), known.zone("U0BEN")) == ("", "")
    for person in ("U0ANA", "U0BEN", "U0NOBODY"):
        await known.agent(person)
    assert [known.locale(person) for person in ("U0ANA", "U0BEN", "U0NOBODY")] == ["en-US", "en-GB", ""]
    assert known.zone("U0BEN") == "Europe/Madrid"


async def test_who_is_told_something_reads_it_in_their_language_known_or_not(rig: Rig) -> None:
    known, _ = known_to(rig)
    assert [await known.reads(person) for person in ("U0BEN", "U0BEN", "U0NOBODY")] == ["en-GB", "en-GB", ""]
    assert asked(rig) == 2
    rig.fault("users.info", "500")
    assert await known.reads("U0ANA") == ""


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}])
async def test_who_is_deactivated_or_made_a_guest_loses_the_role_at_once(
    both_ways: Rig, change: dict[str, Any]
) -> None:
    people = both_ways.slack.people
    assert (await people.agent("U0ANA")).role is Role.RESPONDER
    await both_ways.act("clea", "change_user", "U0ANA", **change)
    await both_ways.until(lambda: people.known("U0ANA") is None)
    assert (await people.agent("U0ANA")).role is Role.OUTSIDER


async def test_who_is_a_guest_by_now_writes_as_one(both_ways: Rig) -> None:
    thread = await both_ways.slack.open_thread(CARD, "k1")
    target = f"{thread.channel}:{thread.ts}"
    await both_ways.act("ana", "type", target, "as a member")
    assert (await both_ways.desk.next(Typed)).agent.role is Role.RESPONDER
    await both_ways.act("clea", "change_user", "U0ANA", is_restricted=True)
    await both_ways.until(lambda: both_ways.slack.people.known("U0ANA") is None)
    await both_ways.act("ana", "type", target, "as a guest")
    typed = await both_ways.desk.next()
    assert (typed.text, typed.agent.role) == ("as a guest", Role.OUTSIDER)  # and of the change, nothing was stored


async def test_an_answer_that_is_older_than_the_change_does_not_count(rig: Rig) -> None:
    known, _ = known_to(rig)
    asking = asyncio.create_task(known.agent("U0ANA"))
    await rig.until(lambda: asked(rig) == 1)
    assert known.known("U0ANA") is None  # Slack has answered; we have not heard it
    await rig.act("clea", "change_user", "U0ANA", deleted=True)
    known.changed("U0ANA")
    assert (await asking).role is Role.OUTSIDER
    assert asked(rig) == 2


async def test_when_anybody_may_have_changed_all_are_asked_again_and_what_was_last_said_still_holds(rig: Rig) -> None:
    known, _ = known_to(rig)
    before = [await known.agent(person) for person in ("U0ANA", "U0BEN")]
    rig.sandbox.slack.workspace.users["U0ANA"].deleted = True
    known.changed("")
    assert known.known("U0BEN") is None
    assert (await known.agent("U0ANA")).role is Role.OUTSIDER
    known.changed("")
    rig.fault("users.info", "500")
    assert await known.agent("U0BEN") == before[1]


async def test_roles_of_the_settings_reach_the_people(session: aiohttp.ClientSession) -> None:
    sandbox = Sandbox()
    async with serve(sandbox=sandbox) as url:
        env = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_QUEUE_CHANNEL": "support-queue"}
        roles = Roles(responders=("U0BEN",))
        slack = from_settings({**env, "SLACK_API_URL": f"{url}/slack/api"}, roles, session, Clock())
        await slack.start()
        found = [
            (await slack.people.agent(person)).role for person in ("U0ANA", "U0BEN", "U0CLEA", "U0EXT", "U0BRIDGE")
        ]
        assert found == [Role.VIEWER, Role.RESPONDER, Role.ADMIN, Role.OUTSIDER, Role.OUTSIDER]
        await slack.close()
