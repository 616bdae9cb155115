"""Admins say in Slack who may do what: it counts for the very next click, and nobody can lock everybody out."""

import json
from typing import Any

import pytest

from bridge.ports import Agent, Received, Role, Submitted
from bridge.sandbox.world import Entry
from bridge.team_workspace import groups

from ..conftest import Desk, Rig, Rigs
from .test_desk_settings import filled, form, kept, redrawn, saved, settings_of
from .test_windows import acts


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack is asked about user groups as often as there is something to ask."""
    monkeypatch.setattr(groups, "APART", 0.0)


def chosen(**lists: Any) -> dict[str, Any]:
    """What is filled in, by field. What names user groups has an action of its own."""
    action = {name: f"groups:{name}" if name.endswith("_groups") else name for name in lists}
    return {"values": {name: {action[name]: value} for name, value in lists.items()}}


async def saves(rig: Rig, who: str = "clea", **lists: Any) -> str:
    window, after = await form(rig, "roles", who), rig.now
    await acts(rig, who, "submit", window, **chosen(**lists))
    return await saved(rig, window, after)


async def refused(rig: Rig, window: str, who: str = "clea", **lists: Any) -> dict[str, str]:
    done = await rig.sandbox.act("slack", who, "submit", window, **chosen(**lists))
    assert not done["ok"]
    return json.loads(done["error"])


async def role(rig: Rig, id: str) -> Role:
    """What somebody may do who acts now."""
    return (await rig.bridge.workspace.people.agent(id)).role


async def only_ben_claims(rig: Rig, card: Entry) -> None:
    """Ana, who watches now, is refused; Ben is not."""
    after = rig.now
    await rig.team.clicks("ana", card, "claim")
    await rig.told("ana", "Your role lets you watch.", after)
    await rig.team.clicks("ben", card, "claim")
    await rig.team.sees_card(card, "Ben has this")


async def test_who_was_made_a_viewer_may_not_claim_with_the_next_click(rig: Rig) -> None:
    _, card = await rig.waiting()
    shown = await saves(rig, viewers=["U0ANA"], admins=["U0CLEA"])
    assert "Roles: changed by Clea" in shown
    assert "Viewers: (nothing) → “" in shown
    await only_ben_claims(rig, card)


async def test_a_new_admin_is_one_at_once_and_an_old_one_none_any_more(rig: Rig) -> None:
    late = await form(rig, "policy")
    await saves(rig, admins=["U0CLEA", "U0ANA"])
    assert "Roles: changed by Clea" in (await settings_of(rig, "ana"))[1]
    late = await form(rig, "texts")
    await saves(rig, "ana", admins=["U0ANA"])
    await acts(rig, "clea", "submit", late, **filled(ended="Bye."))  # opened while she was one
    shown = rig.sandbox.slack.views.open_views[late].view
    assert "Only an admin" in json.dumps(shown["blocks"])
    assert [row[0] for row in await kept(rig)] == ["roles", "roles"]


async def test_a_user_group_counts_with_its_members_and_what_becomes_of_them(rig: Rig) -> None:
    shown = await saves(rig, responder_groups="@agents", admins=["U0CLEA"])
    assert "User groups of responders: (nothing) → “@agents”" in shown
    _, card = await rig.waiting()
    await rig.sandbox.act("slack", "clea", "change_group", "S0AGENTS", users=["U0BEN"])
    await only_ben_claims(rig, card)


async def test_groups_that_are_not_there_are_refused_at_their_field(rig: Rig) -> None:
    window = await form(rig, "roles")
    assert await refused(rig, window, responder_groups="@agents, @agnets") == {
        "responder_groups": "There is no user group @agnets."
    }
    found = await refused(rig, window, responder_groups="", viewer_groups="everybody")
    assert found.keys() == {"viewer_groups"}
    await rig.sandbox.act("slack", "clea", "change_group", "S0AGENTS", disabled=True)
    found = await refused(rig, window, viewer_groups="S0AGENTS")
    assert found == {"viewer_groups": "The user group S0AGENTS is disabled."}
    rig.fault("slack", "usergroups.list", "500", times=None)
    assert "Slack does not say now" in (await refused(rig, window, viewer_groups="@night"))["viewer_groups"]
    assert await kept(rig) == []


@pytest.mark.parametrize(
    "lists", [{"admins": ["U0ANA"]}, {"admin_groups": "@agents"}, {"admins": ["U0BEN"], "responders": ["U0CLEA"]}]
)
async def test_nobody_takes_themselves_off_the_admins(rig: Rig, lists: dict[str, Any]) -> None:
    window = await form(rig, "roles")
    assert "You would be no admin any more" in (await refused(rig, window, **lists))["admins"]
    assert await kept(rig) == []
    await acts(rig, "clea", "submit", window, **chosen(admins=["U0CLEA"], admin_groups=""))
    await rig.finds("SELECT 1 FROM setting_change WHERE section = 'roles'")


async def test_an_admin_by_a_group_stays_one(rigs: Rigs, desk_with: Desk) -> None:
    roles = {"[bots.shop]": '[roles]\nadmins = ["@agents"]\n\n[bots.shop]'}
    async with rigs(BRIDGE_CONFIG=desk_with(roles)) as rig:
        await saves(rig, "ana", viewers=["U0GUS"])
        assert await role(rig, "U0BEN") is Role.ADMIN
        await saves(rig, "ana", admins=["U0ANA"], admin_groups="")
        assert await role(rig, "U0BEN") is Role.RESPONDER
        window, _ = await settings_of(rig, "ana")
        after = rig.now
        await acts(rig, "ana", "click", window, action_id="in_file", value="roles v2")
        assert "Roles: from bridge.toml" in await redrawn(rig, "Settings", after)
        await rig.bridge.desk.settle()
        assert await role(rig, "U0BEN") is Role.ADMIN, "by the group of the file"


async def test_back_to_a_file_by_which_one_is_no_admin_is_refused(rigs: Rigs, desk_with: Desk) -> None:
    roles = {"[bots.shop]": '[roles]\nadmins = ["U0CLEA"]\n\n[bots.shop]'}
    async with rigs(BRIDGE_CONFIG=desk_with(roles)) as rig:
        await saves(rig, admins=["U0CLEA", "U0ANA"])
        window, _ = await settings_of(rig, "ana")
        after = rig.now
        await acts(rig, "ana", "click", window, action_id="in_file", value="roles v1")
        assert "By bridge.toml you would be no admin" in await redrawn(rig, "Handoff", after)
        assert len(await kept(rig)) == 1


async def test_what_was_set_holds_after_a_restart_and_with_the_file_s_other_lists(rig: Rig) -> None:
    await saves(rig, admins=["U0CLEA"], responders=["U0BEN"])
    await rig.stop()
    await rig.start()
    _, card = await rig.waiting()
    await only_ben_claims(rig, card)


async def test_what_slack_s_form_would_not_send_is_refused_all_the_same(rig: Rig) -> None:
    await settings_of(rig)
    sent = Submitted(Agent("U0CLEA", "Clea", Role.ADMIN), "roles", "v0", {"admins": "U0CLEA\nevil"}, {}, "view:V1")
    (stored,) = await rig.bridge.desk.agents_did([Received(("view:1",), sent, b"{}")])
    assert stored.wrong == {"admins": "“evil” is nobody's id."}
    assert await kept(rig) == []
