"""Jo, whom Ben helped on WhatsApp, and Johanna, who is Ana's on Telegram: one person, once somebody says so."""

from functools import cache

from bridge.ports import Form, Post, Words
from bridge.same_person import apart, compared
from bridge.store import contacts, conversations

from . import nasty
from .shop import ANA, BEN, CLEA, Shop
from .state import window

JO, JOHANNA = 1001, 1002
NUMBER = "+34600111222"


def two() -> Shop:
    """Nobody has said anything yet."""
    shop = Shop()
    shop.says("Jo", "Do you have oolong?", "whatsapp", NUMBER)
    shop.claimed("Jo", "whatsapp", by=BEN)
    shop.types(BEN, JO, "We do. Your order is MK-7.")
    shop.types(BEN, JO, "!handback She is away until Friday.")
    shop.later(60).says("Johanna", "Hello, it is me again. Where is MK-7?", verified=NUMBER)
    shop.claimed("Johanna")
    return shop


def both(shop: Shop) -> str:
    """What travels with the window that shows both."""
    (jo,), (johanna,) = (contacts.of_handoff(shop.tx, number) for number in (JO, JOHANNA))
    return compared(JOHANNA, jo, *apart(shop.session, johanna, jo))


def sides() -> Form:
    """Both, before anybody says anything."""
    shop = two()
    return shop.window("same_preview", ANA, both(shop))


def one() -> Shop:
    """Ana has said so."""
    shop = two()
    shop.submits(ANA, "same_preview", both(shop), BEN)
    return shop.later(5)


@cache
def said() -> Shop:
    """The same. Only to look at."""
    return one()


def separated() -> Post:
    """Clea, an admin, has taken it back: Ana is called."""
    shop = one()
    members = contacts.of_handoff(shop.tx, JOHANNA)
    [pair] = contacts.pairs(shop.tx, members)
    shop.chooses(CLEA, "part", f"{JOHANNA} {pair.id}", "same", str(JOHANNA))
    return shop.posted(JOHANNA)


def meanwhile() -> Form:
    """Ana says so after Clea did."""
    shop = two()
    about = both(shop)
    before = shop.window("same_preview", ANA, about)
    shop.submits(CLEA, "same_preview", about, BEN)
    return Form("told", before.title, (Words(shop.submits(ANA, "same_preview", about, BEN)),))


def crowd() -> Form:
    """As many as one contact may have, and more who might be, all of them nasty."""
    shop = Shop()
    for n in range(40):
        shop.claimed(f"{n} {nasty.NAME}", ("telegram", "whatsapp", "web")[n % 3])
    first, *more = (row[0] for row in shop.tx.all("SELECT id FROM conversation ORDER BY id"))
    for other in more[: contacts.MOST - 1]:
        ones, others = apart(shop.session, first, other)
        ids = contacts.ids(ones), contacts.ids(others)
        contacts.join(shop.tx, first, ids[0], other, ids[1], ANA, shop.session.now)
    found = conversations.by_id(shop.tx, first)[0].handoff
    return shop.window("same", ANA, f"{found} {nasty.NAME.split()[0]}")


ONE_PERSON = (
    window("same", "Same person: who may it be?", lambda: two().window("same", ANA, JOHANNA)),
    window("same-search", "... looked for", lambda: two().window("same", ANA, f"{JOHANNA} jo")),
    window("same-nobody", "... and not found", lambda: two().window("same", ANA, f"{JOHANNA} zeppelin")),
    window("same-both", "Both sides, before it is said", sides),
    window("same-said", "It was said, and can be taken back", lambda: said().window("same", ANA, JOHANNA)),
    window("same-meanwhile", "Somebody else said it first", meanwhile),
    window("transcript-one", "The transcript of both", lambda: said().window("transcript", ANA, JOHANNA)),
    window("queue-customer", "/queue #1002", lambda: said().window("queue", ANA, f"state=all&whose={JOHANNA}")),
    window("nasty-same", "As many as one contact may have", crowd),
)
