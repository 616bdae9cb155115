"""Who may do what, how colleagues are named, and how rarely Slack is asked."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bridge.errors import TryLater
from bridge.ports import Agent, Role
from bridge.sandbox.server import Sandbox, serve
from bridge.team_workspace import people
from bridge.team_workspace.people import People, Roles, name_of, role_of
from bridge.team_workspace.slack import from_settings

from .conftest import Rig

NOBODY = Roles()
LISTED = Roles(admins=("UA",), responders=("UR", "UG"), viewers=("UV",))


@pytest.mark.parametrize(
    ("user", "roles", "role"),
    [
        ({}, NOBODY, Role.RESPONDER),
        ({"is_admin": True}, NOBODY, Role.ADMIN),
        ({"is_owner": True}, NOBODY, Role.ADMIN),
        ({"is_restricted": True}, NOBODY, Role.OUTSIDER),
        ({"is_ultra_restricted": True, "is_admin": True}, NOBODY, Role.OUTSIDER),
        ({"is_stranger": True}, NOBODY, Role.OUTSIDER),
        ({"is_bot": True}, NOBODY, Role.OUTSIDER),
        ({"deleted": True}, NOBODY, Role.OUTSIDER),
        ({"team_id": "T2"}, NOBODY, Role.OUTSIDER),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1"]}}, NOBODY, Role.RESPONDER),
        ({"id": "UA"}, LISTED, Role.ADMIN),
        ({"id": "UR"}, LISTED, Role.RESPONDER),
        ({"id": "UV"}, LISTED, Role.VIEWER),
        ({"id": "UV", "is_admin": True}, LISTED, Role.VIEWER),
        ({"id": "UX"}, LISTED, Role.VIEWER),
        ({"id": "UX", "is_admin": True}, LISTED, Role.VIEWER),
        ({"id": "UG", "is_restricted": True}, LISTED, Role.RESPONDER),
        ({"id": "UR", "deleted": True}, LISTED, Role.OUTSIDER),
        ({"id": "UA", "is_stranger": True}, LISTED, Role.OUTSIDER),
    ],
)
def test_roles(user: dict[str, Any], roles: Roles, role: Role) -> None:
    assert role_of({"id": "U1", "team_id": "T1", **user}, "T1", roles) is role


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


class Clock:
    now = datetime(2026, 11, 21, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


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
