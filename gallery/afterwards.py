"""A conversation in which everybody thinks again: on WhatsApp, where nothing can be changed that has arrived."""

from functools import cache

from bridge.ports import Corrected, Withdrawn

from .shop import ANA, Shop

CHANNEL = "whatsapp"


@cache
def thought_again() -> tuple[Shop, int]:
    """Maria changes and deletes, Ana changes, corrects and deletes; then Maria waits once more. Only to look at."""
    shop = Shop()
    order = shop.says("Maria", "Where is my oder MK-20417?", CHANNEL)
    shop.customer(Corrected("Maria", order, "Where is my order MK-20417?"), CHANNEL)
    shop.bot_says_first("Maria", "We pack within one working day.", CHANNEL)
    number = shop.later(1).claimed(channel=CHANNEL)
    for text, better in (("It comes on Mnday.", "It comes on Monday."), ("Sory for that.", "Sorry for that.")):
        reply = shop.later(1).types(ANA, number, text)
        shop.arrives(number, reply)
        shop.edits(ANA, number, reply, better)
        if "Monday" in better:
            shop.answers(ANA, number, "correct")
    angry = shop.later(1).says("Maria", "You are all useless.", CHANNEL)
    shop.customer(Withdrawn("Maria", angry), CHANNEL)
    reply = shop.later(1).types(ANA, number, "So are you.")
    shop.arrives(number, reply)
    shop.deletes(reply)
    shop.later(1).types(ANA, number, "!handback")
    return shop, shop.later(5).waits(channel=CHANNEL)
