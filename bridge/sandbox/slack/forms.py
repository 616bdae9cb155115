"""Submitting and closing modals, and what the app's answer does with them."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bridge.sandbox.slack import interactions, views
from bridge.sandbox.slack.blocks import interactive
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.workspace import BOT, User

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


def seen(slack: "Slack", user: User, identifier: str) -> Json:
    """A view that this person has before them."""
    shown = slack.views.open_views.get(identifier)
    if shown and shown.user == user.id:
        return shown.view
    home = slack.views.homes.get(user.id)
    if home and home["id"] == identifier:
        return home
    raise Refused("view_not_found")


async def submit(slack: "Slack", user: User, identifier: str, values: Json) -> str:
    """Fill in a modal and send it. The app's errors come back as this action's error."""
    view = seen(slack, user, identifier)
    if view["type"] != "modal" or not view["submit"]:
        raise Refused("cannot_submit")
    view["state"] = {"values": filled(view, values)}
    payload: Json = {"type": "view_submission", **interactions.about(user), "view": dict(view), "response_urls": []}
    payload["trigger_id"] = slack.triggers.trigger(user.id, identifier)
    where: Json = {"chat": None, "thread": None, "author": user.id}
    slack.world.record("slack", "view_submission", "in", id=identifier, raw=payload, **where)
    answer = await interactions.ask(slack, "interactive", payload, where)
    if answer is None:
        raise Refused("operation_timeout")
    _follow(slack, user, identifier, answer)
    return identifier


def _follow(slack: "Slack", user: User, identifier: str, answer: Json) -> None:
    """Do what the acknowledgement of a submission says; nothing said closes the view."""
    try:
        match answer.get("response_action"):
            case "errors":
                _show_errors(slack, identifier, answer.get("errors") or {})
            case "update":
                slack.views.update(identifier, _shown(slack, user, identifier, answer))
            case "push":
                slack.views.push(user.id, _shown(slack, user, identifier, answer))
            case "clear":
                slack.views.clear(user.id)
            case _:
                slack.views.close(identifier)
    finally:
        slack.world.touch()


def _shown(slack: "Slack", user: User, identifier: str, answer: Json) -> Json:
    """The view that the app's answer brought along."""
    try:
        view = views.checked_view(answer.get("view"), "modal")
    except Refused as refused:
        slack.world.record("slack", "rejected", "out", raw={"method": "ack", "error": refused.error})
        raise Refused("trouble_connecting") from refused
    raw = {"user": user.id, "view": view}
    slack.world.record("slack", "view_response", "out", chat=None, thread=None, id=identifier, author=BOT, raw=raw)
    return view


def _show_errors(slack: "Slack", identifier: str, errors: dict[str, str]) -> None:
    shown = slack.views.open_views.get(identifier)
    inputs = {block["block_id"] for block in shown.view["blocks"] if block["type"] == "input"} if shown else set[str]()
    if not shown or not errors or not set(errors) <= inputs:
        raise Refused("trouble_connecting")  # what the person reads when the errors name no input of the view
    shown.errors = errors
    raise Refused(json.dumps(errors, ensure_ascii=False))


def filled(view: Json, values: Json) -> Json:
    """The state of a form after somebody filled it in; refused where Slack's own client would not send it."""
    state: Json = {block: dict(parts) for block, parts in view["state"]["values"].items()}
    known = {(block["block_id"], part["action_id"]): part for block in view["blocks"] for part in interactive(block)}
    for block_id, action_id, value in _given(values):
        part = known.get((block_id, action_id))
        if part is None:
            raise Refused("input_not_found")
        state.setdefault(block_id, {})[action_id] = views.stated(part, value)
    for block in view["blocks"]:
        if block["type"] == "input":
            _acceptable(block, state[block["block_id"]][block["element"]["action_id"]])
    return state


def _given(values: Any) -> Iterator[tuple[str, str, Any]]:
    for block_id, parts in values.items() if isinstance(values, dict) else ():
        for action_id, value in parts.items() if isinstance(parts, dict) else ():
            yield block_id, action_id, value


def _acceptable(block: Json, said: Json) -> None:
    part, value = block["element"], said[views.FIELDS.get(block["element"]["type"], "value")]
    if value in (None, "", []):
        said[views.FIELDS.get(part["type"], "value")] = value or (None if value == "" else value)
        if not block.get("optional"):
            raise Refused(f"required: {block['block_id']}")
    elif isinstance(value, str) and not part.get("min_length", 0) <= len(value) <= part.get("max_length", 3000):
        raise Refused(f"wrong_length: {block['block_id']}")
    elif part["type"] == "number_input" and not _number(part, value):
        raise Refused(f"not_a_number: {block['block_id']}")


def _number(part: Json, value: Any) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    whole = part["is_decimal_allowed"] or number == int(number)
    return whole and float(part.get("min_value") or "-inf") <= number <= float(part.get("max_value") or "inf")


def close(slack: "Slack", user: User, identifier: str, *, clear: bool) -> str:
    """Close a modal, or the whole stack; the app hears of it only if the view asks for that."""
    view = seen(slack, user, identifier)
    if view["type"] != "modal":
        raise Refused("view_not_found")
    payload: Json = {"type": "view_closed", **interactions.about(user), "view": dict(view), "is_cleared": clear}
    slack.views.clear(user.id) if clear else slack.views.close(identifier)
    where: Json = {"chat": None, "thread": None, "author": user.id}
    slack.world.record("slack", "view_closed", "in", id=identifier, raw=payload, **where)
    if view["notify_on_close"]:
        slack.spawn(interactions.ask(slack, "interactive", payload, where))
    return identifier
