"""What admins and owners are told directly, and what is said in the queue channel itself."""

from collections.abc import Callable

from bridge import alarms, moving
from bridge.errors import Loss
from bridge.ports import Listed
from bridge.triggers import Triggers

from .shop import CLEA, Shop
from .state import direct

BILLING = "C0BILLING"


class Two:
    """The queue channels of a desk that has two."""

    def id_of(self, route: str) -> str:
        return BILLING if route == "billing" else "C0SUPPORT"

    def name_of(self, id: str) -> str:
        return "#billing" if id == BILLING else "#support-queue"


def told(*deeds: Callable[[Shop], object], waiting: int = 0) -> str:
    """What is said directly last, on a desk with two channels where so many wait in the second."""
    shop = Shop().adjusts(queues=Two(), listed=Listed(admins=(CLEA.id,)))
    for n in range(waiting):
        shop.claimed(f"Customer {n}", where=BILLING)
    for deed in deeds:
        deed(shop)
    return shop.told_directly()


def lost(loss: Loss, channel: str = BILLING) -> Callable[[Shop], object]:
    """A queue channel is lost."""
    return lambda shop: moving.queue_lost(shop.session, channel, loss)


def nothing_calls(shop: Shop) -> None:
    """All triggers are off."""
    alarms.nothing_calls_anybody(shop.adjusts(triggers=Triggers(on_request=False, after_unsure=0)).session)


DIRECT = (
    direct("archived", "A queue channel is archived, and nobody waited there", lambda: told(lost("archived"))),
    direct("moved-owner", "... somebody did: their agent", lambda: told(lost("archived"), waiting=1)),
    direct("removed", "The app is removed from the only channel", lambda: told(lost("left", "C0SUPPORT"))),
    direct("shared", "A queue channel is shared", lambda: told(lambda it: alarms.queue_exposed(it.session, BILLING))),
    direct("nobody", "Nobody can claim", lambda: told(lambda it: alarms.nobody_can_claim(it.session, "Add @agents."))),
    direct("nothing", "Nothing calls anybody", lambda: told(nothing_calls)),
)
