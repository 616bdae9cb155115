"""How Slack words users, channels and bots in JSON."""

from bridge.sandbox.slack.errors import Json
from bridge.sandbox.slack.workspace import APP, BOT, BOT_USER, DOMAIN, TEAM, Channel, User

TEAM_JSON: Json = {"id": TEAM, "name": "Sandbox", "domain": DOMAIN, "email_domain": "", "icon": {"image_default": True}}
BOT_PROFILE: Json = {
    "id": BOT,
    "app_id": APP,
    "user_id": BOT_USER,
    "name": "Bridge",
    "deleted": False,
    "updated": 1700000000,
    "team_id": TEAM,
    "icons": {},
}


def user_json(user: User) -> Json:
    """A user as in users.info; of a stranger Slack tells less."""
    profile = {
        "real_name": user.name,
        "display_name": user.name.split()[0] if user.name.split() else user.handle,
        "team": user.team,
        "image_48": "",
        "status_text": "",
    }
    about: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.handle,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.name,
        "tz": "Europe/Madrid",
        "tz_offset": 3600,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1700000000,
    }
    if user.is_stranger:
        return about | {"is_stranger": True}
    flags = {"is_admin": user.is_admin, "is_owner": user.is_owner, "is_primary_owner": False}
    flags |= {"is_restricted": user.is_restricted, "is_ultra_restricted": user.is_ultra_restricted}
    enterprise: Json = {"enterprise_user": {"id": user.id, "teams": list(user.teams)}} if user.teams else {}
    return about | flags | {"is_email_confirmed": True} | enterprise


def group_json(group: Json, *, with_users: bool) -> Json:
    """A user group as in usergroups.list."""
    about: Json = {"id": group["id"], "team_id": TEAM, "is_usergroup": True, "is_external": False}
    about |= {"handle": group["handle"], "name": group["name"], "user_count": len(group["users"])}
    return about | {"date_delete": group["date_delete"]} | ({"users": list(group["users"])} if with_users else {})


def channel_json(channel: Channel) -> Json:
    """A conversation as in conversations.info."""
    about: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "context_team_id": TEAM,
    }
    if channel.kind == "im":
        return about | {"user": channel.partner, "is_user_deleted": False, "is_open": True}
    return about | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_private": channel.kind == "group",
        "is_general": channel.name == "general",
        "is_shared": channel.is_ext_shared,
        "is_member": BOT_USER in channel.members,
        "num_members": len(channel.members),
        "creator": "U0CLEA",
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }
