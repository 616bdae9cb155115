"""What one person alone is told and asked."""

from collections.abc import Callable
from datetime import timedelta

from bridge.customer_channels.telegram.errors import WORDS
from bridge.policy import Policy
from bridge.ports import Agent, Choice, Whisper

from . import nasty
from .shop import ANA, BEN, GUS, VERA, Shop
from .state import private

Deed = Callable[[Shop, int], object]
HELLO = "Hello Maria, your parcel is on its way."


def after(*deeds: Deed, on: str = "telegram", claimed: bool = True) -> Whisper:
    """What is told last when this has happened with a conversation of Ana's, or one that nobody has."""
    shop = Shop()
    number = shop.claimed(channel=on) if claimed else shop.waits(channel=on)
    for deed in deeds:
        deed(shop, number)
    return shop.told()


def types(agent: Agent, text: str, *mentions: str, file: str = "") -> Deed:
    """Somebody writes."""
    return lambda shop, number: shop.types(agent, number, text, *mentions, file=file)


def presses(agent: Agent, action: str) -> Deed:
    """Somebody presses a button of the card."""
    return lambda shop, number: shop.presses(agent, action, number)


def answers(agent: Agent, action: str) -> Deed:
    """Somebody answers what they were asked."""
    return lambda shop, number: shop.answers(agent, number, action)


def edits(agent: Agent, before: str, text: str, *mentions: str) -> Deed:
    """Somebody writes, and changes it when it has arrived."""

    def deed(shop: Shop, number: int) -> None:
        place = shop.types(agent, number, before)
        shop.arrives(number, place)
        shop.edits(agent, number, place, text, *mentions)

    return deed


def commands(agent: Agent, verb: str, text: str) -> Deed:
    """Somebody uses a slash command."""
    return lambda shop, _: shop.commands(agent, verb, text)


def change_over() -> Whisper:
    """Ana changes what she wrote before she handed back."""
    shop = Shop()
    number = shop.claimed()
    reply = shop.types(ANA, number, HELLO)
    shop.arrives(number, reply)
    shop.presses(ANA, "handback", number)
    shop.edits(ANA, number, reply, "Hello!")
    return shop.told()


def too_late() -> Whisper:
    """Ana answers on WhatsApp after a day."""
    shop = Shop()
    number = shop.claimed(channel="whatsapp")
    shop.later(24 * 60).types(ANA, number, HELLO)
    return shop.told()


def writes_again() -> Whisper:
    """Then Maria writes."""
    shop = Shop()
    number = shop.claimed(channel="whatsapp")
    shop.later(24 * 60).types(ANA, number, HELLO)
    shop.later(60).says("Maria", "Hello?", "whatsapp")
    return shop.told()


def deletes(agent: Agent, text: str) -> Deed:
    """Somebody writes, and deletes it before it has left."""
    return lambda shop, number: shop.deletes(shop.types(agent, number, text))


def deleted(*between: Deed, on: str = "telegram", reason: str = "") -> Whisper:
    """Ana deletes what the customer has read, after this has happened. With a reason the platform refuses."""
    shop = Shop()
    number = shop.claimed(channel=on)
    reply = shop.types(ANA, number, HELLO)
    shop.arrives(number, reply)
    for deed in between:
        deed(shop, number)
    shop.deletes(reply)
    if reason:
        shop.stays(reply, reason)
    return shop.told()


def decided(answer: str, *, doubt: bool = False) -> Whisper:
    """Somebody says what is to become of a reply that failed, or may have."""
    shop = Shop()
    number = shop.claimed()
    reply = shop.types(ANA, number, HELLO)
    shop.doubts(number, reply) if doubt else shop.fails(reply, "they have blocked the bot.")
    shop.presses_below(ANA, number, answer)
    return shop.told()


def from_the_bot() -> Whisper:
    """Ana takes over from the bot."""
    shop = Shop()
    shop.says("Amal", "Do you ship to Norway?")
    shop.takes_over(ANA, "Amal")
    return shop.told()


def picker() -> Whisper:
    """Which of several goes back to the bot?"""
    shop = Shop()
    for name in ("Maria", "Jonas", nasty.SHORT_NAME):
        shop.claimed(name)
    shop.commands(ANA, "handback", "called her")
    return shop.told()


def away() -> Whisper:
    """Ben is away, and hears of it who assigns to him."""
    shop = Shop()
    number = shop.claimed()
    shop.commands(BEN, "desk", "away")
    shop.types(ANA, number, "!assign @Ben", "@Ben")
    return shop.told()


def explicit(agent: Agent, text: str) -> Whisper:
    """On a desk where only `!say` is for the customer."""
    shop = Shop().adjusts(policy=Policy(audience="explicit"))
    shop.types(agent, shop.claimed(), text)
    return shop.told()


def mentions_in_time() -> Whisper:
    """A reply can still be taken back for five seconds, and is changed into something for a colleague."""
    shop = Shop().adjusts(policy=Policy(recall=timedelta(seconds=5)))
    number = shop.claimed()
    shop.edits(ANA, number, shop.types(ANA, number, HELLO), "@Ben?", "@Ben")
    return shop.told()


NASTY = Whisper(
    "U0ANA", "C0SUPPORT", "1.0", nasty.LONG, nasty.LONG + nasty.HALF,
    tuple(Choice(f"a{n}", nasty.NAME, "1") for n in range(60)),
)  # fmt: skip

PRIVATE = (
    private("not-yours", "Ben writes in Ana's thread", lambda: after(types(BEN, "The depot says it is on the van."))),
    private("nobodys", "Somebody writes, and nobody has claimed", lambda: after(types(BEN, "Hello!"), claimed=False)),
    private("mention", "The owner mentions a colleague", lambda: after(types(ANA, "@Ben can you check?", "@Ben"))),
    private("no-command", "A mistyped command", lambda: after(types(ANA, "!hanback she is happy"))),
    private("no-command-yet", "Almost a command", lambda: after(types(ANA, "!note, she is angry"))),
    private("explicit", "Where only `!say` is for the customer", lambda: explicit(ANA, "On its way.")),
    private("held-again", "`!held` asks again", lambda: after(types(BEN, "On the van."), types(BEN, "!held"))),
    private("nothing-held", "Nothing is held", lambda: after(types(ANA, "!held"))),
    private("taken", "Taken over: is it to be sent now?", lambda: after(types(BEN, "Me."), answers(BEN, "held_take"))),
    private("sent", "It was sent", lambda: after(types(BEN, "Let me help."), answers(BEN, "held_send"))),
    private("kept", "It was kept as a note", lambda: after(types(BEN, "Hm."), answers(BEN, "held_note"))),
    private("correction", "What cannot be changed", lambda: after(edits(ANA, "Monday", "Tuesday"), on="whatsapp")),
    private("too-late", "Written when replies are not taken any more", too_late),
    private("too-late-over", "... and the customer has written since", writes_again),
    private("deleted", "What cannot be deleted", lambda: deleted(on="whatsapp")),
    private("deleted-in-time", "Deleted before it was sent", lambda: after(deletes(ANA, HELLO))),
    private("deleted-over", "Deleted after it was handed back", lambda: deleted(presses(ANA, "handback"))),
    private("deleted-late", "Deleted after two days", lambda: deleted(reason=WORDS["can't be deleted"])),
    private("changed-in-time", "Changed in time", mentions_in_time),
    private("note-changed", "The owner changes a note", lambda: after(edits(ANA, "!note Hm", "Hello!"))),
    private("file", "A file is not carried", lambda: after(types(ANA, "", file="photo"))),
    private("guest", "A guest writes", lambda: after(types(GUS, "Hello!"))),
    private("over", "It is over", lambda: after(presses(ANA, "end"), types(ANA, "Bye!"))),
    private("too-slow", "Somebody else was faster", lambda: after(presses(BEN, "claim"))),
    private("yours", "Claimed twice", lambda: after(presses(ANA, "claim"))),
    private("taken-over", "Taken over from the bot", from_the_bot),
    private("sent-again", "A reply that failed is sent again", lambda: decided("again")),
    private("sent-again-in-doubt", "And one that may have arrived", lambda: decided("resend", doubt=True)),
    private("arrived", "It did arrive", lambda: decided("arrived", doubt=True)),
    private("change-mentions", "A change that mentions somebody", lambda: after(edits(ANA, HELLO, "@Ben?", "@Ben"))),
    private("change-over", "A change after it was handed back", change_over),
    private("now-away", "Away", lambda: after(commands(ANA, "desk", "away"))),
    private("no-filter", "A word that /queue does not know", lambda: after(commands(ANA, "queue", "urgent"))),
    private("not-yours-to-end", "What only its owner may do", lambda: after(presses(BEN, "handback"))),
    private("nobodys-to-hand-back", "Not claimed yet", lambda: after(presses(ANA, "handback"), claimed=False)),
    private("bot-has-it", "Handed back already", lambda: after(presses(ANA, "handback"), types(ANA, "!end"))),
    private("no-such-word", "A word that /desk does not know", lambda: after(commands(ANA, "desk", "setings"))),
    private("viewer", "Whoever may only watch", lambda: after(presses(VERA, "claim"), claimed=False)),
    private("opens", "A word brings no window along", lambda: after(types(ANA, "!assign"))),
    private("labels", "The labels are set", lambda: after(types(ANA, "!label refund vip"))),
    private("away", "Whom it was assigned to is away", away),
    private("picker", "Which of several goes back?", picker),
    private("help", "`!help`", lambda: after(types(ANA, "!help"))),
    private("nasty", "Whatever was written, it stays text", lambda: NASTY),
)  # fmt: skip
