"""A conversation as a text file: an entry for each message, which nothing that is said in it can forge. Pure.

It is written in the language that is spoken.
"""

from bridge.content import Author, Line, clean
from bridge.i18n import t

MIME = "text/plain"
INDENT = "    "  # before what was said: only the bridge writes at the beginning of a line


def head(title: str, count: int, left_out: int) -> str:
    """Whose conversation it is, and how much of it is here."""
    lines = [_one_line(title), t("Messages: {count}. Times are in UTC.", count=count)]
    if left_out:
        lines.append(t("Older messages left out: {count}. There is a limit to such a file.", count=left_out))
    return "\n".join(lines) + "\n"


def entry(line: Line) -> str:
    """When it was said, by whom, the words, and those that it was said in first. Of what is gone, only that it was."""
    asides = "".join(f" [{_one_line(aside)}]" for aside in (line.doubt, line.since) if aside)
    text, before = ("", "") if line.gone else (line.text, line.first)
    first = f"{t('Before it was edited:')}\n{_indented(before)}" if before else ""
    return f"\n{line.at:%Y-%m-%d %H:%M:%S}  {_who(line.author)}{asides}\n{_indented(text)}{first}"


def _indented(text: str) -> str:
    return "".join(f"{INDENT}{each}\n" for each in clean(text).splitlines())


def _who(author: Author) -> str:
    """The part comes last: no name can end in another one."""
    name = _one_line(author.name)
    match author.kind:
        case "customer":
            return f"{name} ({t('customer')})".strip()
        case "bot":
            return f"{name} ({t('bot')})".strip()
        case "agent":
            return f"{name} ({t('agent')})".strip()
        case "system":
            return t("Desk")


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
