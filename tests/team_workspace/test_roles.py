"""Who may do what: every kind of person, under every kind of list; and that what is not known lifts nobody."""

from itertools import product
from typing import Any

import pytest

from bridge.ports import Role, is_group, is_person
from bridge.team_workspace.roles import Roles, listed_to_claim, may_claim, role_of

OUT, VIEW, RESP, ADMIN = Role.OUTSIDER, Role.VIEWER, Role.RESPONDER, Role.ADMIN
HOME, ELSEWHERE = {"enterprise_user": {"teams": ["T1", "T2"]}}, {"enterprise_user": {"teams": ["T2"]}}

KINDS: dict[str, dict[str, Any]] = {
    "member": {},
    "workspace admin": {"is_admin": True},
    "workspace owner": {"is_admin": True, "is_owner": True},
    "owner only": {"is_owner": True},
    "guest": {"is_restricted": True},
    "guest of one channel": {"is_restricted": True, "is_ultra_restricted": True},
    "guest by one flag": {"is_ultra_restricted": True},
    "external": {"team_id": "T2", "is_stranger": True},
    "external by its team": {"team_id": "T2"},
    "external by its flag": {"is_stranger": True},
    "deactivated": {"deleted": True},
    "deactivated admin": {"deleted": True, "is_admin": True},
    "bot": {"is_bot": True},
    "Enterprise, here": {"team_id": "T2", **HOME},
    "Enterprise admin, here": {"team_id": "T2", "is_admin": True, **HOME},
    "Enterprise, elsewhere": {"team_id": "T2", **ELSEWHERE},
    "Enterprise admin, elsewhere": {"team_id": "T2", "is_admin": True, **ELSEWHERE},
    "unnamed Enterprise": {"team_id": "T1", "enterprise_user": None},
}

# What somebody is who is not listed: by which lists there are. Then what they are by each list that they are in.
TABLE = {
    # kind                       no list, admins', responders', viewers', all   |  viewer, responder, admin
    "member": (RESP, RESP, VIEW, RESP, VIEW, VIEW, RESP, ADMIN),
    "workspace admin": (ADMIN, RESP, ADMIN, ADMIN, VIEW, VIEW, RESP, ADMIN),
    "workspace owner": (ADMIN, RESP, ADMIN, ADMIN, VIEW, VIEW, RESP, ADMIN),
    "owner only": (ADMIN, RESP, ADMIN, ADMIN, VIEW, VIEW, RESP, ADMIN),
    "guest": (OUT, OUT, OUT, OUT, OUT, VIEW, VIEW, VIEW),
    "guest of one channel": (OUT, OUT, OUT, OUT, OUT, VIEW, VIEW, VIEW),
    "guest by one flag": (OUT, OUT, OUT, OUT, OUT, VIEW, VIEW, VIEW),
    "external": (OUT,) * 8,
    "external by its team": (OUT,) * 8,
    "external by its flag": (OUT,) * 8,
    "deactivated": (OUT,) * 8,
    "deactivated admin": (OUT,) * 8,
    "bot": (OUT,) * 8,
    "Enterprise, here": (RESP, RESP, VIEW, RESP, VIEW, VIEW, RESP, ADMIN),
    "Enterprise admin, here": (ADMIN, RESP, ADMIN, ADMIN, VIEW, VIEW, RESP, ADMIN),
    "Enterprise, elsewhere": (OUT,) * 8,
    "Enterprise admin, elsewhere": (OUT,) * 8,
    "unnamed Enterprise": (RESP, RESP, VIEW, RESP, VIEW, VIEW, RESP, ADMIN),
}

MEMBERS = {"@admins": {"UA"}, "S0AGENTS": {"UR"}, "@interns": {"UV"}}


def user(kind: str, id: str) -> dict[str, Any]:
    return {"id": id, "team_id": "T1", **KINDS[kind]}


def test_the_table_has_every_kind() -> None:
    assert list(TABLE) == list(KINDS)


@pytest.mark.parametrize("by_group", [False, True], ids=["by list", "by group"])
@pytest.mark.parametrize("kind", KINDS)
def test_roles(kind: str, by_group: bool) -> None:
    admins, responders, viewers = (
        (("@admins",), ("S0AGENTS",), ("@interns",)) if by_group else (("UA",), ("UR",), ("UV",))
    )
    lists = (
        *(Roles(), Roles(admins=admins), Roles(responders=responders), Roles(viewers=viewers)),
        Roles(admins, responders, viewers),
    )
    full = [roles.with_members(MEMBERS) for roles in lists]
    unlisted = [role_of(user(kind, "UX"), "T1", roles) for roles in full]
    listed = [role_of(user(kind, who), "T1", full[-1]) for who in ("UV", "UR", "UA")]
    assert (*unlisted, *listed) == TABLE[kind]


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        (Roles(responders=("@a", "@b")), RESP),
        (Roles(admins=("@a",), responders=("@b",)), ADMIN),
        (Roles(responders=("@a",), viewers=("@b",)), RESP),
        (Roles(admins=("@a",), viewers=("@b",)), ADMIN),
        (Roles(admins=("U1",), responders=("@a",)), ADMIN),
        (Roles(admins=("@a",), responders=("U1",)), ADMIN),
        (Roles(responders=("@a",), viewers=("U1",)), RESP),
        (Roles(responders=("U1",), viewers=("@a",)), RESP),
        (Roles(responders=("@a", "U1")), RESP),
        (Roles(admins=("@a",), responders=("@a",), viewers=("@a",)), ADMIN),
    ],
)
def test_of_two_groups_or_a_group_and_a_list_the_higher_role_counts(roles: Roles, role: Role) -> None:
    known = roles.with_members({"@a": {"U1"}, "@b": {"U1", "U2"}})
    assert role_of(user("member", "U1"), "T1", known) is role


def test_an_empty_group_is_not_nobody_listed() -> None:
    empty = Roles(admins=("@admins",), responders=("@agents",)).with_members({"@admins": (), "@agents": ()})
    assert role_of(user("member", "U1"), "T1", empty) is VIEW
    assert role_of(user("workspace owner", "U1"), "T1", empty) is VIEW


def test_nobody_is_lifted_by_what_is_not_known() -> None:
    """Every place somebody may have in three lists, by id or by group, with every set of groups that are not known."""
    groups = {"@a": {"U1"}, "@r": {"U1"}, "@v": {"U1"}}
    seen = 0
    places = [[(), ("U1",), (group,), ("U2",)] for group in groups]
    for kind, lists in product(KINDS, product(*places)):
        admins, responders, viewers = lists
        roles, who = Roles(admins, responders, viewers), user(kind, "U1")
        known = role_of(who, "T1", roles.with_members(groups))
        for lost in product((False, True), repeat=3):
            left = {name: members for (name, members), gone in zip(groups.items(), lost, strict=True) if not gone}
            assert role_of(who, "T1", roles.with_members(left)) <= known, (kind, lists, lost)
            seen += 1
    assert seen == len(KINDS) * 4**3 * 8


def test_somebody_who_may_be_a_viewer_by_a_group_that_is_not_known_is_a_viewer() -> None:
    roles = Roles(viewers=("@interns",)).with_members({})
    assert role_of(user("member", "U1"), "T1", roles) is VIEW
    assert role_of(user("workspace admin", "U1"), "T1", roles) is VIEW


def test_a_group_s_name_is_nobody_s_id() -> None:
    roles = Roles(admins=("@a", "S0AGENTS")).with_members({})
    assert listed_to_claim(roles) == frozenset()
    names = ("U1", "W1", "S0AGENTS", "@agents", "here", "C0SUPPORT", "")
    assert [name for name in names if is_person(name)] == ["U1", "W1"]
    assert [name for name in names if is_group(name)] == ["S0AGENTS", "@agents"]


@pytest.mark.parametrize(
    ("roles", "unlisted", "listed"),
    [
        (Roles(), True, set[str]()),
        (Roles(viewers=("UV",)), True, set[str]()),
        (Roles(viewers=("@gone",)), False, set[str]()),
        (Roles(responders=("@empty",)), True, set[str]()),  # workspace admins still may
        (Roles(admins=("@empty",)), True, set[str]()),  # every member is a responder
        (Roles(admins=("@empty",), responders=("@gone",)), False, set[str]()),
        (Roles(admins=("UA",), responders=("@two",)), False, {"UA", "U1", "U2"}),
    ],
)
def test_who_could_claim_if_slack_says_the_best_of_them(roles: Roles, unlisted: bool, listed: set[str]) -> None:
    known = roles.with_members({"@empty": (), "@two": ("U1", "U2")})
    assert may_claim("UX", known) is unlisted
    assert listed_to_claim(known) == listed
    assert all(may_claim(who, known) for who in listed)
    assert not may_claim("UV", Roles(viewers=("UV",)))
