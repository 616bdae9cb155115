"""How an agent sends a template: they choose one in a window, fill in its blanks, read what comes of it, and send it.

What was chosen travels with the window, so that whichever process gets the next click knows it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from bridge.act import Act, current, handoff_of
from bridge.errors import Refused, WrongEntry
from bridge.i18n import t
from bridge.ports import Pressed, Submitted
from bridge.replies import may_reply, say_template
from bridge.store import inbox
from bridge.store.conversations import Handoff
from bridge.templates import Template
from bridge.verbs import number_and_note

LONGEST = 1_024  # characters of a template with everything filled in
LONGEST_KEPT = 3_000  # characters that travel with a window
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Picked:
    """What travels with a window: of what was looked for, which template, and what is filled in."""

    search: str = ""
    template: Template | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])


def kept(number: int, picked: Picked) -> str:
    """A window's `about`, with the handoff's number in front, as in any other."""
    return f"{number} {json.dumps(asdict(picked), ensure_ascii=False)}"


def picked_in(about: str) -> Picked:
    """What was kept there."""
    try:
        found = json.loads(number_and_note(about)[1])
        template = Template(**found["template"]) if found["template"] else None
        return Picked(found["search"], template, found["values"])
    except (ValueError, LookupError, TypeError):
        return Picked()


def field_of(template: Template, blank: str) -> str:
    """A blank's name in the window. What was typed for one template is not meant for another."""
    return f"{template.id}-{blank}"[:250]


def open_window(act: Act, handoff: Handoff, search: str = "") -> None:
    """The window opens at once, and the templates follow: the platform is asked for them."""
    conversation, contact = current(act, handoff)
    may_reply(conversation, act.agent)
    doorway = act.session.house.doorway(contact.channel)
    if not doorway.can.templates:
        raise Refused(t("There are no templates for {channel} here.", channel=doorway.label))
    search = " ".join(search.split())[:LONGEST_SEARCH]
    if window := act.show("template", f"{handoff.number} {search}".strip()):
        act.session.templates(handoff.number, search, "", act.agent, window)


def pressed(act: Act, press: Pressed) -> bool:
    """A click; whether it is about templates."""
    if press.action == "template":
        number, search = number_and_note(press.value)
        open_window(act, handoff_of(act, number), search)
    elif press.form == "template":
        _choose(act, press)
    else:
        return False
    return True


def _choose(act: Act, press: Pressed) -> None:
    """Another template in the same window."""
    handoff = handoff_of(act, number_and_note(press.about)[0])
    conversation, _ = current(act, handoff)
    may_reply(conversation, act.agent)
    search = picked_in(press.about).search
    act.session.templates(handoff.number, search, press.value, act.agent, press.answer_to)


def filled_in(act: Act, handoff: Handoff, form: Submitted) -> tuple[str, str] | None:
    """What it says now is shown before it is sent; a template without blanks was read already."""
    template = picked_in(form.about).template
    if template is None:
        raise Refused(t("Choose a template first."))
    if form.values.get("which") not in (None, "", template.id):  # the window was not drawn anew yet
        raise Refused(t("You had just chosen another template. Open the window again; nothing was sent."))
    conversation, _ = current(act, handoff)
    may_reply(conversation, act.agent)
    values = _values(template, form)
    if not values:
        _send(act, handoff, form, template, values)
        return None
    about = kept(handoff.number, Picked("", template, values))
    if len(template.filled(values)) > LONGEST or len(about) > LONGEST_KEPT:
        last = field_of(template, template.blanks[-1])
        raise WrongEntry({last: t("This is too long together: {most} characters at most.", most=LONGEST)})
    return "template_preview", about


def sent(act: Act, handoff: Handoff, form: Submitted) -> None:
    """They have read it."""
    picked = picked_in(form.about)
    if picked.template is None or any(blank not in picked.values for blank in picked.template.blanks):
        raise Refused(t("This form is not known any more. Nothing has changed."))
    _send(act, handoff, form, picked.template, picked.values)


def _values(template: Template, form: Submitted) -> dict[str, str]:
    """Each in one line: platforms take no line breaks there."""
    names = {blank: field_of(template, blank) for blank in template.blanks}
    values = {blank: " ".join(form.values.get(name, "").split()) for blank, name in names.items()}
    if missing := [names[blank] for blank, value in values.items() if not value]:
        raise WrongEntry({name: t("Fill this in.") for name in missing})
    return values


def _send(act: Act, handoff: Handoff, form: Submitted, template: Template, values: Mapping[str, str]) -> None:
    conversation, contact = current(act, handoff)
    decision = say_template(conversation, act.agent, template, values)
    if inbox.once(act.session.tx, f"template:{form.answer_to}", act.session.now):  # else it was pressed twice
        act.decided(handoff.number, conversation, contact, decision)
