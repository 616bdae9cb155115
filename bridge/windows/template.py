"""The windows in which a template is chosen, filled in and read once more before it is sent."""

import json
from collections.abc import Sequence

from bridge.by_template import LONGEST, Picked, field_of, kept, picked_in
from bridge.i18n import t, unpacked
from bridge.ports import Agent, Form, OneOf, Option, Part, TextInput, Words
from bridge.session import Session
from bridge.templates import Template
from bridge.windows.words import number

MOST = 100  # in a menu


def offered(handoff: int, search: str, found: Sequence[Template], chosen: str) -> str:
    """What the window is drawn from when the templates are known."""
    fit = [it for it in found if search.casefold() in it.name.casefold()]
    picked = next((it for it in fit if it.id == chosen), None)
    told = {
        "about": kept(handoff, Picked(search, picked)),
        "options": [(it.id, f"{it.name} ({it.language})") for it in fit[:MOST]],
        "count": len(fit),
    }
    return f"{handoff}\n{json.dumps(told)}"


def unknown(handoff: int, search: str, why: object) -> str:
    """The same when the platform does not tell them; `why` is packed."""
    return f"{handoff}\n{json.dumps({'about': kept(handoff, Picked(search)), 'why': why})}"


def template(_session: Session, _agent: Agent, about: str) -> Form:
    """While they are being looked up, and after."""
    asked, written, rest = about.partition("\n")
    handoff = number(asked.partition(" ")[0])
    if not written:
        return Form("template", _title(handoff), (Words(t("The templates are being looked up …")),), str(handoff))
    told = json.loads(rest)
    picked = picked_in(told["about"])
    if why := told.get("why"):
        parts: tuple[Part, ...] = (Words(t("The templates cannot be shown now: {why}", why=unpacked(why))),)
    else:
        options = tuple(Option(value, label) for value, label in told["options"])
        parts = (*_menu(options, picked, told["count"]), *(_filling(picked.template) if picked.template else ()))
    submit = t("Preview") if picked.template and picked.template.blanks else t("Send") if picked.template else ""
    return Form("template", _title(handoff), parts, told["about"], submit)


def preview(_session: Session, _agent: Agent, about: str) -> Form:
    """What the customer is going to read."""
    picked = picked_in(about)
    handoff = number(about.partition(" ")[0])
    if picked.template is None:
        return Form("told", _title(handoff), (Words(t("This form is not known any more. Nothing has changed.")),))
    read = Words(t("The customer reads:"), picked.template.filled(picked.values))
    return Form("template_preview", _title(handoff), (read,), about, t("Send"))


def _title(handoff: int) -> str:
    return t("Template in #{number}", number=handoff)


def _menu(options: tuple[Option, ...], picked: Picked, count: int) -> tuple[Part, ...]:
    if not options:
        none = t("No template is approved that is only text.")
        return (Words(t("No template has “{search}” in its name.", search=picked.search) if picked.search else none),)
    chosen = picked.template.id if picked.template else ""
    menu = OneOf("which", t("Which template?"), options, chosen, acts=True)
    if count > len(options):
        more = t("These are {some} of {count}. `!template word` finds others by name.", some=len(options), count=count)
        return (Words(more), menu)
    return (menu,)


def _filling(chosen: Template) -> tuple[Part, ...]:
    """Its words, with the blanks in brackets, and a field for each of them."""
    shown = chosen.filled({blank: f"[{blank}]" for blank in chosen.blanks})
    fields = (
        TextInput(field_of(chosen, blank), t("Instead of [{blank}]", blank=blank), longest=LONGEST)
        for blank in chosen.blanks
    )
    return (Words(t("The customer reads:"), shown), *fields)
