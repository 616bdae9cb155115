"""Pure: clicks, commands, windows, shortcuts and visits, as events of the port."""

from collections.abc import Callable, Mapping
from typing import Any

from bridge.ports import HOME, Agent, Commanded, Ignored, Pressed, Submitted, Visited, WorkspaceEvent, groups_in
from bridge.team_workspace.answers import answer_address
from bridge.team_workspace.posts import MENU
from bridge.team_workspace.reading import Draft, People, kind_of, named, place_of
from bridge.team_workspace.rich_text import people_in, read, storable
from bridge.team_workspace.views import GROUPS
from bridge.team_workspace.windows import TRIGGER, WINDOW

Json = Mapping[str, Any]
SHORTCUTS = frozenset({"handback_message", "send_message"})
"""Message shortcuts, by their callback_id in the manifest; as actions they are called the same."""


def used(body: Json) -> WorkspaceEvent | Draft:
    """Read what is no event. Raises one of UNREADABLE for what has no known shape."""
    match body:
        case {"type": "block_actions", "container": {"type": "message"}}:
            return _draft(body, _pressed)
        case {"type": "block_actions", "container": {"type": "view"}}:
            return _draft(body, _pressed_in_window)
        case {"type": "view_submission"}:
            return _submitted(body)
        case {"type": "message_action", "callback_id": str(callback)} if callback in SHORTCUTS:
            return _draft(body, _shortcut)
        case {"command": str(command)}:
            return _commanded(command, body)
        case _:
            return Ignored(kind_of(body))


def visited(event: Json) -> WorkspaceEvent | Draft:
    """Somebody looks at the app's own page."""
    if event.get("tab") != "home":
        return Ignored("app_home_opened", routine=True)
    return Draft(event["user"], set(), lambda agent, _: Visited(agent))


def _draft(body: Json, complete: Callable[[Json, Agent], WorkspaceEvent]) -> Draft:
    return Draft(body["user"]["id"], set(), lambda agent, _: complete(body, agent))


def _pressed(body: Json, agent: Agent) -> WorkspaceEvent:
    action, container = body["actions"][0], body["container"]
    place = place_of(container["channel_id"], container["message_ts"])
    message = body.get("message") or {}
    thread_ts = message.get("thread_ts") or container.get("thread_ts")
    root = thread_ts or (None if container.get("is_ephemeral") else place.ts)
    inside = thread_ts if thread_ts and thread_ts != place.ts else ""
    answers = answer_address(body.get("response_url") or "", inside, seen=not container.get("is_ephemeral"))
    thread = place_of(place.channel, root) if root else None
    return Pressed(agent, *_meant(action), place, thread, answers, _trigger(body))


def _pressed_in_window(body: Json, agent: Agent) -> WorkspaceEvent:
    """A click in a window is answered in that window, one on the app's page in a new one."""
    action, view = body["actions"][0], body["view"]
    at_home = view["type"] == "home"
    answers = f"{TRIGGER}{_trigger(body)}" if at_home else f"{WINDOW}{view['id']}"
    form = HOME if at_home else str(view.get("callback_id") or "")
    about = str(view.get("private_metadata") or "")
    nowhere = place_of("", "")
    return Pressed(agent, *_meant(action), nowhere, None, answers, _trigger(body), form, about)


def _shortcut(body: Json, agent: Agent) -> WorkspaceEvent:
    """Its response_url leads into the channel instead of the thread, so it is not used. (Slack's page on shortcuts.)"""
    channel, message = body["channel"]["id"], body["message"]
    place = place_of(channel, message["ts"])
    thread = place_of(channel, message.get("thread_ts") or message["ts"])
    return Pressed(agent, body["callback_id"], "", place, thread, "", _trigger(body))


def _submitted(body: Json) -> Draft:
    view = body["view"]
    values, chosen, groups = dict[str, str](), dict[str, str](), set[str]()
    for inside in view["state"]["values"].values():
        for name, said in inside.items():
            if said.get("selected_user"):
                chosen[name] = str(said["selected_user"])
            elif said.get("type") == "multi_users_select":
                values[name] = "\n".join(str(who) for who in said.get("selected_users") or ())
            elif name.startswith(GROUPS):
                values[name.removeprefix(GROUPS)] = typed = _value(said)
                groups.update(groups_in(typed))
            else:
                values[name] = _value(said)

    def complete(agent: Agent, people: People) -> WorkspaceEvent:
        found = {name: people[whom] for name, whom in chosen.items()}
        about, form = str(view.get("private_metadata") or ""), str(view.get("callback_id") or "")
        return Submitted(agent, form, about, values, found, f"{WINDOW}{view['id']}")

    return Draft(body["user"]["id"], set(chosen.values()), complete, frozenset(groups))


def _commanded(command: str, body: Json) -> Draft:
    said = {"text": body.get("text") or ""}

    def complete(agent: Agent, people: People) -> WorkspaceEvent:
        verb, text = command.removeprefix("/").lower(), read(said, named(people)).text
        who = tuple(people[whom] for whom in sorted(people_in(said)))
        return Commanded(agent, verb, text, body["channel_id"], body.get("response_url") or "", _trigger(body), who)

    return Draft(body["user_id"], people_in(said), complete)


def _trigger(body: Json) -> str:
    return str(body.get("trigger_id") or "")


def _meant(action: Json) -> tuple[str, str]:
    """Which action, and about what. An option of a menu is the button that it stands for."""
    if action["action_id"] == MENU:
        name, _, about = action["selected_option"]["value"].partition(":")
        return storable(name), storable(about)
    return action["action_id"], _value(action)


def _value(action: Json) -> str:
    chosen = action.get("selected_option") or {}
    return storable(str(action.get("value") or chosen.get("value") or action.get("selected_user") or ""))
