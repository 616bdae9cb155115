"""Modals and App Home."""

from typing import TYPE_CHECKING

from bridge.sandbox.slack import live
from bridge.sandbox.slack.call import Call, method
from bridge.sandbox.slack.errors import Json, Refused, missing
from bridge.sandbox.slack.limits import PER_MINUTE
from bridge.sandbox.slack.views import checked_view

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack


def _view(call: Call, kind: str) -> Json:
    view = call.structured("view", "invalid_arguments")
    if view is None:
        raise missing("view")
    return checked_view(view, kind)


def _shown(slack: "Slack", call: Call, view: Json, user: str | None) -> Json:
    raw = {"view": view, "user": user, "live": list(live.in_value(view["blocks"], slack.workspace.names))}
    call.keep(id=view["id"], chat=None, raw=raw)
    slack.world.touch()
    return {"view": view}


@method("views.open", PER_MINUTE[4])
def open_(slack: "Slack", call: Call) -> Json:
    view = _view(call, "modal")
    trigger = slack.triggers.exchange(call.need("trigger_id"))
    return _shown(slack, call, slack.views.open(trigger.user, view), trigger.user)


@method("views.push", PER_MINUTE[4])
def push(slack: "Slack", call: Call) -> Json:
    view = _view(call, "modal")
    trigger = slack.triggers.exchange(call.need("trigger_id"))
    if trigger.view is None:
        raise Refused("not_found")
    return _shown(slack, call, slack.views.push(trigger.user, view), trigger.user)


@method("views.update", PER_MINUTE[4])
def update(slack: "Slack", call: Call) -> Json:
    view = _view(call, "modal")
    identifier = slack.views.find(call.get("view_id"), call.get("external_id"))
    changed = slack.views.update(identifier, view, call.get("hash"))
    return _shown(slack, call, changed, slack.views.open_views[identifier].user)


@method("views.publish", PER_MINUTE[4])
def publish(slack: "Slack", call: Call) -> Json:
    view = _view(call, "home")
    user = slack.workspace.user(call.need("user_id"))
    return _shown(slack, call, slack.views.publish(user.id, view, call.get("hash")), user.id)
