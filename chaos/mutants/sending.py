"""Broken on the way out: sent again blindly, not sent again at all, or not told when it failed."""

from collections.abc import Sequence
from typing import Any

from bridge import questions, receipts
from bridge.content import Part, Presence
from bridge.courier import customer, doubt, thread
from bridge.courier.trip import Kitbag, Trip
from bridge.customer_channels.telegram import Telegram
from bridge.customer_channels.whatsapp import WhatsApp
from bridge.errors import TryLater, Uncertain
from bridge.ports import CustomerChannel, Place
from bridge.receipts import leave_open
from bridge.session import Session
from bridge.store import lanes, messages, outbox
from bridge.store.outbox import Letter
from bridge.store.tx import Tx
from bridge.team_workspace.web_api import WebApi
from chaos.mutants.breaking import mutant, swap


def _blind(channel: type[Telegram] | type[WhatsApp]) -> None:
    """What got no answer is sent again at once."""

    def send_of(send: Any) -> Any:
        async def send_again(self: CustomerChannel, chat: str, part: Part | Presence, key: str) -> str:
            try:
                return await send(self, chat, part, key)
            except Uncertain:
                return await send(self, chat, part, key)

        return send_again

    swap(channel, "send", send_of)


@mutant("unanswered", "twice")
def slack_posted_blindly() -> None:
    """A Slack post that got no answer is made again at once."""

    def call_of(call: Any) -> Any:
        async def call_twice(
            self: WebApi, method: str, arguments: Any, *, repeatable: bool, fine: Any = (), token: str = ""
        ) -> Any:
            try:
                return await call(self, method, arguments, repeatable=repeatable, fine=fine, token=token)
            except Uncertain:
                return await call(self, method, arguments, repeatable=repeatable, fine=fine, token=token)

        return call_twice

    swap(WebApi, "call", call_of)


@mutant("unanswered", "lost", "silent")
def slack_taken_for_sent() -> None:
    """A Slack post that got no answer is taken for sent."""

    def once_of(once: Any) -> Any:
        async def once_and_never_again(bag: Kitbag, trip: Trip) -> Place:
            try:
                return await once(bag, trip)
            except Uncertain:
                if trip.first.kind == "open":
                    raise
                return Place("", "")

        return once_and_never_again

    swap(thread, "_once", once_of)


@mutant("unanswered", "twice")
def slack_not_looked_up() -> None:
    """A Slack post in doubt is made again without a look-up."""

    def look_up_of(_: Any) -> Any:
        async def look_nowhere(bag: Kitbag, trip: Trip) -> Place | None:
            return None

        return look_nowhere

    swap(thread, "_look_up", look_up_of)


@mutant("unanswered", "lost", "silent")
def doubt_untold() -> None:
    """What may not have reached a customer is told to nobody."""

    def ask_of(_: Any) -> Any:
        def leave_it(session: Session, trip: Trip) -> None:
            leave_open(session, trip.first)
            lanes.finish(session.tx, trip.lane, outbox.drop(session.tx, trip.ids))

        return leave_it

    swap(doubt, "_ask", ask_of)


@mutant("refused", "lost", "silent")
def refusal_is_the_end() -> None:
    """A 429 or a 500 is taken for the end of it, and nobody is told."""

    def put_off_of(_: Any) -> Any:
        async def give_up(self: Kitbag, trip: Trip, error: TryLater, *, pause: bool = False) -> None:
            await self.done(trip)

        return give_up

    swap(Kitbag, "put_off", put_off_of)


@mutant("unreachable", "lost", "silent")
def failure_untold() -> None:
    """A permanent failure is not told in the thread."""

    def failed_of(_: Any) -> Any:
        def be_silent(session: Session, message: int, reason: str, *, shut: bool = False) -> None:
            messages.set_state(session.tx, message, "failed")

        return be_silent

    for module in (customer, receipts):
        swap(module, "failed", failed_of)


@mutant("unreachable", "twice")
def sent_at_each_click() -> None:
    """“Send again” sends once for each click."""

    class Careless:
        def __init__(self, messages: Any) -> None:
            self._messages = messages

        def __getattr__(self, name: str) -> Any:
            return getattr(self._messages, name)

        def set_state(self, tx: Tx, message: int, state: str, only_from: Sequence[str] = ()) -> bool:
            self._messages.set_state(tx, message, state, only_from)
            return True

    swap(questions, "messages", Careless)


@mutant("hurried", "lost", "silent")
def to_the_newest() -> None:
    """What is meant for a customer goes to whoever came last."""

    def letters_of(to_customer: Any) -> Any:
        def to_the_newest(tx: Tx, lane: str, conversation: int, most: int) -> tuple[str, int, list[Letter]]:
            newest = tx.one(
                """SELECT chat FROM conversation WHERE channel = (SELECT channel FROM conversation WHERE id = ?)
                   ORDER BY id DESC LIMIT 1""",
                conversation,
            )
            assert newest
            return newest[0], *to_customer(tx, lane, conversation, most)[1:]

        return to_the_newest

    swap(outbox, "to_customer", letters_of)


@mutant("unanswered", "twice")
def telegram_sent_blindly() -> None:
    """A Telegram message that got no answer is sent again."""
    _blind(Telegram)


@mutant("unanswered", "twice")
def whatsapp_sent_blindly() -> None:
    """A WhatsApp message that got no answer is sent again."""
    _blind(WhatsApp)
