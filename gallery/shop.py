"""A desk in memory, at an hour that never changes: the real rules and the real SQL, and nothing is sent.

What it would have sent lies in the outbox, and is read from there.
"""

import json
import sqlite3
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from bridge import agent_events, customer_events
from bridge.conversation import bot_answers
from bridge.courier.agents import _whisper
from bridge.courier.card import card_of
from bridge.courier.thread import _written
from bridge.customer_channels.telegram.channel import Telegram
from bridge.customer_channels.web.channel import Web
from bridge.customer_channels.whatsapp.channel import WhatsApp
from bridge.i18n import unpacked
from bridge.ports import (
    Agent,
    Answer,
    Card,
    Commanded,
    Corrected,
    Erased,
    Form,
    NoTeam,
    Notice,
    Place,
    Post,
    Pressed,
    Reachable,
    Retyped,
    Role,
    Said,
    Submitted,
    Typed,
    Whisper,
    Withdrawn,
)
from bridge.receipts import failed, in_doubt, stays
from bridge.scene import Doorway
from bridge.session import House, Session
from bridge.store import conversations, duty, messages, outbox, queue
from bridge.store.migrate import SCHEMA
from bridge.store.tx import Tx
from bridge.templates import Template
from bridge.texts import Texts
from bridge.triggers import Triggers
from bridge.windows import WINDOWS

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
QUEUE = "C0SUPPORT"
ANA, BEN = Agent("U0ANA", "Ana"), Agent("U0BEN", "Ben")
CLEA = Agent("U0CLEA", "Clea", Role.ADMIN)
VERA, GUS = Agent("U0VERA", "Vera", Role.VIEWER), Agent("U0GUS", "Gus", Role.OUTSIDER)
PARCEL = Template("parcel_found", "en", "Hello {{1}}, we have news about your parcel {{2}}. Shall we write to you?")
ASKS = "I want to talk to a human"
DOORWAYS = {it.name: Doorway(it.name, it.label, it.can, it.limit) for it in (Telegram, Web, WhatsApp)}
DOORWAYS["whatsapp"] = replace(DOORWAYS["whatsapp"], can=replace(WhatsApp.can, templates=True))


def link(place: Place) -> str:
    """Where a thread can be read."""
    return f"https://sandbox.slack.com/archives/{place.channel}/p{place.ts.replace('.', '')}"


class Shop:
    """The desk of Moss & Kettle, in memory."""

    def __init__(self) -> None:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
        self._numbers = count(1)
        team = NoTeam([(agent.id, agent.name) for agent in (ANA, BEN, CLEA, VERA, GUS)])
        house = House(
            asdict(Texts()), Triggers(), DOORWAYS, lambda: NOW, lambda: f"key-{next(self._numbers)}", team=team
        )
        self.session = Session(Tx(connection), house, NOW)
        self.tx = self.session.tx

    # -------------------------------------------------------------------------------------------------- what happens

    def later(self, minutes: float) -> "Shop":
        """Time goes by."""
        self.session.now += timedelta(minutes=minutes)
        return self

    def says(self, name: str, text: str, channel: str = "telegram", verified: str = "") -> str:
        """A customer writes; gives the message's id."""
        said = Said(name, name, f"m{next(self._numbers)}", text, self.session.now, verified=verified)
        customer_events.handle(self.session, channel, said)
        return said.id

    def customer(self, event: Corrected | Withdrawn | Reachable, channel: str = "telegram") -> None:
        """A customer does something else."""
        customer_events.handle(self.session, channel, event)

    def bot_says(self, number: int, text: str, epoch: int | None = None) -> None:
        """The bot answers, under the epoch that holds or another."""
        before, contact = self._conversation(number)
        asked = before.epoch if epoch is None else epoch
        self.session.decided(before, contact, bot_answers(before, asked, "Shop bot", Answer(text), None, 0, NOW))

    def bot_says_first(self, name: str, text: str, channel: str = "telegram") -> None:
        """The bot answers a customer whom no person has talked to."""
        found = conversations.known(self.tx, channel, name)
        assert found is not None
        self.session.decided(*found, bot_answers(found[0], found[0].epoch, "Shop bot", Answer(text), None, 0, NOW))

    def away(self, agent_id: str, name: str) -> None:
        """Somebody says that they are away."""
        duty.set_away(self.tx, Agent(agent_id, name), True, self.session.now)

    def waits(self, name: str = "Maria", text: str = ASKS, channel: str = "telegram", where: str = QUEUE) -> int:
        """A customer asks for a person; gives the number of the handoff, whose card stands in the queue channel."""
        number = conversations.next_number(self.tx)
        self.says(name, text, channel)
        conversations.set_thread(self.tx, number, replace(self.thread(number), channel=where))
        return number

    def claimed(self, name: str = "Maria", channel: str = "telegram", by: Agent = ANA, where: str = QUEUE) -> int:
        """A customer who talks to an agent."""
        number = self.waits(name, channel=channel, where=where)
        self.presses(by, "claim", number)
        return number

    def types(self, agent: Agent, number: int, text: str, *mentions: str, file: str = "", named: Agent = BEN) -> Place:
        """Somebody writes in the thread."""
        place = Place(QUEUE, f"9.{next(self._numbers):06}")
        people = (named,) if mentions else ()
        self._happens(Typed(agent, place, self.thread(number), text, mentions, file, people))
        return place

    def edits(self, agent: Agent, number: int, place: Place, text: str, *mentions: str) -> None:
        """Somebody changes what they wrote."""
        self._happens(Retyped(agent, place, self.thread(number), text, mentions))

    def deletes(self, place: Place) -> None:
        """Somebody deletes what they wrote."""
        self._happens(Erased(place))

    def presses(self, agent: Agent, action: str, number: int) -> None:
        """Somebody presses a button of a card."""
        self._happens(Pressed(agent, action, str(number), self.thread(number), self.thread(number), ""))

    def adjusts(self, **choices: object) -> "Shop":
        """The desk is another one: its policy, its bots."""
        self.session.house = replace(self.session.house, **choices)  # pyright: ignore[reportArgumentType]
        return self

    def takes_over(self, agent: Agent, name: str, channel: str = "telegram") -> None:
        """Somebody takes a conversation from the bot, in the window that lists them."""
        found = conversations.known(self.tx, channel, name)
        assert found is not None
        window = Place("", "")
        self._happens(Pressed(agent, "takeover", str(found[0].id), window, None, "view:V1", "trigger", "takeover"))

    def presses_below(self, agent: Agent, number: int, action: str) -> None:
        """Somebody presses a button of the newest post in a thread."""
        post = self.posted(number)
        assert isinstance(post, Notice)
        chosen = next(choice for choice in post.choices if choice.action == action)
        self._happens(Pressed(agent, action, chosen.value, self.thread(number), self.thread(number), "https://there"))

    def answers(self, agent: Agent, number: int, action: str) -> None:
        """Somebody answers the question that they were asked last."""
        chosen = next(choice for choice in self.told().choices if choice.action == action)
        self._happens(Pressed(agent, action, chosen.value, self.thread(number), self.thread(number), "https://there"))

    def chooses(self, agent: Agent, action: str, value: str, form: str, about: str) -> None:
        """Somebody presses something in a window."""
        nowhere = Place("", "")
        self._happens(Pressed(agent, action, value, nowhere, None, "view:V1", "", form, about))

    def commands(self, agent: Agent, verb: str, text: str = "") -> None:
        """Somebody uses a slash command."""
        self._happens(Commanded(agent, verb, text, QUEUE, "https://there", "trigger"))

    def submits(self, agent: Agent, form: str, about: str, person: Agent, **values: str) -> str:
        """Somebody sends a window off; gives what it shows then."""
        sent = Submitted(agent, form, about, values, {"to": person}, "view:V1")
        return agent_events.handle(self.session, "workspace", sent).told

    def sets(self, agent: Agent, section: str, version: int, **values: str) -> None:
        """An admin changes a section of the settings of which they saw this version."""
        self._happens(Submitted(agent, section, f"v{version}", values, {}, "view:V1"))

    def unsets(self, agent: Agent, section: str, version: int) -> None:
        """An admin goes back to what bridge.toml says."""
        window = Place("", "")
        self._happens(Pressed(agent, "in_file", f"{section} v{version}", window, None, "view:V1", "", "settings"))

    def arrives(self, number: int, place: Place) -> None:
        """A reply is with the customer."""
        message = self._message(place)
        for letter in outbox.letters(self.tx, f"customer:{self._conversation(number)[0].id}"):
            outbox.settle(self.tx, letter)
            messages.delivered(self.tx, letter.key, letter.payload["message"], "1", "delivered")
        messages.set_state(self.tx, message, "sent", ("pending",))

    def stays(self, place: Place, reason: str) -> None:
        """A reply that was deleted cannot be taken back."""
        stays(self.session, self._message(place), reason)

    def fails(self, place: Place, reason: str) -> None:
        """A reply certainly did not reach the customer."""
        failed(self.session, self._message(place), reason)

    def doubts(self, number: int, place: Place) -> None:
        """Nobody can know whether a reply reached the customer."""
        letter = outbox.letters(self.tx, f"customer:{self._conversation(number)[0].id}")[-1]
        in_doubt(self.session, [self._message(place)], letter.key, question=True)
        outbox.mark_uncertain(self.tx, letter.id)

    def files(self, number: int, *labels: str) -> None:
        """Labels on a handoff, however many."""
        queue.set_labels(self.tx, number, labels)

    # ------------------------------------------------------------------------------------------------- what is shown

    def thread(self, number: int) -> Place:
        """Where the card stands."""
        return Place(QUEUE, f"{number}.000000")

    def card(self, number: int) -> Card:
        """The card as it is now."""
        return card_of(self.session, number)[0]

    def told(self) -> Whisper:
        """The newest private word."""
        return _whisper(self._newest("kind = 'tell'"))

    def told_directly(self) -> str:
        """What one person, or a whole channel, is told last."""
        return unpacked(self._newest("kind = 'direct'")["text"])

    def posted(self, number: int) -> Post:
        """The newest post in a thread."""
        lane = f"thread:{number}"
        letters = [it for it in outbox.letters(self.tx, lane, 1000) if it.kind != "open"]
        before, contact = self._conversation(number)
        post = _written(self.session, before.id, self.session.house.doorway(contact.channel).label, letters[-1:])
        assert post is not None
        return post

    def window(self, name: str, agent: Agent = ANA, about: object = "") -> Form:
        """A window as it is now."""
        return WINDOWS[name](self.session, agent, str(about))

    # ------------------------------------------------------------------------------------------------------ inside

    def _happens(self, event: Typed | Retyped | Erased | Pressed | Commanded | Submitted) -> None:
        agent_events.handle(self.session, "workspace", event)

    def _newest(self, which: str) -> dict[str, object]:
        row = self.tx.one(f"SELECT payload FROM outbox WHERE {which} ORDER BY id DESC LIMIT 1")  # noqa: S608
        assert row is not None
        return json.loads(row[0])

    def _conversation(self, number: int) -> tuple[conversations.Conversation, conversations.Contact]:
        handoff = conversations.handoff(self.tx, number)
        assert handoff is not None
        return conversations.by_id(self.tx, handoff.conversation)

    def _message(self, place: Place) -> int:
        kept = messages.kept_at(self.tx, place)
        assert kept is not None
        return kept.id
