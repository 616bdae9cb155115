"""Pure: windows, the app's own page and the board as Slack's blocks, within Slack's limits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from bridge.content import clean
from bridge.i18n import t
from bridge.ports import (
    Form,
    GroupsInput,
    OneOf,
    Part,
    PeopleInput,
    PersonInput,
    Place,
    Row,
    TextInput,
    Whisper,
    Words,
    is_person,
)
from bridge.team_workspace.inert import (
    SHORT_TEXT,
    Block,
    Message,
    cut,
    escaped,
    one_line,
    own_words,
    own_words_spoken,
    quote,
    rich,
    section,
    words,
)
from bridge.team_workspace.inert import link as leads
from bridge.team_workspace.posts import buttons

Link = Callable[[Place], str]
TITLE, LABEL, VALUE, METADATA = 24, 75, 150, 3_000  # characters, as Slack counts them
IN_VIEW, IN_MESSAGE = 100, 50  # blocks
SENTENCE = 300  # characters under a field
LONGEST, IN_LIST = 3_000, 600  # characters of somebody's words; and where there are many of them
TOGETHER = 20  # texts in one block
GROUPS = "groups:"  # how the action of an input begins in which user groups are named


def modal(form: Form, link: Link) -> Block:
    """A window."""
    view: Block = {
        "type": "modal",
        "callback_id": form.name,
        "private_metadata": form.about[:METADATA],
        "title": _plain(form.title, TITLE),
        "close": _plain(t("Cancel") if form.submit else t("Close"), TITLE),
        "blocks": _blocks(form.parts, link, IN_VIEW),
    }
    if form.id:
        view["external_id"] = form.id[:255]
    return view | {"submit": _plain(form.submit, TITLE)} if form.submit else view


def home(page: Form, link: Link) -> Block:
    """The app's own page."""
    return {"type": "home", "callback_id": page.name, "blocks": _blocks(page.parts, link, IN_VIEW)}


def board(form: Form, link: Link) -> Message:
    """The same as a message. Read aloud, it is the numbers: `/queue` reads the rest."""
    numbers = (own_words_spoken(part.text) for part in form.parts if isinstance(part, Words))
    return Message(escaped(" ".join(numbers).replace("*", ""), SHORT_TEXT), _blocks(form.parts, link, IN_MESSAGE))


def sentence(title: str, text: str) -> Block:
    """A window that says one thing."""
    return modal(Form("told", title, (Words(text),)), lambda _: "")


def wrong(fields: Mapping[str, str]) -> dict[str, str]:
    """What stands under the fields of a window in which something is wrong. An input's block is called as it is."""
    return {name: one_line(sentence, SENTENCE) for name, sentence in fields.items()}


def told(whisper: Whisper, link: Link) -> Block:
    """A private word in a window instead of a message."""
    answers = (Row("", choices=whisper.choices),) if whisper.choices else ()
    return modal(Form("told", t("Handoff"), (Words(whisper.text, whisper.quote), *answers)), link)


def _blocks(parts: Sequence[Part], link: Link, most: int) -> list[Block]:
    """Texts in a row share a block, and so do menus; each row with buttons has its own."""
    blocks: list[Block] = []
    for kind, some in groupby(parts, key=_kind):
        same = list(some)
        match kind:
            case "text":
                for start in range(0, len(same), TOGETHER):
                    lines = [line for part in same[start : start + TOGETHER] for line in _lines(part, link)]
                    blocks += [rich(*lines)] if lines else []
            case "menu":
                menus = [part for part in same if isinstance(part, OneOf | PersonInput)]
                # Under the same name Slack would keep what somebody chose there before, whatever is chosen now.
                name = "&".join(f"{part.name}={part.initial}" for part in menus)[:255]
                blocks.append({"type": "actions", "block_id": name, "elements": [_menu(part) for part in menus]})
            case _:
                for part in same:
                    blocks += _own_blocks(part, link)
    if len(blocks) > most:
        return [*blocks[: most - 1], rich(section(words("…", "italic")))]
    return blocks or [rich(section(words("…")))]


def _kind(part: Part) -> str:
    match part:
        case Words() | Row(choices=()):
            return "text"
        case OneOf(acts=True) | PersonInput(acts=True):
            return "menu"
        case _:
            return "own"


def _lines(part: Part, link: Link) -> Iterator[Block]:
    match part:
        case Words(text, said):
            if text:  # else the words go on
                yield section(*own_words(cut(text, 1_500)), words("\n"))
            if said.strip():
                yield quote(cut(said, LONGEST))
        case Row(title, details, said, _, thread):
            named = one_line(title, 200)
            shown = [leads(link(thread), named) if thread else words(named, "bold")] if named else []
            about = [*([words("\n")] if shown else []), *own_words(details)] if details else []
            if shown or about:
                yield section(*shown, *about, words("\n"))
            if said.strip():
                yield quote(one_line(said, IN_LIST))
        case _:
            return


def _own_blocks(part: Part, link: Link) -> list[Block]:
    match part:
        case Row():
            lines = list(_lines(part, link))
            return [*([rich(*lines)] if lines else []), *buttons(part.choices)]
        case TextInput():
            return [_input(part, _text_input(part), part.optional)]
        case PeopleInput():
            return [_input(part, _people(part), True)]
        case GroupsInput(name, label, initial):
            return [_input(part, _text_input(TextInput(f"{GROUPS}{name}", label, initial)), True)]
        case PersonInput() | OneOf():
            return [_input(part, _menu(part), False)]
        case Words():
            return []


def _input(part: TextInput | PersonInput | PeopleInput | GroupsInput | OneOf, element: Block, optional: bool) -> Block:
    block: Block = {"type": "input", "block_id": part.name, "label": _plain(part.label, 2_000), "element": element}
    hint = "" if isinstance(part, PersonInput | OneOf) else part.hint
    return block | {"optional": optional} | ({"hint": _plain(hint, 2_000)} if hint else {})


def _text_input(part: TextInput) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": part.name, "multiline": part.lines}
    longest = min(part.longest, 3_000)
    initial = clean(part.initial)[:longest]
    return element | {"max_length": longest} | ({"initial_value": initial} if initial else {})


def _menu(part: OneOf | PersonInput) -> Block:
    if isinstance(part, PersonInput):
        return _person(part)
    options = [{"text": _plain(it.label, LABEL), "value": it.value[:VALUE]} for it in part.options[:100]]
    element: Block = {"type": "static_select", "action_id": part.name, "options": options}
    chosen = [option for option in options if option["value"] == part.initial]
    return element | {"placeholder": _plain(part.label, 150)} | ({"initial_option": chosen[0]} if chosen else {})


def _people(part: PeopleInput) -> Block:
    element: Block = {"type": "multi_users_select", "action_id": part.name}
    chosen = [who for who in part.initial if is_person(who)]
    return element | ({"initial_users": chosen} if chosen else {})


def _person(part: PersonInput) -> Block:
    element: Block = {"type": "users_select", "action_id": part.name}
    element |= {"placeholder": _plain(part.label, 150)} if part.acts else {}
    return element | ({"initial_user": part.initial} if is_person(part.initial) else {})


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": one_line(text, most) or "…", "emoji": False}
