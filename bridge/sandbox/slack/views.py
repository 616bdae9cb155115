"""Modals and App Homes: their limits, their stacks, and what people have filled in."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bridge.sandbox.slack import blocks
from bridge.sandbox.slack.checks import Check, anything, array, flag, one_of, plain, shape, string
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.workspace import APP, BOT, TEAM

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

STATELESS = frozenset({"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"})
DEEPEST, LARGEST = 3, 250_000
_COMMON: dict[str, Check] = {
    "callback_id": string(255),
    "external_id": string(255),
    "private_metadata": string(3000),
}
_MODAL = shape(
    {"type": one_of("modal"), "title": plain(24), "blocks": array(anything, 100, 0)},
    _COMMON
    | {
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_HOME = shape({"type": one_of("home"), "blocks": array(anything, 100, 0)}, _COMMON)


def checked_view(view: Any, kind: str) -> Json:
    """The view with checked blocks, or Slack's refusal."""
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", "[ERROR] view must be an object")
    if len(json.dumps(view)) > LARGEST:
        raise Refused("view_too_large")
    if view.get("type") != kind:
        raise Refused("invalid_arguments", f"[ERROR] expected a view of type {kind} [json-pointer:/view/type]")
    if found := list((_MODAL if kind == "modal" else _HOME)(view, "/view")):
        raise Refused("invalid_arguments", *found)
    try:
        checked = blocks.checked(view["blocks"], kind)
    except Refused as refused:
        raise Refused("invalid_arguments", *refused.messages) from None
    if kind == "modal" and any(block["type"] == "input" for block in checked) and not view.get("submit"):
        raise Refused("invalid_arguments", "[ERROR] missing required field: submit [json-pointer:/view/submit]")
    return view | {"blocks": checked}


@dataclass(slots=True)
class Open:
    """A view that somebody looks at."""

    user: str
    view: Json
    errors: dict[str, str] | None = None


class Views:
    """All open modals, in stacks of at most three for each person, and everybody's App Home."""

    def __init__(self, slack: "Slack") -> None:
        self.slack = slack
        self.forget()

    def forget(self) -> None:
        self.open_views: dict[str, Open] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, Json] = {}

    def _new(self, user: str, view: Json, previous: str | None = None) -> Json:
        self._unused(view)
        identifier = self.slack.workspace.number("V0")
        root = self.open_views[previous].view["root_view_id"] if previous else identifier
        full = self._full(identifier, view) | {"previous_view_id": previous, "root_view_id": root}
        self.open_views[identifier] = Open(user, full)
        return full

    def _full(self, identifier: str, view: Json) -> Json:
        mark = f"{int(self.slack.world.now())}.{self.slack.world.random.getrandbits(32):08x}"
        about = {"id": identifier, "team_id": TEAM, "app_id": APP, "app_installed_team_id": TEAM, "bot_id": BOT}
        return {
            "callback_id": "",
            "external_id": "",
            "private_metadata": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **view,
            **about,
            "hash": mark,
            "state": {"values": initial_values(view["blocks"])},
        }

    def _unused(self, view: Json, own: str | None = None) -> None:
        name = view.get("external_id")
        for identifier, each in self.open_views.items() if name else ():
            if identifier != own and each.view["external_id"] == name:
                raise Refused("duplicate_external_id")

    def open(self, user: str, view: Json) -> Json:
        """A first modal for this person; an earlier stack gives way."""
        for identifier in self.stacks.pop(user, []):
            self.open_views.pop(identifier, None)
        full = self._new(user, view)
        self.stacks[user] = [full["id"]]
        return full

    def push(self, user: str, view: Json) -> Json:
        """One more modal on top."""
        stack = self.stacks.get(user) or []
        if not stack:
            raise Refused("not_found")
        if len(stack) >= DEEPEST:
            raise Refused("push_limit_reached")
        full = self._new(user, view, stack[-1])
        stack.append(full["id"])
        return full

    def update(self, identifier: str, view: Json, mark: str | None = None) -> Json:
        """Other contents for an open modal; what was typed into blocks that remain stays."""
        shown = self.open_views.get(identifier)
        if shown is None:
            raise Refused("not_found")
        if mark and mark != shown.view["hash"]:
            raise Refused("hash_conflict")
        self._unused(view, identifier)
        old = shown.view
        kept = {name: old[name] for name in ("previous_view_id", "root_view_id")}
        shown.view, shown.errors = self._full(identifier, view) | kept, None
        _keep_typed(old["state"]["values"], shown.view["state"]["values"])
        return shown.view

    def publish(self, user: str, view: Json, mark: str | None = None) -> Json:
        """Somebody's App Home, whole."""
        old = self.homes.get(user)
        if mark and old and mark != old["hash"]:
            raise Refused("hash_conflict")
        identifier = old["id"] if old else self.slack.workspace.number("V0")
        full = self._full(identifier, view) | {"previous_view_id": None, "root_view_id": identifier}
        self.homes[user] = full
        return full

    def find(self, identifier: str | None, external: str | None) -> str:
        """The id of a view that is named by either of its ids."""
        if identifier:
            return identifier
        for each, shown in self.open_views.items():
            if external and shown.view["external_id"] == external:
                return each
        raise Refused("not_found")

    def close(self, identifier: str) -> None:
        """Take one view away."""
        shown = self.open_views.pop(identifier, None)
        if shown and identifier in (stack := self.stacks.get(shown.user, [])):
            stack.remove(identifier)

    def clear(self, user: str) -> None:
        """Take all of somebody's views away."""
        for identifier in self.stacks.pop(user, []):
            self.open_views.pop(identifier, None)


def initial_values(all_blocks: list[Json]) -> Json:
    """The state with which a form begins."""
    values: Json = {}
    for block in all_blocks:
        for part in blocks.interactive(block):
            if part["type"] not in STATELESS:
                values.setdefault(block["block_id"], {})[part["action_id"]] = stated(part, None)
    return values


def _keep_typed(old: Json, new: Json) -> None:
    """What was filled in stays if an element of the same kind is still in the same place."""
    for block_id, parts in new.items():
        for action_id, state in parts.items():
            before = old.get(block_id, {}).get(action_id)
            if before and before["type"] == state["type"]:
                parts[action_id] = before


FIELDS = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
}


def stated(part: Json, value: Any) -> Json:
    """What an element says in `state.values` after somebody chose or typed `value` (None: as it began)."""
    kind = part["type"]
    field = FIELDS.get(kind, "value")
    if kind == "overflow":  # nothing can come of it but one of its options
        return {"type": kind, field: option(part, value)}
    if isinstance(value, dict):
        return {"type": kind, **value}
    if value is None:
        initial = field.replace("selected", "initial") if field.startswith("selected") else "initial_value"
        empty: Any = [] if field.endswith("s") and field.startswith("selected") else None
        return {"type": kind, field: part.get(initial, empty)}
    if field == "selected_option":
        return {"type": kind, field: option(part, value)}
    if field == "selected_options":
        return {"type": kind, field: [option(part, each) for each in _many(value)]}
    return {"type": kind, field: _many(value) if field.startswith("selected") and field.endswith("s") else value}


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def option(part: Json, value: Any) -> Json:
    """The option of a select that has this value, or that reads so."""
    groups = part.get("option_groups") or [{"options": part.get("options") or []}]
    for group in groups:
        for each in group["options"]:
            if value in (each["value"], each["text"]["text"]):
                return each
    if part["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}
    raise Refused("option_not_found")
