"""People and user groups."""

from typing import TYPE_CHECKING

from bridge.sandbox.slack.call import Call, method
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.limits import PER_MINUTE
from bridge.sandbox.slack.methods.conversations import page
from bridge.sandbox.slack.shapes import user_json
from bridge.sandbox.slack.workspace import TEAM, User

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


def _shown(slack: "Slack", user: User) -> Json:
    about = user_json(user)
    if "users:read.email" in slack.scopes and not user.is_bot and not user.is_stranger:
        about["profile"]["email"] = user.email
    return about


@method("users.info", PER_MINUTE[4], "users:read")
def info(slack: "Slack", call: Call) -> Json:
    return {"user": _shown(slack, slack.workspace.user(call.need("user")))}


@method("users.list", PER_MINUTE[2], "users:read")
def list_(slack: "Slack", call: Call) -> Json:
    found = [_shown(slack, user) for user in slack.workspace.users.values() if not user.is_stranger]
    return page(call, "members", found, 1000)


@method("users.lookupByEmail", PER_MINUTE[3], "users:read.email")
def lookup(slack: "Slack", call: Call) -> Json:
    email = call.need("email").lower()
    for user in slack.workspace.users.values():
        if user.email == email and not user.is_bot:
            return {"user": _shown(slack, user)}
    raise Refused("users_not_found")


@method("users.getPresence", PER_MINUTE[3], "users:read")
def presence(slack: "Slack", call: Call) -> Json:
    return {"presence": slack.workspace.user(call.need("user")).presence}


def _group(group: Json, *, with_users: bool) -> Json:
    about: Json = {"id": group["id"], "team_id": TEAM, "is_usergroup": True, "is_external": False, "date_delete": 0}
    about |= {"handle": group["handle"], "name": group["name"], "user_count": len(group["users"])}
    return about | ({"users": group["users"]} if with_users else {})


@method("usergroups.list", PER_MINUTE[2], "usergroups:read")
def groups(slack: "Slack", call: Call) -> Json:
    with_users = call.flag("include_users")
    return {"usergroups": [_group(group, with_users=with_users) for group in slack.workspace.groups.values()]}


@method("usergroups.users.list", PER_MINUTE[2], "usergroups:read")
def group_users(slack: "Slack", call: Call) -> Json:
    group = slack.workspace.groups.get(call.need("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": group["users"]}
