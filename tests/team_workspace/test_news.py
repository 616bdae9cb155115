"""What Slack tells of people and user groups is passed on, and everything else is left to others."""

from typing import Any

import pytest

from bridge.team_workspace import groups
from bridge.team_workspace.news import News
from bridge.team_workspace.people import People
from bridge.team_workspace.roles import Roles

from .conftest import Clock, Rig


def told(event: object) -> dict[str, Any]:
    return {"type": "event_callback", "event": event}


@pytest.mark.parametrize(
    ("event", "changed"),
    [
        ({"type": "user_change", "user": {"id": "U0ANA"}}, "U0ANA"),
        ({"type": "subteam_updated", "subteam": {"id": "S1"}}, "groups"),
        ({"type": "subteam_members_changed"}, "groups"),
    ],
)
async def test_what_tells_of_people_is_for_all_processes(rig: Rig, event: dict[str, Any], changed: str) -> None:
    news = News(rig.slack.people)
    assert news.heard(told(event))
    assert news.heard_here.get_nowait() == changed


@pytest.mark.parametrize(
    "event",
    [
        *({"type": "user_change", "user": user} for user in ({}, {"id": 7}, {"id": ""}, "U0ANA", None)),
        *({"type": "user_change"}, {"type": "message", "user": {"id": "U0ANA"}}, None, "user_change"),
    ],
)
async def test_what_tells_of_nobody_is_left_to_others(rig: Rig, event: object) -> None:
    news = News(rig.slack.people)
    assert not news.heard(told(event))
    assert news.heard_here.empty()


@pytest.mark.parametrize(
    ("changed", "person", "group"), [("U0ANA", True, False), ("groups", False, True), ("", True, True)]
)
async def test_told_by_another_process_only_what_changed_is_asked_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, changed: str, person: bool, group: bool
) -> None:
    monkeypatch.setattr(groups, "APART", 0.0)
    people = People(rig.slack.api, Roles(responders=("@agents",)), Clock())
    await people.agent("U0ANA")
    News(people).told(changed)
    assert people.groups.fresh() is not group
    await people.agent("U0ANA")
    assert len(rig.history("users.info")) == 1 + person
    assert len(rig.history("usergroups.list")) == 1 + group
