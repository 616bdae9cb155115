"""The card in every state."""

from dataclasses import replace
from datetime import timedelta

from bridge.ports import Card, Known, Other, Place, Summary
from bridge.reply_window import reply_window

from . import nasty
from .shop import ANA, CLEA, NOW, QUEUE, Shop
from .state import card

SUMMARY = Summary(
    subject="Parcel MK-20417 has not arrived",
    asked="Where the parcel is",
    tried="The tracking page; the bot's answer about delivery times",
    wants="A refund or a new parcel",
    last_words="It was due on Monday, and I am leaving on Friday.",
    language="Spanish",
    facts=("MK-20417", "maria@example.com"),
    mood="impatient",
    offline=False,
)
CARD = Card(1042, "queued", "Maria", "Telegram", "Asked for a person.", "I want to talk to a human", NOW)
WAITS = replace(CARD, summary=SUMMARY)
VERIFIED = replace(WAITS, channel="Web chat", verified="maria@example.com")
TYPED = replace(VERIFIED, verified="", typed="m@example.com")
ABSENT = replace(WAITS, absent=True, opens=NOW + timedelta(hours=47, minutes=-30), address="maria@example.com")
CLAIMED = replace(WAITS, state="claimed", owner=ANA)
LATER = Other(1050, Place(QUEUE, "1050.000000"))
BACK = replace(CLAIMED, state="handed_back", note="I promised a new parcel by Friday. Please do not offer a refund.")
RATED = replace(BACK, channel="Web chat", rating="good", rating_words="Quick and friendly, thank you!")
EARLIER = (Other(1021, Place(QUEUE, "1021.000000")), Other(998, None))
ELSEWHERE = Other(1017, Place(QUEUE, "1017.000000"), "She is away until Friday.", "WhatsApp")
ONE = replace(
    CLAIMED, verified="maria@example.com", channel="Web chat", also=(Known("Maria Silva", "WhatsApp", 1045),),
    earlier=(ELSEWHERE, Other(998, None)), beside=(Other(1045, Place(QUEUE, "1045.000000"), "", "WhatsApp"),),
)  # fmt: skip
PERHAPS = replace(VERIFIED, perhaps=Known("M. Silva", "Web chat", 1030))
NASTY = Card(
    10**12, "claimed", nasty.NAME, nasty.NAME, nasty.LONG, nasty.LONG + nasty.HALF, NOW,
    owner=replace(ANA, name=nasty.NAME),
    summary=Summary(*(nasty.LONG,) * 6, facts=(nasty.ALL,) * 100, mood=nasty.LONG),
    stage=nasty.ALL, came_by=nasty.LONG, note=nasty.LONG + "\n", labels=nasty.LABELS, address=nasty.LONG,
    typed=nasty.LONG, rating="bad", rating_words=nasty.LONG,
    window=reply_window(timedelta(hours=24), None, NOW),
    earlier=tuple(Other(10**11 + n, Place(QUEUE, "17.5")) for n in range(5)), later=Other(10**12 + 1, None),
    verified=nasty.NAME, also=(Known(nasty.LONG, nasty.NAME, 10**11),) * 19, perhaps=Known(nasty.LONG, nasty.NAME),
    beside=tuple(Other(10**12 + n, Place(QUEUE, "17.5"), nasty.LONG, nasty.NAME) for n in range(6)),
)  # fmt: skip


def on_whatsapp(hours: float) -> Card:
    """Maria wrote last so many hours ago."""
    window = reply_window(timedelta(hours=24), NOW - timedelta(hours=hours), NOW)
    return replace(CLAIMED, channel="WhatsApp", window=window, templates=True)


def from_the_bot() -> Card:
    """Ana took it over from the bot."""
    shop = Shop()
    shop.says("Maria", "Do you ship to Norway?")
    shop.takes_over(ANA, "Maria")
    return shop.card(1001)


def reopened() -> Card:
    """Ana reopened what had ended."""
    shop = Shop()
    shop.presses(ANA, "end", shop.claimed())
    shop.presses(ANA, "reopen", 1001)
    return shop.card(1002)


CARDS = (
    card("queued", "Somebody waits", lambda: WAITS),
    card("queued-called", "Who is called when somebody waits", lambda: replace(WAITS, calls=("S0AGENTS", CLEA.id))),
    card("queued-bare", "Just now: there is no summary yet", lambda: CARD),
    card("queued-offline", "Summed up without a model", lambda: replace(WAITS, summary=replace(SUMMARY, offline=True))),
    card("queued-earlier", "Not for the first time", lambda: replace(WAITS, earlier=EARLIER)),
    card("queued-flow", "In the middle of a flow", lambda: replace(WAITS, stage="pending approval")),
    card("queued-verified", "The shop vouches for who this visitor is", lambda: VERIFIED),
    card("queued-perhaps", "Perhaps somebody whom we know under another name", lambda: PERHAPS),
    card("queued-typed", "This visitor typed an address", lambda: TYPED),
    card("queued-absent", "Out of hours: the customer knows, and left an address", lambda: ABSENT),
    card("queued-away", "All who could answer are away", lambda: replace(WAITS, absent=True)),
    card("claimed", "Ana has it", lambda: CLAIMED),
    card("claimed-labels", "With labels", lambda: replace(CLAIMED, labels=("refund", "vip"))),
    card("claimed-one", "One person on two channels, for somebody said so", lambda: ONE),
    card("claimed-from-bot", "Taken over from the bot", from_the_bot),
    card("claimed-reopened", "Reopened", reopened),
    card("window-open", "On WhatsApp: a reply is taken for a day", lambda: on_whatsapp(2)),
    card("window-closing", "... for less than an hour now", lambda: on_whatsapp(23.5)),
    card("window-shut", "... and now only when the customer writes", lambda: on_whatsapp(30)),
    card("unreachable", "They have blocked us", lambda: replace(CLAIMED, reachable=False)),
    card("came-by-link", "They came by a link of ours", lambda: replace(WAITS, came_by="spring-newsletter")),
    card("handed-back", "The bot has it again, with a note", lambda: BACK),
    card("handed-back-open", "... and it is not resolved", lambda: replace(BACK, outcome="open")),
    card("handed-back-rated", "... and the customer says how it was", lambda: RATED),
    card("handed-back-folded", "... on a desk that folds what is done", lambda: replace(BACK, folded=True)),
    card("went-back", "The customer did not want to wait", lambda: replace(BACK, owner=None, note="", went_back=True)),
    card("ended", "It is over", lambda: replace(CLAIMED, state="ended")),
    card("ended-later", "It goes on elsewhere", lambda: replace(BACK, state="ended", later=LATER)),
    card("nasty", "Whatever was written, it stays text", lambda: NASTY),
)  # fmt: skip
