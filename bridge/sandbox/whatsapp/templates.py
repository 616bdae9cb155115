"""Message templates: the list of a business account, page by page, and what the messages call makes of one.

(Platform facts 3.3 and 3.5; Meta's pages "Message templates" and "Error codes".)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bridge.sandbox.whatsapp.errors import Refused, invalid

PAGE, LONGEST_PAGE = 25, 100  # templates
LONGEST_BODY = 1024  # characters, filled in
PLACE = re.compile(r"\{\{(\w+)\}\}")
UNFIT = re.compile(r"[\n\t]|    ")  # in a parameter

Json = dict[str, Any]


@dataclass(slots=True)
class Template:
    """One text in one language, with places such as {{1}} or {{name}}."""

    name: str
    language: str
    body: str
    status: str = "APPROVED"
    category: str = "UTILITY"
    more: list[Json] = field(default_factory=list[Json])  # components beside the body

    @property
    def places(self) -> set[str]:
        """What has to be filled into the body."""
        return set(PLACE.findall(self.body))

    def shown(self, number: int) -> Json:
        """As in the list."""
        named = any(not place.isdecimal() for place in self.places)
        return {
            "name": self.name,
            "parameter_format": "NAMED" if named else "POSITIONAL",
            "components": [*self.more, {"type": "BODY", "text": self.body}],
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "id": str(594_425_479_261_596 + number),
        }


def sold_here() -> list[Template]:
    """What the sandbox's shop has at Meta."""
    button = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Yes, please"}]}
    image = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1hZ2U="]}}
    return [
        Template("hello", "en", "Hello! May we come back to what you asked us?"),
        Template("parcel_found", "en", "Hello {{1}}, we have news about your parcel {{2}}. Shall we write to you?"),
        Template("parcel_found", "de", "Hallo {{1}}, es gibt Neues zu Ihrem Paket {{2}}. Dürfen wir schreiben?"),
        Template(
            "still_there",
            "en_US",
            "Hi {{customer_name}}, are you still interested in {{subject}}?",
            more=[{"type": "HEADER", "format": "TEXT", "text": "Moss & Kettle"}, button],
        ),
        Template("spring_sale", "en", "Our teapots are 20 % off until {{1}}.", category="MARKETING", more=[image]),
        Template("refund_done", "en", "Your refund of {{1}} is on its way.", status="PAUSED"),
        Template("new_hours", "en", "We are open from {{1}} to {{2}} now.", status="PENDING"),
        Template("old_hours", "en", "We are open from {{1}} to {{2}}.", status="REJECTED"),
    ]


class Templates:
    """All that the business account has, in Meta's order."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """What it had at first."""
        self.all = sold_here()

    def page(self, query: Mapping[str, str], url: str) -> Json:
        """Some of them: `limit` of those with this `status`, behind the cursor `after`."""
        limit, after = query.get("limit", str(PAGE)), query.get("after", "0")
        if not (limit.isdecimal() and after.isdecimal()):
            raise invalid("Invalid parameter")
        first, most = int(after), min(int(limit), LONGEST_PAGE)
        fit = [it for it in enumerate(self.all) if query.get("status", it[1].status) == it[1].status]
        shown = [it.shown(number) for number, it in fit[first : first + most]]
        cursors = {"before": str(first), "after": str(first + len(shown))}
        paging: Json = {"cursors": cursors}
        if first + len(shown) < len(fit):
            paging["next"] = f"{url}?{urlencode({**query, 'after': cursors['after']})}"
        return {"data": shown, "paging": paging}

    def said(self, content: Json) -> str:
        """The words of a template that is sent; refused as Meta refuses it."""
        name, language = str(content.get("name") or ""), content.get("language")
        code = str(language.get("code") or "") if isinstance(language, dict) else ""
        if not name or not code:
            raise invalid("The parameters template['name'] and template['language'] are required.", 131008)
        known = next((it for it in self.all if (it.name, it.language) == (name, code)), None)
        if known is None or known.status in ("PENDING", "REJECTED"):
            raise Refused(404, 132001, "Template name does not exist in the translation", f"{name} in {code}")
        if known.status == "PAUSED":
            raise Refused(400, 132015, "Template is Paused", "Template is paused due to low quality")
        if known.status == "DISABLED":
            raise Refused(400, 132016, "Template is Disabled", "Template is disabled due to low quality")
        return _filled(known, _given(content))


def _given(content: Json) -> list[Json]:
    """The parameters of the body."""
    given = [
        it
        for part in _objects(content, "components")
        if part.get("type") == "body"
        for it in _objects(part, "parameters")
    ]
    if not all(it.get("type") == "text" and isinstance(it.get("text"), str) for it in given):
        raise Refused(400, 132012, "Parameter format does not match format in the created template")
    return given


def _objects(content: Json, name: str) -> list[Json]:
    found = content.get(name) or []
    if not isinstance(found, list) or not all(isinstance(it, dict) for it in found):
        raise invalid(f"Param {name} must be an array of objects.")
    return found


def _filled(template: Template, given: list[Json]) -> str:
    values = {str(it.get("parameter_name") or number): it["text"] for number, it in enumerate(given, start=1)}
    if len(given) != len(template.places):
        wanted = f"body: number of localizable_params ({len(given)}) does not match the expected number of params"
        raise Refused(400, 132000, "Number of parameters does not match the expected number of params", wanted)
    if values.keys() != template.places or any(UNFIT.search(value) or not value for value in values.values()):
        raise Refused(400, 132012, "Parameter format does not match format in the created template")
    if any(part.get("format") in ("IMAGE", "VIDEO", "DOCUMENT") for part in template.more):
        raise Refused(400, 132012, "Parameter format does not match format in the created template", "header")
    text = PLACE.sub(lambda place: values[place[1]], template.body)
    if len(text) > LONGEST_BODY:
        raise Refused(400, 132005, "Translated text too long", f"body: {len(text)}")
    return text
