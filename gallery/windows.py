"""Windows, the app's own page and the board, for a busy morning, an empty one and a nasty one."""

from dataclasses import replace
from functools import cache

from bridge.by_template import Picked, kept
from bridge.courier.windows import TOO_LATE
from bridge.customer_channels.whatsapp.errors import LOCKED
from bridge.desk_settings import DeskSettings
from bridge.i18n import packed
from bridge.policy import Policy
from bridge.ports import Choice, Form, OneOf, Option, PersonInput, Row, TextInput, Whisper, Words
from bridge.templates import Template
from bridge.windows.desk import board as board_of
from bridge.windows.desk import home as home_of
from bridge.windows.draft import suggested
from bridge.windows.template import offered, unknown

from . import nasty
from .afterwards import thought_again
from .one_person import ONE_PERSON
from .shop import ANA, ASKS, BEN, CLEA, GUS, PARCEL, VERA, Shop
from .state import board, home, told, window

MARIA = 1001
HELLO = Template("hello", "en", "Hello! May we come back to what you asked us?")
NEWS = tuple(Template(f"news_{n:03} {nasty.ALL}", "en", f"{nasty.LONG} {{{{{n}}}}}") for n in range(120))
UNKNOWN = unknown(MARIA, "", packed(LOCKED))
READ = kept(MARIA, Picked("", PARCEL, {"1": "Maria", "2": "MK-20417"}))


@cache
def busy() -> Shop:
    """Maria is Ana's, Jonas is Ben's, two wait, one is over, the bot has three; Ben is away. Only to look at."""
    shop = Shop()
    shop.says("Maria", "Where is my order MK-20417? It was due on Monday.")
    shop.bot_says_first("Maria", "We pack within one working day.")
    maria = shop.later(1).waits("Maria")
    shop.later(2).presses(ANA, "claim", maria)
    shop.types(ANA, maria, "Hello Maria, your parcel arrives tomorrow.")
    shop.types(ANA, maria, "!label refund vip")
    jonas = shop.later(3).waits("Jonas", "The teapot came broken. I want a human", "whatsapp")
    shop.later(1).presses(BEN, "claim", jonas)
    shop.types(BEN, jonas, "!label broken")
    over = shop.waits("Tom", channel="web")
    shop.presses(CLEA, "claim", over)
    shop.types(CLEA, over, "!handback He will write again on Friday.")
    shop.later(2).waits("Priya", "Can a person help me with a wedding gift?", "web")
    shop.later(4).waits("Li Wei", ASKS, "whatsapp")
    for name, text in (("Amal", "Do you ship to Norway?"), ("Zoë", "How do I brew green tea?"), ("Sam", "Hi!")):
        shop.later(1).says(name, text)
    shop.commands(BEN, "desk", "away")
    return shop.later(5)


@cache
def overdue() -> Shop:
    """The same morning 22 minutes later: Maria has asked again, and two still wait. Only to look at."""
    shop = busy.__wrapped__().later(5)
    shop.says("Maria", "And who signs for it?")
    shop.types(BEN, 1002, "I am looking into it.")
    return shop.later(17)


@cache
def crowded() -> Shop:
    """Far more of everything than fits, all of it nasty. Only to look at."""
    shop = Shop()
    for n in range(30):
        waiting = shop.waits(f"{n} {nasty.NAME}", f"{ASKS}. {nasty.LONG}")
        shop.files(waiting, *nasty.LABELS[n % 5 * 20 :][:20])
        shop.claimed(f"mine {n} {nasty.NAME}", "web")
        shop.claimed(f"other {n} {nasty.NAME}", "whatsapp", by=BEN)
        shop.says(f"bot {n} {nasty.NAME}", nasty.LONG)
    for n in range(70):
        shop.says(f"mine 0 {nasty.NAME}", f"{n} {nasty.LONG}", "web")
    for agent in range(30):
        shop.away(f"U{agent:09}", nasty.NAME)
    return shop


def refused(form: Form, told: str) -> Form:
    """What stands in the place of a window that was sent off: the title stays."""
    return Form("told", form.title, (Words(told),))


def too_late() -> Form:
    """A window that was sent off when the conversation was the bot's again."""
    shop = Shop()
    number = shop.claimed()
    form = shop.window("assign", ANA, number)
    shop.presses(ANA, "handback", number)
    return refused(form, shop.submits(ANA, "assign", str(number), BEN))


@cache
def unresolved() -> Shop:
    """On a desk that keeps open what was handed back. Only to look at."""
    shop = Shop().adjusts(policy=Policy(after_hand_back="keep"))
    shop.presses(ANA, "handback", shop.claimed())
    shop.later(90).waits("Priya", channel="web")
    return shop.later(5)


def meanwhile() -> Form:
    """Settings that somebody else changed while they were being looked at."""
    shop = adjusted.__wrapped__()
    return refused(shop.window("texts", CLEA), shop.submits(CLEA, "texts", "v0", BEN, waiting="Hello."))


def changed_since() -> Form:
    """A transcript in which not everything stayed as it was."""
    shop, number = thought_again()
    return shop.window("transcript", ANA, number)


def page_before() -> Form:
    """What somebody sees who presses Earlier."""
    newest = crowded().window("transcript", ANA, NASTY_MINE)
    [earlier, *_] = (choice for part in newest.parts if isinstance(part, Row) for choice in part.choices)
    return crowded().window("transcript", ANA, earlier.value)


@cache
def adjusted() -> Shop:
    """Clea has changed the texts twice, the policy and back again, and who may do what. Only to look at."""
    shop = Shop()
    shop.sets(CLEA, "texts", 0, waiting="Somebody comes, {{customer.name}}.")
    shop.later(20).sets(CLEA, "texts", 1, ended="")
    shop.later(3).sets(CLEA, "policy", 0, after_hand_back="keep", recall_seconds="5")
    shop.later(90).unsets(CLEA, "policy", 1)
    shop.later(2).sets(CLEA, "roles", 0, admins="U0CLEA", responders="U0ANA\nU0BEN", responder_groups="@night-shift")
    return shop.later(5)


def with_bots() -> Shop:
    """A desk with three bots."""
    in_file = DeskSettings(bots=("shop", "knowledge", "llm"))
    shop = Shop().adjusts(bots=in_file.bots, in_file=in_file)
    shop.sets(CLEA, "bots", 0, first="knowledge")
    return shop


@cache
def maladjusted() -> Shop:
    """The longest and nastiest settings, changed over and over. Only to look at."""
    shop = Shop()
    clea = replace(CLEA, name=nasty.NAME)
    for n in range(10):
        long = f"{n} {nasty.LONG}"[:3_000]
        shop.later(1).sets(clea, "texts", n, waiting=long, handover=long, resumes=long, ended=long)
        shop.later(1).sets(clea, "triggers", n, keywords="\n".join(f"{word}{n}" for word in long.split())[:3_000])
    return shop


def several_bots() -> Shop:
    """The desk has two bots."""
    shop = Shop().adjusts(bots=("shop", "returns"))
    shop.claimed()
    return shop


def suggest(text: str) -> str:
    """What a window with this suggestion, made without a model, is drawn from."""
    return suggested(MARIA, text, offline=True)


def template(*found: Template, search: str = "", chosen: Template = HELLO) -> Form:
    """A window for a template when these are known."""
    return busy().window("template", ANA, offered(MARIA, search, found, chosen.id))


def empty(name: str, about: str = "") -> Form:
    """Before the first customer."""
    return Shop().window(name, ANA, about)


NASTY_MINE = 1002
NASTY = Form(
    "queue", nasty.NAME,
    (
        Words(nasty.LONG, nasty.LONG),
        *(Row(nasty.NAME, nasty.ALL, nasty.LONG, (Choice("claim", nasty.NAME, str(n)),)) for n in range(90)),
        TextInput("text", nasty.LONG, nasty.LONG, nasty.LONG, lines=True, longest=10_000),
        PersonInput("to", nasty.LONG),
        OneOf("one", nasty.LONG, tuple(Option(f"{n}{nasty.ALL}", nasty.NAME) for n in range(150))),
    ),
    nasty.LONG, nasty.NAME,
)  # fmt: skip
FEW = Form(NASTY.name, NASTY.title, (*NASTY.parts[:3], *NASTY.parts[-3:]), NASTY.about, NASTY.submit)
TOO_SLOW = Whisper("U0ANA", "", "", TOO_LATE)

WINDOWS = (
    window("assign", "Assign, what somebody has", lambda: busy().window("assign", ANA, MARIA)),
    window("assign-waiting", "Assign, what nobody has", lambda: busy().window("assign", CLEA, 1004)),
    window("handback", "Hand back, with a note", lambda: busy().window("handback", ANA, MARIA)),
    window("handback-bots", "... to one of several bots", lambda: several_bots().window("handback", ANA, MARIA)),
    window("draft", "A reply is being suggested", lambda: busy().window("draft", ANA, MARIA)),
    window("draft-made", "A suggested reply", lambda: busy().window("draft", ANA, f"{MARIA}\n\nIt comes on Monday.")),
    window("draft-offline", "... without a model", lambda: busy().window("draft", ANA, suggest("In two days."))),
    window("draft-nothing", "There is none", lambda: busy().window("draft", ANA, suggest(""))),
    window("labels", "Labels", lambda: busy().window("labels", ANA, MARIA)),
    window("labels-first", "The first labels", lambda: busy().window("labels", ANA, 1004)),
    window("template", "Templates are being looked up", lambda: busy().window("template", ANA, MARIA)),
    window("template-choose", "Which template?", lambda: template(PARCEL, chosen=HELLO)),
    window("template-plain", "One without blanks", lambda: template(HELLO, PARCEL)),
    window("template-blanks", "One with blanks", lambda: template(HELLO, PARCEL, chosen=PARCEL)),
    window("template-preview", "What it says with them", lambda: busy().window("template_preview", ANA, READ)),
    window("template-none", "There is none", lambda: template()),
    window("template-unfound", "None is called so", lambda: template(PARCEL, search="zeppelin")),
    window("template-away", "They are not told", lambda: busy().window("template", ANA, UNKNOWN)),
    *ONE_PERSON,
    window("transcript", "Transcript", lambda: busy().window("transcript", ANA, MARIA)),
    window("transcript-changed", "Transcript: what was changed and deleted", changed_since),
    window("queue", "/queue", lambda: busy().window("queue")),
    window("queue-late", "/queue late", lambda: overdue().window("queue", CLEA, "state=late")),
    window("queue-somebody", "/queue, what Ben has", lambda: busy().window("queue", CLEA, "owner=U0BEN")),
    window("queue-mine", "/queue mine", lambda: busy().window("queue", ANA, "state=claimed&owner=U0ANA")),
    window("queue-unresolved", "/queue unresolved", lambda: unresolved().window("queue", ANA, "state=unresolved")),
    window("queue-watched", "/queue, for a viewer", lambda: busy().window("queue", VERA)),
    window("queue-empty", "/queue, and nobody waits", lambda: empty("queue")),
    window("takeover", "/takeover", lambda: busy().window("takeover")),
    window("takeover-search", "/takeover norway", lambda: busy().window("takeover", ANA, "norway")),
    window("takeover-empty", "/takeover, and the bot talks to nobody", lambda: empty("takeover")),
    window("desk", "/desk", lambda: busy().window("desk")),
    window("desk-away", "/desk, while away", lambda: busy().window("desk", BEN)),
    window("settings", "Settings, for admins", lambda: adjusted().window("settings", CLEA)),
    window("settings-first", "Settings that nobody has changed", lambda: Shop().window("settings", CLEA)),
    window("settings-texts", "The texts to customers", lambda: adjusted().window("texts", CLEA)),
    window("settings-triggers", "What calls a person", lambda: adjusted().window("triggers", CLEA)),
    window("settings-policy", "The desk's policy", lambda: adjusted().window("policy", CLEA)),
    window("settings-meanwhile", "Somebody else was faster", meanwhile),
    window("settings-roles", "Who may do what", lambda: adjusted().window("roles", CLEA)),
    window("settings-bots", "Which bot answers", lambda: with_bots().window("bots", CLEA)),
    window("too-late", "Sent off too late", too_late),
    told("too-slow", "Slack gives three seconds", lambda: TOO_SLOW),
    window("nasty", "Whatever is in it, it stays text", lambda: FEW),
    window("nasty-full", "More than fits", lambda: NASTY),
    window("nasty-labels", "Labels with a hundred labels in use", lambda: crowded().window("labels", ANA, MARIA)),
    window("nasty-transcript", "A long transcript", lambda: crowded().window("transcript", ANA, NASTY_MINE)),
    window("nasty-transcript-before", "The page before", page_before),
    window("nasty-template", "More templates than fit", lambda: template(*NEWS, chosen=NEWS[7])),
    window("nasty-queue", "/queue with more than fits", lambda: crowded().window("queue")),
    window("nasty-settings", "Settings that are all too long", lambda: maladjusted().window("settings", CLEA)),
    window("nasty-texts", "Texts that are all too long", lambda: maladjusted().window("texts", CLEA)),
    window("nasty-takeover", "/takeover with more than fits", lambda: crowded().window("takeover", ANA, nasty.PING)),
)  # fmt: skip
HOMES = (
    home("agent", "Ana's page", lambda: home_of(busy().session, ANA)),
    home("admin", "Clea's, who is an admin", lambda: home_of(busy().session, CLEA)),
    home("away", "Ben's, who is away", lambda: home_of(busy().session, BEN)),
    home("viewer", "For a viewer", lambda: home_of(busy().session, VERA)),
    home("unresolved", "With something that is not resolved", lambda: home_of(unresolved().session, ANA)),
    home("guest", "For a guest", lambda: home_of(busy().session, GUS)),
    home("empty", "Before the first customer", lambda: home_of(Shop().session, ANA)),
    home("nasty", "With more than fits", lambda: home_of(crowded().session, ANA)),
)
BOARDS = (
    board("busy", "On a busy morning", lambda: board_of(busy().session)),
    board("unresolved", "With something that is not resolved", lambda: board_of(unresolved().session)),
    board("late", "22 minutes later: who waits too long", lambda: board_of(overdue().session)),
    board("empty", "Before the first customer", lambda: board_of(Shop().session)),
    board("nasty", "With more than fits", lambda: board_of(crowded().session)),
)
