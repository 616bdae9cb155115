"""What admins do with people and user groups, and what the app is told."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from .conftest import Sandbox, Seen, error

KINDS = ("user_change", "subteam_created", "subteam_updated", "subteam_members_changed")


async def told(sandbox: Sandbox) -> Seen[dict[str, Any]]:
    """What a Bolt app hears of people and groups."""
    app, seen = AsyncApp(client=sandbox.client()), Seen[dict[str, Any]]()

    async def keep(event: dict[str, Any]) -> None:
        await seen.put(event)

    for kind in KINDS:
        app.event(kind)(keep)
    await sandbox.bolt(app)
    return seen


async def test_who_is_deactivated_is_told_and_read_back(sandbox: Sandbox):
    seen = await told(sandbox)
    await sandbox.act("clea", "change_user", "U0BEN", deleted=True)
    event = await seen.get()
    assert (event["user"]["id"], event["user"]["deleted"], event["user"]["locale"]) == ("U0BEN", True, "en-GB")
    assert (await sandbox.client().users_info(user="U0BEN"))["user"]["deleted"]


async def test_the_locale_is_told_only_on_demand(sandbox: Sandbox):
    client = sandbox.client()
    assert "locale" not in (await client.users_info(user="U0BEN"))["user"]
    assert (await client.users_info(user="U0BEN", include_locale=True))["user"]["locale"] == "en-GB"
    assert (await client.users_info(user="U0ANA", include_locale=True))["user"]["locale"] == "en-US"


async def test_everybody_chooses_their_own_language_and_the_app_is_told(sandbox: Sandbox):
    seen = await told(sandbox)
    await sandbox.act("gus", "choose_language", locale="de-DE")
    user = (await seen.get())["user"]
    assert (user["id"], user["locale"]) == ("U0GUS", "de-DE")
    assert (await sandbox.client().users_info(user="U0GUS", include_locale=True))["user"]["locale"] == "de-DE"


@pytest.mark.parametrize("more", [{}, {"locale": "xx-XX"}, {"locale": "de-DE", "is_admin": True}])
async def test_nothing_else_is_chosen_so(sandbox: Sandbox, more: dict[str, Any]):
    refused = await sandbox.slack.act("gus", "choose_language", "", "", **more)
    assert refused["error"] == "invalid_arguments"
    user = (await sandbox.client().users_info(user="U0GUS", include_locale=True))["user"]
    assert (user["locale"], user["is_admin"]) == ("en-US", False)


async def test_every_flag_of_a_person_is_told(sandbox: Sandbox):
    flags: dict[str, Any] = {
        "is_owner": True,
        "is_admin": True,
        "is_restricted": True,
        "is_ultra_restricted": True,
        "is_bot": True,
    }
    await sandbox.act("clea", "change_user", "U0ANA", **flags, teams=["T1"])
    user = (await sandbox.client().users_info(user="U0ANA"))["user"]
    assert {name: user[name] for name in flags} == flags
    assert user["enterprise_user"]["teams"] == ["T1"]


async def test_a_change_of_members_comes_as_a_snapshot_and_as_a_difference(sandbox: Sandbox):
    seen = await told(sandbox)
    await sandbox.act("clea", "change_group", "S0AGENTS", users=["U0BEN", "U0CLEA"])
    events = {event["type"]: event for event in [await seen.get() for _ in range(2)]}
    assert events["subteam_updated"]["subteam"]["users"] == ["U0BEN", "U0CLEA"]
    changed = events["subteam_members_changed"]
    assert changed["subteam_id"] == "S0AGENTS"
    assert (changed["added_users"], changed["removed_users"]) == (["U0CLEA"], ["U0ANA"])
    assert (await sandbox.client().usergroups_users_list(usergroup="S0AGENTS"))["users"] == ["U0BEN", "U0CLEA"]


async def test_a_new_group_is_told(sandbox: Sandbox):
    seen = await told(sandbox)
    await sandbox.act("clea", "change_group", "S0LEADS", handle="leads", users=["U0CLEA"])
    event = await seen.get()
    assert (event["type"], event["subteam"]["handle"]) == ("subteam_created", "leads")


async def test_a_disabled_group_is_listed_only_on_demand(sandbox: Sandbox):
    seen, client = await told(sandbox), sandbox.client()
    await sandbox.act("clea", "change_group", "S0AGENTS", disabled=True)
    event = await seen.get()
    assert event["type"] == "subteam_updated"
    assert event["subteam"]["date_delete"]
    assert (await client.usergroups_list())["usergroups"] == []
    (group,) = (await client.usergroups_list(include_disabled=True, include_users=True))["usergroups"]
    assert (group["users"], bool(group["date_delete"])) == (["U0ANA", "U0BEN"], True)
    await sandbox.act("clea", "change_group", "S0AGENTS", disabled=False)
    assert len((await client.usergroups_list())["usergroups"]) == 1


@pytest.mark.parametrize(
    ("actor", "action", "target", "more", "refusal"),
    [
        ("ana", "change_user", "U0BEN", {"deleted": True}, "not_authorized"),
        ("ana", "change_group", "S0AGENTS", {"users": ["U0ANA"]}, "not_authorized"),
        ("clea", "change_user", "U0NOBODY", {"deleted": True}, "user_not_found"),
        ("clea", "change_user", "U0ANA", {}, "invalid_arguments"),
        ("clea", "change_user", "U0ANA", {"shoes": 43}, "invalid_arguments"),
        ("clea", "change_group", "S0AGENTS", {"shoes": 43}, "invalid_arguments"),
    ],
)
async def test_not_everybody_may_change_everything(
    sandbox: Sandbox, actor: str, action: str, target: str, more: dict[str, Any], refusal: str
):
    done = await sandbox.slack.act(actor, action, target, **more)
    assert done == {"ok": False, "id": None, "error": refusal}
    assert "subteam_updated" not in {entry.kind for entry in sandbox.world.history}


async def test_a_group_that_is_not_there_is_refused(sandbox: Sandbox):
    assert await error(sandbox.client().usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"
