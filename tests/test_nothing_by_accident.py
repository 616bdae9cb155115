"""Nothing reaches a customer by accident, and nothing is lost: random steps through the real desk, against a model.

The model is told who had which conversation and what somebody did then, and says which words go to which customer
because of it: exactly these must stand in that customer's lane. It knows the promise, and calls no rule of the bridge.
"""

import random
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from bridge import ports
from bridge.desk import Desk
from bridge.ports import Agent, Erased, Place, Pressed, Received, Retyped, Role, Said, Submitted, Typed
from bridge.scene import Doorway
from bridge.session import House
from bridge.store import conversations, messages
from bridge.store.migrate import migrate
from bridge.store.store import Store, open_sqlite
from bridge.store.tx import Tx
from bridge.triggers import Triggers

NOW, NOWHERE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC), Place("C1", "nowhere")
ANA, BEN, CLEA = Agent("U1", "Ana"), Agent("U2", "Ben"), Agent("U3", "Clea", Role.ADMIN)
TEAM = {it.id: it for it in (ANA, BEN, CLEA, Agent("U4", "Vera", Role.VIEWER), Agent("U5", "Gus", Role.OUTSIDER))}
SHAPES: dict[str, tuple[int, tuple[str, ...]]] = {  # how often, and what; {} is a token that stands nowhere else
    "plain": (16, ("{} and so on",)),
    "say": (3, ("!say {}", " !SAY {}", "! say {}", "!say @Ben will call you, {}")),
    "note": (3, ("!note {}", "note: {}", " NOTE : {}", "!Note: {}")),
    "doubt": (
        4,
        ("@Ben can you check {}?", "!hanback {}", "!sy {}", "!note, {}", "> !note {}", "Hi\n!end {}", "/note {}"),
    ),
    "verb": (4, ("!handback {}", "!hand-back {}", "!end {}", "!assign @Ben {}", "!whisper {}", "!held {}", "!help {}")),
}
ORDERS = ("claim",) * 12 + ("handback", "handback_pick", "handback_message", "end", "requeue", "reopen", "takeover")
DELETES = {1: True, 2: False, 3: True}  # whether what is sent to a customer can be taken back; to 1 also changed
Heard = list[tuple[int, str, str]]  # by which conversation's customer, in what kind of letter, which token


def token(text: str) -> str:
    return (re.findall(r"[a-z]+\d+", text) or [text])[0]


@dataclass(frozen=True)
class Chat:  # a conversation in one turn: as long as nobody gets it or loses it
    id: int
    state: str
    owner: str | None
    number: int | None


@dataclass
class Kept:  # what somebody typed: `out` is for the customer, `held` and `note` are not, `back` is no more
    author: str
    number: int
    token: str
    state: str
    place: Place
    changed: str = ""  # a later wording
    deleted: bool = False
    sent: list[str] = field(default_factory=list[str])  # what the customer was told because of it


class Model:
    """Who is heard, by the promise alone."""

    def __init__(self) -> None:
        self.chats, self.of, self.threads = dict[int, Chat](), dict[int, int](), dict[Place, int]()  # what is so now
        self.kept, self.heard, self.keys = dict[Place, Kept](), set[Place](), set[str]()
        self.asked = dict[str, tuple[Place, Chat]]()  # by a button's value: about what, and in which turn
        self.waiting = set[tuple[Place, str]]()  # tokens of which nothing has left yet, and because of which message

    def took(self, received: Received) -> Heard:
        event = received.event if self.keys.isdisjoint(received.keys) else None
        self.keys.update(received.keys)
        if isinstance(event, Typed | Retyped) and event.place not in self.kept:
            return self.typed(event)
        if isinstance(event, Retyped):
            return self.retyped(event, self.kept[event.place])
        if isinstance(event, Erased):
            self.heard.add(event.place)
            return self.erased(self.kept[event.place]) if event.place in self.kept else []
        return self.pressed(event) if isinstance(event, Pressed) else []

    def erased(self, kept: Kept) -> Heard:
        chat, before, kept.deleted = self.current(kept.number), kept.deleted, True
        if before or kept.state != "out":
            kept.state = "note" if kept.state == "held" else kept.state
            return []
        if (kept.place, kept.sent[0]) in self.waiting:  # it never leaves
            kept.state = "back"
            return []
        mine = chat is not None and chat.owner == kept.author and DELETES[chat.id]
        return (
            [(chat.id, "delete", said) for said in kept.sent if (kept.place, said) not in self.waiting]
            if chat and mine
            else []
        )

    def is_corrected(self, place: Place) -> bool:
        return place in self.kept and len(self.kept[place].sent) > 1

    def current(self, number: int) -> Chat | None:
        chat = self.chats[self.of[number]]
        return chat if chat.number == number else None

    def typed(self, event: Typed | Retyped) -> Heard:
        agent, number, said = event.agent, self.threads.get(event.thread), token(event.text)
        if number is None or event.place in self.heard:
            return []
        self.heard.add(event.place)
        chat, shape, may = self.current(number), said.rstrip("0123456789"), agent.role >= Role.RESPONDER
        if shape == "verb":
            state = "note" if "!whisper" in event.text and may and chat and chat.owner not in (None, agent.id) else ""
        elif shape == "note" or agent.role is Role.OUTSIDER or not chat or chat.state in ("bot", "ended"):
            state = "note"
        elif chat.owner != agent.id:
            state = "held"
        else:  # an owner whose role was taken from them is not heard either
            state = "" if not may else "out" if shape in ("plain", "say") else "held"
        if state:
            sent = [said] if state == "out" else []
            self.kept[event.place] = Kept(agent.id, number, said, state, event.place, sent=sent)
        return [(self.of[number], "part", said)] if state == "out" else []

    def retyped(self, edit: Retyped, kept: Kept) -> Heard:
        said, chat, may = token(edit.text), self.current(kept.number), edit.agent.role >= Role.RESPONDER
        shape = said.rstrip("0123456789")
        if (
            kept.author != edit.agent.id
            or kept.deleted
            or (kept.state != "note" and shape in ("plain", "say") and said == (kept.changed or kept.token))
        ):
            return []
        if kept.state != "out":
            asked = kept.state == "held" or (may and chat is not None and chat.owner == edit.agent.id)
            kept.token, kept.state = said, "held" if asked and shape in ("plain", "say", "doubt") else "note"
        elif not (chat and chat.owner == edit.agent.id and may):
            return []
        elif (kept.place, kept.sent[0]) in self.waiting:  # the customer is not told what it was
            kept.token, meant = said, shape in ("plain", "say")
            kept.sent, kept.state = [said] * meant, "out" if meant else "held" if shape == "doubt" else "note"
            return [(chat.id, "part", said)] if meant else []
        elif shape in ("plain", "say"):
            kept.changed = said if chat.id == 1 or said != kept.token else ""
            return [(1, "change", said)] if chat.id == 1 else []
        return []

    def pressed(self, press: Pressed) -> Heard:
        place, turn = self.asked.get(press.value, (press.place, None))
        kept, action, who = self.kept.get(place), press.action, press.agent.id
        if kept is None or kept.deleted:
            return []
        chat, mine, said = self.current(kept.number), kept.author == who, kept.token
        if action == "held_note" and mine and kept.state == "held":
            kept.state = "note"
        asked = action == "held_send" and mine and kept.state == "held" and chat is turn
        if chat is None or press.agent.role < Role.RESPONDER:
            return []
        if action == "correct" and mine and chat.owner == who and kept.changed:
            kept.token = said = kept.changed  # the customer has this now: also the first wording would be a change
            kept.changed = ""
        elif asked or (action == "send_message" and chat.owner == who and kept.state != "out"):
            kept.state = "out"
        else:
            return []
        kept.sent.append(said)
        return [(chat.id, "part", said)]


def rightly(event: object, named: int | None, before: Chat, after: Chat) -> bool:
    """Nobody gets or loses a conversation but by what they themselves, its owner or an admin did, about this turn."""
    agent, action = getattr(event, "agent", TEAM["U5"]), getattr(event, "action", "")
    taken = after.owner == agent.id and (before.owner is None or action in ("held_send", "held_take"))
    given = before.owner == agent.id or agent.role is Role.ADMIN
    may = min(agent.role, TEAM[after.owner or agent.id].role) >= Role.RESPONDER and named in (None, before.number)
    return before.owner == after.owner or (may and (taken or given))


class Street:
    """Three customers, five people, the desk between them, and chance."""

    def __init__(self, seed: int, store: Store, view: Tx) -> None:
        can = {
            it: ports.Capabilities(edit="out" if it == "1" else "", delete="out" if DELETES[int(it)] else "")
            for it in "123"
        }
        doorways = {it: replace(Doorway.closed(it), can=can[it]) for it in can}
        self.store, self.view, self.model, self.chance = store, view, Model(), random.Random(seed)
        self.key = lambda: str(self.chance.getrandbits(60))
        self.desk = Desk(store, House({"back": "Back to the bot"}, Triggers(), doorways, lambda: NOW, self.key))
        self.typed, self.past, self.asked = [Typed(ANA, NOWHERE, NOWHERE, "note0")], list[Received](), list[Pressed]()
        self.letters = set[str]()
        self.last, self.seen, self.late = 0, set[str](), [Received((f"{n}",), Erased(NOWHERE), b"") for n in range(5)]

    async def step(self, received: Received) -> None:
        event, desk, model, before, these = received.event, self.desk, self.model, self.model.chats, [received]
        number, new = re.search(r"\b1\d{3}\b", str(event)), model.keys.isdisjoint(received.keys)
        named = int(number[0]) if number else model.threads.get(getattr(event, "thread", None) or NOWHERE)
        expected, self.past = model.took(received), [*self.past[-50:], received]
        await (desk.customers_did(event.chat, these) if isinstance(event, Said) else desk.agents_did(these))
        if self.chance.random() < (0.5 if len(model.threads) < len(model.of) else 0.05):
            await self.store.write(self.delivered)
        assert self.look() == expected, [it.event for it in self.past[-8:]]
        assert all(rightly(new and event, named, it, model.chats[it.id]) for it in before.values()), (before, event)
        self.seen.update(f"{event.action if isinstance(event, Pressed) else ''} {kind}" for _, kind, _ in expected)

    def look(self) -> Heard:
        """What was put into the customers' lanes. Beside it: who has what now, and what people are asked."""
        heard, model = Heard(), self.model
        for row in self.view.all("SELECT id, state, owner_id, handoff FROM conversation"):
            if (now := Chat(*row)) != model.chats.get(now.id):
                model.chats = {**model.chats, now.id: now}
        handoffs = self.view.all("SELECT number, conversation_id, thread_channel, thread_ts FROM handoff")
        model.of = {it[0]: it[1] for it in handoffs}
        model.threads = {Place(it[2], it[3]): it[0] for it in handoffs if it[3]}
        for row in self.view.all("SELECT id, lane, kind, payload, key FROM outbox WHERE id > ? ORDER BY id", self.last):
            self.last, payload, again = row[0], orjson.loads(row[3]), row[4] in self.letters
            self.letters.add(row[4])
            if again:  # it stood behind another, and only went to the end
                continue
            if row[2] in ("part", "change", "delete"):
                said = payload.get("text") or messages.source_of(self.view, payload["message"])[2]
                heard.append((int(row[1].removeprefix("customer:")), row[2], token(said)))
            for choice in payload["choices"] if row[2] == "tell" else ():
                action, value = choice["action"], choice["value"]
                self.asked.append(Pressed(TEAM[payload["agent_id"]], action, value, NOWHERE, None, "answer"))
                if action != "handback_pick" and (kept := messages.kept(self.view, int(value.partition(":")[0]))):
                    model.asked[value] = kept.source, model.chats[model.of[kept.handoff]]
        waiting = [orjson.loads(it[0]) for it in self.view.all("SELECT payload FROM outbox WHERE kind = 'part'")]
        model.waiting = {(self.cause(it["message"]), token(it["text"])) for it in waiting}
        return heard

    def cause(self, message: int) -> Place:
        """Where it was typed, or what it corrects was."""
        row = self.view.one("SELECT corrects, source_channel, source_ts FROM message WHERE id = ?", message)
        return self.cause(row[0]) if row and row[0] else Place(row[1], row[2]) if row and row[1] else NOWHERE

    def delivered(self, tx: Tx) -> None:
        for row in tx.all("SELECT number FROM handoff WHERE thread_ts IS NULL"):
            conversations.set_thread(tx, row[0], Place("C1", f"card{self.key()}"))
        tx.run("DELETE FROM outbox WHERE id <= ? AND kind = 'part' AND ? < 0.7", self.last, self.chance.random())
        tx.run("DELETE FROM outbox WHERE id <= ? AND ? < 0.3", self.last, self.chance.random())
        waits = "SELECT 1 FROM outbox WHERE kind = 'part' AND json_extract(payload, '$.message') = message.id"
        tx.run(f"UPDATE message SET state = 'sent' WHERE state = 'pending' AND NOT EXISTS ({waits})")

    def next(self) -> Received:
        """Mostly something new. But events also come twice, late, or once more under another name."""
        luck, key, old = self.chance.random(), self.key(), self.chance.choice(self.past)
        if luck < 0.08:
            return replace(old, keys=(old.keys[0], key) if luck < 0.04 else (key,))
        self.late.append(Received((key, f"also-{key}"), self.event(key), b""))
        return self.late.pop(-1 if luck < 0.85 else self.chance.randrange(len(self.late)))

    def words(self, agent: Agent, place: Place, thread: Place) -> Typed:
        shape = self.chance.choices(list(SHAPES), [often for often, _ in SHAPES.values()])[0]
        text = self.chance.choice(SHAPES[shape][1]).format(f"{shape}{self.key()}")
        return Typed(agent, place, thread, text, ("@Ben",) * ("@Ben" in text), "", (BEN,) * ("@Ben" in text))

    def event(self, key: str) -> ports.CustomerEvent | ports.WorkspaceEvent:
        chance, luck, people = self.chance, self.chance.random(), (*TEAM.values(), ANA, BEN)
        chat, last = chance.choice(list(self.model.chats.values())), chance.choice(self.typed[-12:])
        out = {place for place, kept in self.model.kept.items() if kept.state == "out"}
        mine = chance.choice([it for it in self.typed[-20:] if it.place in out and luck > 0.5] or [last])
        corrected = chance.choice([it for it in self.typed[-20:] if self.model.is_corrected(it.place)] or [mine])
        agent = TEAM[chat.owner] if chat.owner and chance.random() < 0.7 else chance.choice(people)
        agent = replace(agent, role=min(agent.role, chance.choice(list(Role)))) if chance.random() < 0.04 else agent
        number = chat.number if chat.number and chance.random() < 0.9 else chance.choice([*self.model.of, 7])
        thread = next((it for it, its in self.model.threads.items() if its == number), last.thread)
        new = mine if luck < 0.2 and "plain" in mine.text else self.words(agent, mine.place, mine.thread)
        typed = self.words(agent, Place("C1", key), last.thread if luck < 0.1 else thread)
        press = chance.choice(self.asked[-8:] or [Pressed(ANA, "", "", thread, None, "")])
        by, action = agent if chance.random() < 0.1 else TEAM[mine.agent.id], chance.choice(ORDERS)
        value = {"takeover": str(chat.id), "handback_message": ""}.get(action, str(number))
        did: list[tuple[int, ports.CustomerEvent | ports.WorkspaceEvent]] = [
            (16, Said(str(chat.id), "Maria", key, f"{'Human please.' if luck < 0.8 else 'And so on'} said{key}", NOW)),
            (3, Said(str(chat.id), "Maria", key, "Back to the bot", NOW)),
            (36, typed),
            (24, Retyped(by, mine.place, mine.thread, new.text, new.mentions)),
            (4, Erased((corrected if luck < 0.3 else mine).place if luck < 0.9 else thread)),
            (16, Pressed(agent, "send_message", "", last.place, last.thread, "answer")),
            (18, press if luck < 0.9 else replace(press, agent=agent)),
            (22, Pressed(agent, action, value, thread, None if action == "takeover" else thread, "answer")),
            (4, Submitted(agent, "assign", str(number), {}, {"to": chance.choice(people)}, "answer")),
            (4, ports.Commanded(agent, "handback", f"#{number} verb{key}" if luck < 0.8 else "", "C1", "answer")),
        ]
        event = chance.choices([it for _, it in did], [often for often, _ in did])[0]
        self.typed += [typed] if event is typed else []
        return event


@pytest.mark.parametrize("seed", range(10))
async def test_customers_hear_what_was_meant_for_them_and_nothing_else(seed: int, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'bridge.db'}", migrate)
    street = Street(seed, store, view := Tx(open_sqlite(tmp_path / "bridge.db")))
    for chat in "123":
        await street.step(Received((f"hello{chat}",), Said(chat, "Maria", chat, "Hello", NOW), b""))
    for _ in range(2_050):
        await street.step(street.next())
    # it was no quiet street
    assert street.seen >= {" part", " change", " delete", "held_send part", "send_message part"}
    assert view.all("SELECT failed FROM inbox WHERE failed <> ''") == []
    view.close()
    store.close()
