"""What admins do with people and user groups, and what people set for themselves. The app is told of all of it."""

from dataclasses import fields

from bridge.sandbox.slack.act import Act
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.shapes import group_json, user_json
from bridge.sandbox.slack.workspace import LOCALES, TEAM, User

OF_A_USER = {field.name for field in fields(User)} - {"id", "color"}
OF_A_GROUP = {"handle", "name", "users"}


def _by_an_admin(one: Act) -> None:
    if not one.user.is_admin:
        raise Refused("not_authorized")


def change_user(one: Act) -> str:
    """Change what Slack says of somebody, such as `deleted` or `is_restricted`."""
    _by_an_admin(one)
    user = one.slack.workspace.user(one.target)
    if not one.more or not one.more.keys() <= OF_A_USER:
        raise Refused("invalid_arguments")
    return _change(one, user, one.more)


def choose_language(one: Act) -> str:
    """Set the language in which one reads Slack, as in one's own preferences: a `locale` such as "de-DE"."""
    if one.more.keys() != {"locale"} or one.more["locale"] not in LOCALES:
        raise Refused("invalid_arguments")
    return _change(one, one.user, one.more)


def _change(one: Act, user: User, changes: Json) -> str:
    for name, value in changes.items():
        setattr(user, name, value)
    told = user_json(user) | {"locale": user.locale}
    return _tell(one, {"type": "user_change", "user": told, "cache_ts": int(one.slack.world.now())})


def change_group(one: Act) -> str:
    """Change a user group, or make one: its `handle`, `name` or `users`; `disabled` switches it off or on."""
    _by_an_admin(one)
    workspace, more = one.slack.workspace, dict(one.more)
    new: Json = {"id": one.target, "handle": one.target.lower(), "name": one.target, "users": [], "date_delete": 0}
    before = workspace.groups.get(one.target)
    group: Json = dict(before or new)
    if "disabled" in more:
        group["date_delete"] = int(one.slack.world.now()) if more.pop("disabled") else 0
    if not more.keys() <= OF_A_GROUP:
        raise Refused("invalid_arguments")
    workspace.groups[group["id"]] = group = group | more
    done = _tell(
        one, {"type": "subteam_updated" if before else "subteam_created", "subteam": group_json(group, with_users=True)}
    )
    had, has = set((before or new)["users"]), set(group["users"])
    if before and had != has:
        about: Json = {"type": "subteam_members_changed", "subteam_id": group["id"], "team_id": TEAM}
        about |= {"added_users": sorted(has - had), "removed_users": sorted(had - has)}
        _tell(one, about | {"added_users_count": len(has - had), "removed_users_count": len(had - has)})
    return done


def _tell(one: Act, event: Json) -> str:
    ts = one.slack.workspace.ts()
    one.slack.events.tell(event | {"event_ts": ts})
    one.slack.world.record("slack", event["type"], "in", author=one.user.id, id=ts, raw=event)
    return ts
