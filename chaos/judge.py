"""The only judge: a pure function over what the far ends saw and what people did. It knows no code and no database.

Two texts are out of order if they were said in that order, the platform handed them over in that order, and they were
shown in the other. Slack promises no order, and tells a thing again when nobody acknowledged it: there, only what the
bridge had acknowledged before the next was typed is in order for certain.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bridge.sandbox.world import Entry
from chaos import reading
from chaos.deeds import Deeds, Said
from chaos.reading import HANDOVER, Card, Text

Visits = Mapping[str, Sequence[Mapping[str, Any]]]  # what each visitor of the web chat was shown, by customer


@dataclass(slots=True)
class Verdict:
    """The counts, and a sentence for each thing that is wrong."""

    lost: int = 0
    twice: int = 0
    disordered: int = 0
    two_winners: int = 0
    bot_after_claim: int = 0
    silent: int = 0
    astray: int = 0
    flagged: int = 0
    notes: list[str] = field(default_factory=list[str])

    def say(self, count: str, what: str, times: int = 1) -> None:
        """Count something that is wrong."""
        setattr(self, count, getattr(self, count) + times)
        self.notes.append(f"{count}: {what}" + (f" ({times} times)" if times > 1 else ""))


@dataclass(frozen=True, slots=True)
class Heard:
    """A text at a customer, and its place: in the history, or in the visitor's stream."""

    place: int
    text: Text


@dataclass
class Case:
    """All of the evidence, in the shape in which it is looked at."""

    history: Sequence[Entry]
    visits: Visits
    deeds: Deeds

    @cached_property
    def heard(self) -> dict[str, list[Heard]]:
        """What each customer was shown, in order."""
        found = {customer: list(_visited(events)) for customer, events in self.visits.items()}
        for entry in self.history:
            customer = self.deeds.chats.get(entry.chat or "")
            if customer and (text := reading.sent(entry)):
                found.setdefault(customer, []).append(Heard(entry.seq, text))
        return found

    @cached_property
    def shown(self) -> dict[str, list[tuple[str, str]]]:
        """Where each line of a customer stands: thread and post, a pair for each time that it stands there."""
        newest: dict[tuple[str, str], Counter[str]] = {}
        for entry in self.history:
            if ids := Counter(reading.lines(entry)):  # a post that was changed: what stood there at most
                place = entry.thread or "", entry.id or ""
                newest[place] = newest.get(place, Counter()) | ids
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for place, ids in newest.items():
            for line in ids.elements():
                found[line].append(place)
        return found

    @cached_property
    def reading_order(self) -> list[str]:
        """The customers' lines as they came to be read, each once."""
        return list(dict.fromkeys(line for entry in self.history for line in reading.lines(entry)))

    @cached_property
    def cards(self) -> list[tuple[int, str, Card]]:
        """Every drawing of a card: its place, whether it was posted or changed, and what it said."""
        return [(entry.seq, entry.kind, card) for entry in self.history if (card := reading.card(entry))]

    @cached_property
    def doubted(self) -> dict[str, int]:
        """The last place at which an agent was told that the text with this id may not have arrived."""
        return {text.id: entry.seq for entry in self.history for text in reading.doubts(entry) if text.id}

    @cached_property
    def in_doubt(self) -> set[str]:
        """The same without the bot's answers that came too late: those were certainly not sent."""
        told = (text for entry in self.history for text in reading.doubts(entry) if text.id)
        return {text.id for text in told if reading.NOT_SENT not in text.words}

    @cached_property
    def doubted_desk(self) -> Counter[tuple[str, str]]:
        """How often it was told of each of the desk's texts, by customer and kind. Transcripts only repeat that."""
        threads = {card.ts: card.customer for _, _, card in self.cards}
        told = ((threads.get(entry.thread or "", ""), reading.notice(entry)) for entry in self.history)
        return Counter((customer, text.speaker) for customer, text in told if text and not text.id)

    @cached_property
    def resent(self) -> dict[str, int]:
        """The last place at which an agent pressed "Send again" for the text with this id."""
        asked = {entry.id: text.id for entry in self.history if (text := reading.notice(entry))}
        return {asked.get(entry.id, ""): entry.seq for entry in self.history if "resend" in _pressed(entry)}

    @cached_property
    def handed_over(self) -> dict[str, tuple[int, int | None]]:
        """When each text was said, or passed on if later than that; and when the bridge had certainly taken it."""
        said, ids, taken = dict[str, int](), dict[str, str](), dict[str, int]()
        for entry in self.history:
            text = reading.text(entry.text) if entry.direction == "in" and entry.text else None
            if entry.kind == "event_taken":
                taken.setdefault(ids.get(entry.id or "", ""), entry.seq)
            elif entry.kind == "passed_late":
                said[ids.get(f"{entry.platform}:{entry.id}", "")] = entry.seq
            elif text and text.id and text.id not in said:
                said[text.id] = entry.seq
                ids[entry.id or ""] = ids[f"{entry.platform}:{entry.id}"] = text.id
        return {it: (place, taken.get(it) if it[0] == "a" else place) for it, place in said.items()}


def judge(history: Sequence[Entry], visits: Visits, deeds: Deeds) -> Verdict:
    """Look at everything."""
    case, verdict = Case(history, visits, deeds), Verdict()
    for said in deeds.said:
        _once_shown(case, said, verdict)
    for customer in deeds.channels:
        _desk(case, customer, verdict)
        _order(case, customer, verdict)
        _who_speaks(case, customer, verdict)
        _strangers(case, customer, verdict)
    _winners(case, verdict)
    verdict.flagged = len(case.in_doubt) + sum(case.doubted_desk.values())
    return verdict


def _once_shown(case: Case, said: Said, verdict: Verdict) -> None:
    """One text came to the other side once; and the bot answered it once."""
    at_customer = Counter(heard.text.speaker for heard in case.heard.get(said.customer, ()) if heard.text.id == said.id)
    if said.by == "customer":
        places = Counter(thread for thread, _ in case.shown.get(said.id, ()))
        _count(verdict, f"{said.id} in the thread", "lost", [*places.values()] or [0], said.shown)
        _count(verdict, f"the answer to {said.id}", _missing(case, said, "silent"), [at_customer["bot"]], said.answered)
    elif said.shown is False and at_customer["agent"]:
        verdict.say("two_winners", f"{said.id} by {said.by}, who does not hold the conversation")
    else:
        _count(verdict, said.id, _missing(case, said, "lost"), [at_customer["agent"]], said.shown)


def _count(verdict: Verdict, what: str, missing: str, times: Iterable[int], wanted: bool | None) -> None:
    for count in times:
        if count > 1:
            verdict.say("twice", what, count - 1)
        elif not count and wanted and missing:
            verdict.say(missing, what)


def _missing(case: Case, said: Said, otherwise: str) -> str:
    """What a missing text counts as: nothing, where an agent was told and did not have it sent again since."""
    told = case.doubted.get(said.id, 0)
    return "" if told > case.resent.get(said.id, 0) else otherwise


def _desk(case: Case, customer: str, verdict: Verdict) -> None:
    """Each handoff has one card, and the desk's texts came once for each thing that happened."""
    numbers, claimed, handed_back = Counter[int](), set[int](), set[int]()
    for _, kind, card in case.cards:
        if card.customer == customer:
            numbers[card.number] += kind == "chat.postMessage"
            claimed |= {card.number} if card.owner else set()
            handed_back |= {card.number} if card.handed_back else set()
    for number, count in numbers.items():
        _count(verdict, f"the card #{number}", "", [count], True)
    heard = Counter(heard.text.speaker for heard in case.heard.get(customer, ()))
    for speaker, due in (("waiting", numbers), ("handover", claimed), ("resumes", handed_back)):
        if more := max(0, heard[speaker] - len(due)):
            verdict.say("twice", f"“{speaker}” to {customer}", more)
        if less := max(0, len(due) - heard[speaker] - case.doubted_desk[customer, speaker]):
            verdict.say("silent", f"“{speaker}” to {customer}", less)


def _order(case: Case, customer: str, verdict: Verdict) -> None:
    """What was said in order is read in order."""
    for by_customer in (True, False):
        said = [it.id for it in case.deeds.said if it.customer == customer and (it.by == "customer") == by_customer]
        at_customer = [heard.text.id for heard in case.heard.get(customer, ()) if heard.text.speaker == "agent"]
        read = case.reading_order if by_customer else at_customer
        for later, earlier in _swapped(case, said, read):
            verdict.say("disordered", f"{later} before {earlier}")


def _swapped(case: Case, said: Sequence[str], read: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Each text that was read before an earlier one, with that one."""
    position = {it: place for place, it in reversed([*enumerate(read)])}
    there = [it for it in said if it in position]
    for index, later in enumerate(there):
        for earlier in there[:index]:
            if position[earlier] > position[later] and _in_order(case.handed_over, earlier, later):
                yield later, earlier
                break


def _in_order(handed_over: Mapping[str, tuple[int, int | None]], earlier: str, later: str) -> bool:
    """Whether the first was certainly the bridge's before the second was handed over. The web says it by itself."""
    if earlier not in handed_over or later not in handed_over:
        return True
    taken, handed = handed_over[earlier][1], handed_over[later][0]
    return taken is not None and taken < handed


def _who_speaks(case: Case, customer: str, verdict: Verdict) -> None:
    """From the handover until the hand back only one person speaks, and the bot does not."""
    owner, since = "", 0
    hand_backs = [place for whose, place in case.deeds.hand_backs if whose == customer]
    web = case.deeds.channels.get(customer) == "web"
    for heard in case.heard.get(customer, ()):
        text = heard.text
        if owner and not web and any(since <= place < heard.place for place in hand_backs):
            owner = ""  # the words that say so may be among those in doubt
        if text.speaker == "handover":
            named = text.words.partition(HANDOVER)[2].strip(". ")
            if owner not in ("", named):
                verdict.say("two_winners", f"{customer} talks to {owner} and to {named}")
            owner, since = named, heard.place
        elif text.speaker == "resumes":
            owner = ""
        elif text.speaker == "bot" and owner:
            verdict.say("bot_after_claim", f"the answer to {text.id}")


def _strangers(case: Case, customer: str, verdict: Verdict) -> None:
    """Nobody is shown what was not meant for them: others' texts, their own again, or what is told to agents."""
    whose = {it.id: it.customer for it in case.deeds.said}
    threads = {card.ts: card.customer for _, _, card in case.cards}
    for heard in case.heard.get(customer, ()):
        text = heard.text
        if text.speaker in ("other", "customer") or (text.id and whose.get(text.id) != customer):
            verdict.say("astray", f"{customer} was shown {text.words[:40]!r}")
    for line, places in case.shown.items():
        for thread, _ in places:
            if whose.get(line) == customer != threads.get(thread, customer):
                verdict.say("astray", f"{line} in the thread of {threads[thread]}")


def _winners(case: Case, verdict: Verdict) -> None:
    """A card never shows two owners."""
    owners: dict[int, set[str]] = defaultdict(set)
    for _, _, card in case.cards:
        owners[card.number] |= {card.owner} if card.owner else set()
    for number, named in owners.items():
        if len(named) > 1:
            verdict.say("two_winners", f"#{number} shows {' and '.join(sorted(named))}")


def _visited(events: Iterable[Mapping[str, Any]]) -> Iterable[Heard]:
    for event in events:
        if event["kind"] == "message" and event["author"]["kind"] != "customer":
            yield Heard(event["seq"], reading.text(event["text"]))


def _pressed(entry: Entry) -> set[str]:
    """The buttons that somebody pressed, if this entry is that."""
    if entry.kind != "block_actions":
        return set()
    return {str(action.get("action_id", "")) for action in entry.raw.get("actions", ())}
