"""Roles by user groups: how they are looked up, what holds while Slack is away, and that a change counts at once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bridge.ports import Listed, Role, Typed
from bridge.team_workspace import groups
from bridge.team_workspace.groups import PAUSE, Group, Groups, read
from bridge.team_workspace.people import People
from bridge.team_workspace.roles import Roles

from .conftest import CARD, Clock, Rig, just_over

AGENTS = Roles(responders=("@agents",))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still here, and only one test is about the pace."""
    monkeypatch.setattr(groups, "APART", 0.0)


def people_by(rig: Rig, roles: Roles) -> tuple[People, Clock]:
    clock = Clock()
    return People(rig.slack.api, roles, clock), clock


async def role(people: People, id: str) -> Role:
    return (await people.agent(id)).role


def asked(rig: Rig) -> int:
    refused = [entry for entry in rig.history("rejected") if entry.raw["method"] == "usergroups.list"]
    return len(rig.history("usergroups.list")) + len(refused)


@pytest.mark.parametrize("name", ["@agents", "@Agents", "S0AGENTS"])
async def test_a_group_is_named_by_its_handle_or_its_id(rig: Rig, name: str) -> None:
    people, _ = people_by(rig, Roles(responders=(name,)))
    found = [await role(people, who) for who in ("U0ANA", "U0BEN", "U0CLEA", "U0GUS", "U0EXT")]
    assert found == [Role.RESPONDER, Role.RESPONDER, Role.ADMIN, Role.OUTSIDER, Role.OUTSIDER]


async def test_all_groups_are_asked_about_at_once_and_only_if_one_is_named(rig: Rig) -> None:
    rig.sandbox.slack.workspace.person("vera")
    await rig.act("clea", "change_group", "S0LEADS", handle="leads", users=["U0BEN", "U0VERA"])
    people, _ = people_by(rig, Roles(admins=("@leads",), responders=("@agents",)))
    found = await asyncio.gather(*(role(people, who) for who in ("U0ANA", "U0BEN", "U0VERA", "U0CLEA")))
    assert found == [Role.RESPONDER, Role.ADMIN, Role.ADMIN, Role.VIEWER]
    assert asked(rig) == 1
    nobody, _ = people_by(rig, Roles(responders=("U0ANA",)))
    await role(nobody, "U0ANA")
    nobody.groups.changed()
    assert asked(rig) == 1


async def test_who_all_the_responders_are_is_known_where_they_are_listed(rig: Rig) -> None:
    people, _ = people_by(rig, AGENTS)
    agents = Listed(responders=("@agents", "U0CLEA"))
    assert people.responders(agents) == [], "Slack has not said yet who is in the group"
    await role(people, "U0ANA")
    assert {*people.responders(agents)} == {"U0ANA", "U0BEN", "U0CLEA"}
    assert people.responders(Listed(responders=("@nobody", "U0CLEA"))) == []
    assert people.responders(Listed(admins=("U0CLEA",))) == [], "every member may be one"


async def test_what_is_five_minutes_old_is_asked_again(rig: Rig) -> None:
    people, clock = people_by(rig, AGENTS)
    await role(people, "U0ANA")
    rig.sandbox.slack.workspace.groups["S0AGENTS"]["users"] = ["U0BEN"]
    clock.now += timedelta(minutes=3)
    assert await role(people, "U0ANA") is Role.RESPONDER
    clock.now += timedelta(minutes=3)
    assert people.known("U0ANA") is None
    assert await role(people, "U0ANA") is Role.VIEWER


async def test_for_those_who_are_active_slack_is_asked_ahead(rig: Rig) -> None:
    people, clock = people_by(rig, AGENTS)
    before = await people.agent("U0ANA")
    rig.sandbox.slack.workspace.groups["S0AGENTS"]["users"] = ["U0BEN"]
    clock.now += timedelta(minutes=4, seconds=30)
    assert people.known("U0ANA") == before
    assert people.groups._asking
    await people.groups._asking
    clock.now += timedelta(seconds=29)
    after = people.known("U0ANA")
    assert after
    assert after.role is Role.VIEWER
    assert asked(rig) == 2


async def test_what_changes_in_the_moment_of_the_answer_is_asked_about_anew(rig: Rig, wakes: None) -> None:
    people, _ = people_by(rig, AGENTS)
    await just_over(people.groups._ask())
    people.groups.changed()
    assert await role(people, "U0ANA") is Role.RESPONDER
    assert asked(rig) == 2


@pytest.mark.parametrize("fault", ["500", "garbage", "disconnect", "429"])
async def test_while_slack_does_not_answer_the_last_known_members_hold(rig: Rig, fault: str) -> None:
    people, clock = people_by(rig, Roles(admins=("@agents",), responders=("U0GUS",)))
    assert await role(people, "U0ANA") is Role.ADMIN
    rig.fault("usergroups.list", fault, seconds=PAUSE)
    rig.sandbox.slack.workspace.groups["S0AGENTS"]["users"] = []
    clock.now += timedelta(minutes=6)
    with capture_logs() as logs:
        assert await role(people, "U0ANA") is Role.ADMIN
    (line,) = [line for line in logs if line["event"] == "slack_groups_unread"]
    assert (line["log_level"], line["until_then"]) == ("warning", "the members it named last keep their roles")
    clock.now += timedelta(seconds=PAUSE)
    assert await role(people, "U0ANA") is Role.VIEWER


async def test_a_group_that_was_never_read_lifts_nobody(rig: Rig) -> None:
    people, clock = people_by(rig, Roles(admins=("S0AGENTS",), responders=("@agents",)))
    rig.fault("usergroups.list", "500")
    with capture_logs() as logs:
        found = [await role(people, who) for who in ("U0ANA", "U0BEN", "U0CLEA", "U0GUS")]
    assert found == [Role.VIEWER, Role.VIEWER, Role.VIEWER, Role.OUTSIDER]
    (line,) = [line for line in logs if line["event"] == "slack_groups_unread"]
    assert (line["log_level"], line["until_then"]) == ("error", "nobody has a role by a group")
    clock.now += timedelta(seconds=PAUSE)
    assert await role(people, "U0ANA") is Role.ADMIN


async def test_a_group_of_viewers_that_was_never_read_makes_nobody_a_responder(rig: Rig) -> None:
    people, clock = people_by(rig, Roles(viewers=("@agents",)))
    rig.fault("usergroups.list", "500")
    assert [await role(people, who) for who in ("U0ANA", "U0CLEA")] == [Role.VIEWER, Role.VIEWER]
    clock.now += timedelta(seconds=PAUSE)
    assert [await role(people, who) for who in ("U0ANA", "U0CLEA")] == [Role.VIEWER, Role.ADMIN]


async def test_without_the_permission_nobody_is_lifted(rig: Rig) -> None:
    rig.sandbox.slack.scopes.remove("usergroups:read")
    people, _ = people_by(rig, AGENTS)
    assert await role(people, "U0ANA") is Role.VIEWER
    assert "permission" in people.groups.unread


async def test_somebody_who_acts_waits_two_seconds_and_no_longer(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "PATIENCE", 0.05)
    people, _ = people_by(rig, AGENTS)
    rig.fault("usergroups.list", "delay", seconds=60)
    assert await role(people, "U0ANA") is Role.VIEWER
    await people.close()


@pytest.mark.parametrize(
    ("change", "mend"),
    [({"handle": "agentes"}, "no user group has that handle"), ({"disabled": True}, "is disabled")],
)
async def test_a_group_that_is_not_there_is_said_once_with_the_mend(
    rig: Rig, change: dict[str, Any], mend: str
) -> None:
    await rig.act("clea", "change_group", "S0AGENTS", **change)
    people, clock = people_by(rig, AGENTS)
    with capture_logs() as logs:
        assert await role(people, "U0ANA") is Role.VIEWER
        clock.now += timedelta(minutes=6)
        assert await role(people, "U0ANA") is Role.VIEWER
    assert asked(rig) == 2
    (line,) = [line for line in logs if line["event"] == "slack_group_useless"]
    assert line["mend"].startswith("The desk's roles name @agents, but ")
    assert mend in line["mend"]


async def test_a_disabled_group_of_viewers_makes_nobody_a_responder(rig: Rig) -> None:
    await rig.act("clea", "change_group", "S0AGENTS", disabled=True)
    people, _ = people_by(rig, Roles(viewers=("@agents",)))
    assert await role(people, "U0ANA") is Role.VIEWER


def by_groups(rig: Rig, roles: Roles) -> People:
    """The people of the port itself, as if bridge.toml named groups."""
    rig.slack.people.groups = Groups(rig.slack.api, roles, rig.slack.clock)
    return rig.slack.people


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"users": ["U0BEN"]}, Role.VIEWER),
        ({"disabled": True}, Role.VIEWER),
        ({"handle": "others"}, Role.VIEWER),
        ({"users": ["U0ANA", "U0BEN", "U0CLEA"]}, Role.RESPONDER),
    ],
)
async def test_a_change_of_a_group_counts_at_once(both_ways: Rig, change: dict[str, Any], after: Role) -> None:
    people = by_groups(both_ways, AGENTS)
    assert await role(people, "U0ANA") is Role.RESPONDER
    await both_ways.act("clea", "change_group", "S0AGENTS", **change)
    await both_ways.until(lambda: asked(both_ways) > 1)
    assert await role(people, "U0ANA") is after


async def test_who_left_the_group_writes_as_a_viewer_and_nothing_is_stored_of_that(both_ways: Rig) -> None:
    rig = both_ways
    by_groups(rig, AGENTS)
    thread = await rig.slack.open_thread(CARD, "k1")
    target = f"{thread.channel}:{thread.ts}"
    await rig.act("ana", "type", target, "in the group")
    assert (await rig.desk.next(Typed)).agent.role is Role.RESPONDER
    await rig.act("clea", "change_group", "S0AGENTS", users=["U0BEN"])
    await rig.until(lambda: asked(rig) > 1)
    await rig.act("ana", "type", target, "out of it")
    typed = await rig.desk.next()
    assert (typed.text, typed.agent.role) == ("out of it", Role.VIEWER)


async def test_of_people_who_are_known_slack_is_not_asked_again(rig: Rig) -> None:
    people, _ = people_by(rig, AGENTS)
    await role(people, "U0ANA")
    rig.sandbox.slack.workspace.groups["S0AGENTS"]["users"] = ["U0BEN"]
    people.groups.changed()
    assert people.known("U0ANA") is None
    assert await role(people, "U0ANA") is Role.VIEWER
    assert len(rig.history("users.info")) == 1


async def test_an_answer_that_is_older_than_the_change_does_not_count(rig: Rig) -> None:
    people, _ = people_by(rig, AGENTS)
    asking = asyncio.create_task(people.agent("U0ANA"))
    await rig.until(lambda: asked(rig) == 1)
    assert not people.groups.fresh()  # Slack has answered; we have not heard it
    rig.sandbox.slack.workspace.groups["S0AGENTS"]["users"] = ["U0BEN"]
    for _ in range(100):
        people.groups.changed()
    assert (await asking).role is Role.VIEWER
    assert asked(rig) == 2  # once for all hundred


async def test_two_questions_are_a_while_apart(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "PATIENCE", 0.05)
    monkeypatch.setattr(groups, "APART", 3600.0)
    people, _ = people_by(rig, AGENTS)
    await role(people, "U0ANA")
    people.groups.changed()
    assert await role(people, "U0ANA") is Role.RESPONDER
    assert asked(rig) == 1
    await people.close()


def test_groups_of_other_workspaces_and_old_ones_of_the_same_handle_do_not_count() -> None:
    def told(id: str, **more: Any) -> dict[str, Any]:
        return {"id": id, "handle": "agents", "users": [id.replace("S", "U")], "date_delete": 0, **more}

    both = [told("S1"), told("S2", date_delete=1700000000), told("S3", is_external=True)]
    for usergroups in (both, both[::-1]):
        found = read({"usergroups": usergroups})
        assert found.keys() == {"@agents", "S1", "S2"}
        assert found["@agents"] == Group("S1", "agents", frozenset({"U1"}))
        assert found["S2"].disabled


@pytest.mark.parametrize("answer", [{}, {"usergroups": [None]}, {"usergroups": [{"id": "S1"}]}, {"usergroups": 5}])
def test_an_answer_of_an_unknown_shape_is_none(answer: Any) -> None:
    with pytest.raises((AttributeError, TypeError, KeyError)):
        read(answer)
