"""What the bridge posts in a thread, for everybody."""

from dataclasses import replace
from datetime import timedelta

from bridge.by_template import Picked, kept
from bridge.content import Author, Line
from bridge.customer_channels.whatsapp.errors import words
from bridge.marks import joined, styled
from bridge.policy import Policy
from bridge.ports import Choice, Corrected, Lines, Notice, Post, Reachable, Transcript, Withdrawn
from bridge.reply_window import last_call, reply_window

from . import nasty
from .afterwards import thought_again
from .one_person import JO, JOHANNA, one, separated
from .shop import ANA, BEN, CLEA, GUS, NOW, PARCEL, Shop
from .state import post

MARIA, BOT, HUMAN = Author("customer", "Maria"), Author("bot", "Shop bot"), Author("agent", "Ana")
DESK = Author("system", "")
SAID = (
    Line(BOT, "Hi! How can I help?", NOW),
    Line(MARIA, "Where is my order MK-20417? It was due on Monday.", NOW),
    Line(BOT, "We pack within one working day. After that, delivery takes 2 to 3 working days.", NOW),
    Line(MARIA, "It has been nine days. I want to talk to a human.", NOW),
    Line(DESK, "A person from our team will join you here shortly.", NOW, "may not have arrived"),
)
HELLO = replace(SAID[1], text="Hello?")
FORMATTED = joined([
    "Is ", styled("MK-20417", "code"), " really ", styled("on its way", "bold"), "? ",
    styled("Monday", "strike"), " ", styled("Nine days!", "bold", "italic"),
])  # fmt: skip
LONG = tuple(replace(line, text=f"{line.text} " * 12) for line in SAID[:4])
NASTY = (
    Line(Author("customer", nasty.NAME), nasty.ALL, NOW),
    Line(Author("bot", nasty.NAME), nasty.ALL, NOW, nasty.ALL),
    Line(Author("agent", nasty.NAME), nasty.LONG + nasty.HALF, NOW),
)
MANY = (Choice("again", nasty.NAME, "1", "primary"),) * 60
REPLY = "Hello Maria, your parcel is on its way."


def fails(reason: str, *, doubt: bool = False) -> Post:
    """What is said of a reply that did not arrive, or may not have."""
    shop = Shop()
    number = shop.claimed()
    reply = shop.types(ANA, number, REPLY)
    shop.doubts(number, reply) if doubt else shop.fails(reply, reason)
    return shop.posted(number)


def after(*deeds: tuple[object, ...]) -> Post:
    """What is posted after somebody has written this in Ana's thread."""
    shop = Shop()
    number = shop.claimed()
    for agent, text, *mentions in deeds:
        shop.types(agent, number, text, *mentions)  # pyright: ignore[reportArgumentType]
    return shop.posted(number)


def customer(event: Corrected | Withdrawn | Reachable) -> Post:
    """What is posted when Maria, who talks to Ana, does this."""
    shop = Shop()
    number = shop.claimed()
    shop.customer(event)
    return shop.posted(number)


def card_deleted() -> Post:
    """Somebody deleted the card."""
    shop = Shop()
    number = shop.claimed()
    shop.deletes(shop.thread(number))
    return shop.posted(number)


def too_late() -> Post:
    """An answer that the bot was asked for before Ana claimed."""
    shop = Shop()
    number = shop.claimed()
    shop.bot_says(number, "We pack within one working day.", epoch=0)
    return shop.posted(number)


def closing() -> Post:
    """Maria wrote on WhatsApp a day ago, less an hour, and Ana has not answered."""
    window = reply_window(timedelta(hours=24), NOW - timedelta(hours=23), NOW)
    return Notice(last_call(window, "WhatsApp"), pings=(ANA.id,))


def refused_late() -> Post:
    """WhatsApp's clock is another one than ours."""
    shop = Shop()
    number = shop.claimed(channel="whatsapp")
    reply = shop.types(ANA, number, REPLY)
    shop.later(24 * 60).fails(reply, words(131047))
    return shop.posted(number)


def by_template() -> Post:
    """Ana sent a template."""
    shop = Shop()
    number = shop.claimed(channel="whatsapp")
    about = kept(number, Picked("", PARCEL, {"1": "Maria", "2": "MK-20417"}))
    shop.later(24 * 60).submits(ANA, "template_preview", about, BEN)
    return shop.posted(number)


def taken_over() -> Post:
    """Ben took over."""
    shop = Shop()
    number = shop.claimed()
    shop.types(BEN, number, "I know her, let me.")
    shop.answers(BEN, number, "held_take")
    return shop.posted(number)


def resolved() -> Post:
    """What stayed open after a hand back is done."""
    shop = Shop().adjusts(policy=Policy(after_hand_back="keep"))
    number = shop.claimed()
    shop.presses(ANA, "handback", number)
    shop.presses(BEN, "resolve", number)
    return shop.posted(number)


def kept_open() -> Post:
    """It was handed back, and stays open."""
    shop = Shop().adjusts(policy=Policy(after_hand_back="keep"))
    number = shop.claimed()
    shop.presses(ANA, "handback", number)
    return shop.posted(number)


def drafted() -> Post:
    """Ana sent a suggested reply."""
    shop = Shop()
    number = shop.claimed()
    shop.submits(ANA, "draft", str(number), BEN, text=REPLY)
    return shop.posted(number)


def changed_since() -> Post:
    """The conversation so far, of which not everything stayed as it was."""
    shop, number = thought_again()
    return shop.posted(number)


THREADS = (
    post("transcript", "The conversation so far", lambda: Transcript(SAID, "Telegram")),
    post("transcript-long", "Of a long one the newest; a file follows", lambda: Transcript(LONG * 9, "Telegram", 120)),
    post("transcript-changed", "What was changed and deleted", changed_since),
    post("lines", "What is said from then on", lambda: Lines((SAID[1], HELLO, SAID[2]), "Telegram")),
    post("handed-back", "Handed back, with a note", lambda: after((ANA, "!handback A new parcel comes on Friday."))),
    post("kept-open", "Handed back, and not resolved", kept_open),
    post("resolved", "... until somebody resolves it", resolved),
    post("drafted", "A suggested reply was sent", drafted),
    post("ended", "Ended", lambda: after((ANA, "!end"))),
    post("assigned", "Assigned: both are told", lambda: after((CLEA, "!assign @Ben", "@Ben"))),
    post("forced", "An admin ends what Ana has: she is called", lambda: after((CLEA, "!end"))),
    post("put-back", "Back in the queue", lambda: after((ANA, "!assign queue"))),
    post("whispered", "A whisper to the owner", lambda: after((CLEA, "!whisper Offer her a voucher."))),
    post("taken-over", "Taken over", taken_over),
    post("one-person", "Somebody said who this is elsewhere", lambda: one().posted(JOHANNA)),
    post("one-person-there", "... which is said there, too", lambda: one().posted(JO)),
    post("separated", "... and an admin took it back", separated),
    post("failed", "A reply that did not arrive", lambda: fails("they have blocked the bot.")),
    post("closing", "On WhatsApp, an hour before replies are not taken any more", closing),
    post("too-late-to-reply", "... and what WhatsApp refused later", refused_late),
    post("by-template", "... and a template that was sent then", by_template),
    post("in-doubt", "A reply that may not have arrived", lambda: fails("", doubt=True)),
    post("edited", "The customer changed a message", lambda: customer(Corrected("Maria", "m1", "A human, please"))),
    post("formatted", "What the customer formatted", lambda: Lines((replace(HELLO, text=FORMATTED),), "Telegram")),
    post("deleted", "The customer deleted a message", lambda: customer(Withdrawn("Maria", "m1"))),
    post("blocked", "The customer blocked the bot", lambda: customer(Reachable("Maria", yes=False))),
    post("back", "And is back", lambda: customer(Reachable("Maria", yes=True))),
    post("guest", "A guest wrote", lambda: after((GUS, "Hello!"))),
    post("card-deleted", "Somebody deleted the card", card_deleted),
    post("too-late", "The bot's answer came too late", too_late),
    post("nasty-lines", "Whatever is said stays text", lambda: Lines(NASTY, nasty.NAME)),
    post("nasty-transcript", "And in the transcript", lambda: Transcript(NASTY * 40, nasty.NAME)),
    post("nasty-notice", "And where it is quoted", lambda: Notice(nasty.LONG, nasty.LONG, MANY, ("U0ANA",))),
)  # fmt: skip
