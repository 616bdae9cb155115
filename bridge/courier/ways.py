"""The ways out, by name: how lanes of each kind are read up and served, and how many at once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bridge.courier import (
    agents,
    bot_turns,
    catch_up,
    customer,
    direct,
    drafts,
    summary,
    templates,
    thread,
    twice,
    windows,
    writing,
)
from bridge.courier.trip import Kitbag, Trip
from bridge.session import Session
from bridge.store.lanes import Lane


@dataclass(frozen=True, slots=True)
class Way:
    """How lanes of one kind are read up, inside the transaction that takes them, and served; so many at once."""

    pack: Callable[[Session, Lane], Trip]
    serve: Callable[[Kitbag, Trip], Awaitable[None]]
    most: int


TO_WORKSPACE: Mapping[str, Way] = {
    "thread": Way(thread.pack, thread.serve, 100),
    "card": Way(agents.pack_card, agents.serve_card, 20),
    "writing": Way(writing.pack, writing.serve, 4),
    "wrote": Way(writing.pack, writing.serve, 100),
    "marks": Way(agents.pack_mark, agents.serve_mark, 20),
    "tell": Way(agents.pack_words, agents.serve_words, 20),
    "answer": Way(agents.pack_words, agents.serve_words, 50),
    "form": Way(windows.pack_form, windows.serve_form, 50),
    "home": Way(windows.pack_home, windows.serve_home, 20),
    "board": Way(windows.pack_board, windows.serve_board, 1),
    "direct": Way(direct.pack, direct.serve, 4),
    "missed": Way(catch_up.pack, catch_up.serve, 4),
    "twice": Way(twice.pack, twice.serve, 4),
}
INSIDE: Mapping[str, Way] = {
    "slow": Way(agents.pack_slow, agents.serve_mark, 100),  # never served: there is nothing to send
    "bot": Way(bot_turns.pack, bot_turns.serve, 100),
    "summary": Way(summary.pack, summary.serve, 4),
    "draft": Way(drafts.pack, drafts.serve, 10),
    "templates": Way(templates.pack, templates.serve, 10),
}
TO_CUSTOMERS = Way(customer.pack, customer.serve, 200)
