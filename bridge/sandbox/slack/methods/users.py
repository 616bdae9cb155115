"""People and user groups."""

from typing import TYPE_CHECKING

from bridge.sandbox.slack.call import Call, method
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.limits import PER_MINUTE
from bridge.sandbox.slack.methods.conversations import page
from bridge.sandbox.slack.shapes import group_json, user_json
from bridge.sandbox.slack.workspace import User

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


def _shown(slack: "Slack", user: User) -> Json:
    about = user_json(user)
    if "users:read.email" in slack.scopes and not user.is_bot and not user.is_stranger:
        about["profile"]["email"] = user.email
    return about


@method("users.info", PER_MINUTE[4], "users:read")
def info(slack: "Slack", call: Call) -> Json:
    user = slack.workspace.user(call.need("user"))
    return {"user": _shown(slack, user) | ({"locale": user.locale} if call.flag("include_locale") else {})}


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


@method("usergroups.list", PER_MINUTE[2], "usergroups:read")
def groups(slack: "Slack", call: Call) -> Json:
    with_users, disabled = call.flag("include_users"), call.flag("include_disabled")
    found = [group for group in slack.workspace.groups.values() if disabled or not group["date_delete"]]
    return {"usergroups": [group_json(group, with_users=with_users) for group in found]}


@method("usergroups.users.list", PER_MINUTE[2], "usergroups:read")
def group_users(slack: "Slack", call: Call) -> Json:
    group = slack.workspace.groups.get(call.need("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return {"users": group["users"]}
