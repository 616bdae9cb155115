"""The window with a suggested reply: first empty, then with the suggestion, which the agent may change and send."""

from bridge.i18n import again, t
from bridge.ports import Agent, Form, Part, TextInput, Words
from bridge.session import Session
from bridge.windows.words import number

LONGEST = 3_000
MADE = {
    "": t("Suggested by a model. Read it before you send it."),
    "offline": t("Without a model: this is what the bot would say. Read it before you send it."),
    "nothing": t("There is no suggestion: neither a model nor the bot has one."),
}
UNREAD = t("No model has read what you wrote behind `!draft`.")


def suggested(handoff: int, text: str, *, offline: bool, hint: str = "") -> str:
    """What the window is drawn from when there is a suggestion: the number, how it was made, and the words."""
    how = ("offline" if text.strip() else "nothing") + (" unread" if hint else "") if offline else ""
    return f"{handoff}\n{how}\n{text}"


def draft(_session: Session, _agent: Agent, about: str) -> Form:
    """While it is being written, and after."""
    asked, written, rest = about.partition("\n")
    handoff = str(number(asked.partition(" ")[0]))
    title = t("Reply in #{number}", number=handoff)
    if not written:
        return Form("draft", title, (Words(t("A reply is being written …")),), handoff)
    how, _, text = rest.partition("\n")
    how, _, unread = how.partition(" ")
    parts: tuple[Part, ...] = (
        Words(again(MADE.get(how, MADE[""]))),
        *((Words(again(UNREAD)),) if unread else ()),
        TextInput("text", t("To the customer"), text[:LONGEST], lines=True, longest=LONGEST),
    )
    return Form("draft", title, parts, handoff, t("Send"))
