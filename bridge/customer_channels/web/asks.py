"""What strangers are asked before they first write, as the desk says: nothing, or a name, an address, a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bridge.errors import WrongSetting

Ask = Literal["", "optional", "required"]
WAYS: Mapping[str, Ask] = {"": "", "no": "", "optional": "optional", "required": "required"}
FIELDS = ("name", "email", "question")


@dataclass(frozen=True, slots=True)
class Asks:
    """Blank: it is not asked for."""

    name: Ask = ""
    email: Ask = ""
    question: Ask = ""

    def __str__(self) -> str:
        """As the script reads it: `name email! question`, where ! is what cannot be left blank."""
        asked = {field: str(getattr(self, field)) for field in FIELDS}
        return " ".join(field + "!" * (ask == "required") for field, ask in asked.items() if ask)

    def answered_by(self, name: str, email: str) -> bool:
        """Whether somebody may come in who says this. A question is seen only when it is asked."""
        return bool(name or self.name != "required") and bool(email or self.email != "required")


NO_ASKS = Asks()


def asks_from(env: Mapping[str, str]) -> Asks:
    """WEB_ASK_NAME, WEB_ASK_EMAIL and WEB_ASK_QUESTION."""
    return Asks(_ask(env, "WEB_ASK_NAME"), _ask(env, "WEB_ASK_EMAIL"), _ask(env, "WEB_ASK_QUESTION"))


def _ask(env: Mapping[str, str], name: str) -> Ask:
    found = WAYS.get(env.get(name, "").strip().lower())
    if found is None:
        raise WrongSetting(f'{name} must be "no", "optional" or "required".')
    return found
