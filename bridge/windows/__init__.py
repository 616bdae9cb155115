"""What people see in windows of their own: gathered from the state as it is at that moment. Sends nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bridge.errors import Refused
from bridge.i18n import speaking, t
from bridge.ports import Agent, Form, Words
from bridge.session import Session
from bridge.windows.desk import desk
from bridge.windows.draft import draft
from bridge.windows.lists import queue, takeover
from bridge.windows.one import assign, handback, labels
from bridge.windows.same import preview as same_preview
from bridge.windows.same import same
from bridge.windows.settings import bots, policy, roles, settings, texts, triggers
from bridge.windows.template import preview, template
from bridge.windows.transcript import transcript

Draw = Callable[[Session, Agent, str], Form]

WINDOWS: Mapping[str, Draw] = {
    "assign": assign,
    "draft": draft,
    "handback": handback,
    "labels": labels,
    "same": same,
    "same_preview": same_preview,
    "template": template,
    "template_preview": preview,
    "transcript": transcript,
    "queue": queue,
    "takeover": takeover,
    "desk": desk,
    "settings": settings,
    "texts": texts,
    "triggers": triggers,
    "policy": policy,
    "roles": roles,
    "bots": bots,
}
"""Every window by its name. Raises Refused when there is nothing to show."""


def drawn(session: Session, agent: Agent, name: str, about: str) -> Form:
    """A window as it is now, in the language of whoever looks; to whom it is refused, that is said in it."""
    with speaking(agent.language):
        try:
            form = WINDOWS[name](session, agent, about)
        except Refused as refusal:
            form = Form("told", t("Handoff"), (Words(str(refusal)),))
    return replace(form, language=agent.language)
