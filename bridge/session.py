"""A transaction with the house around it: what the handlers of events work with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bridge import estimate
from bridge.content import Line
from bridge.conversation import Conversation, Decision, State
from bridge.desk_settings import DeskSettings
from bridge.effects import Summarise, TellAgent
from bridge.hours import Hours
from bridge.letters import carry_out
from bridge.policy import Policy
from bridge.ports import NAMED, Agent, Clock, Form, Listed, NoQueues, NoTeam, Place, Queues, Summary, Team
from bridge.routing import Facts, Route, channel_for
from bridge.scene import Absence, Doorway, Scene
from bridge.store import conversations, duty, lanes, messages, outbox, queue, threads, timeline, waits
from bridge.store.conversations import Contact
from bridge.store.tx import Tx
from bridge.summaries import plain
from bridge.texts import BUILT_IN
from bridge.to_agents import redraw_board, show_form, show_home, whisper
from bridge.triggers import Triggers
from bridge.wording import Variants, Wording


@dataclass(frozen=True, slots=True)
class House:
    """How this desk works: its texts, its triggers, the channels it serves, and where time and keys come from."""

    texts: Mapping[str, str]
    triggers: Triggers
    doorways: Mapping[str, Doorway]
    clock: Clock
    new_key: Callable[[], str]
    has_model: bool = False  # to make better summaries than the offline form
    bots: tuple[str, ...] = ("",)  # by the names in bridge.toml; the first is the default
    policy: Policy = field(default_factory=Policy)
    routes: tuple[Route, ...] = ()
    queues: Queues = field(default_factory=NoQueues)
    in_file: DeskSettings = field(default_factory=DeskSettings)  # what holds where no admin changed it
    names: frozenset[str] = BUILT_IN  # that texts may use
    only_in_file: Mapping[str, str] = field(default_factory=dict[str, str])  # what nobody can change from Slack
    language: str = ""  # of what everybody in the workspace sees
    listed: Listed = field(default_factory=Listed)  # who has which role
    draw: "Draw" = field(default=lambda _session, _agent, name, about: Form(name, name, (), about))
    call: tuple[str, ...] = ()  # who is to hear of it when a customer waits
    team: Team = field(default_factory=NoTeam)
    hours: Hours = field(default_factory=Hours)  # and the time zone in which the desk's days begin
    ask_address: bool = False  # whether customers who find nobody are asked where else they can be reached
    ask_rating: bool = False  # whether customers are asked how it was with a person
    variants: Variants = field(default_factory=dict[tuple[str, ...], Mapping[str, str]])  # of texts, for some customers

    @property
    def wording(self) -> Wording:
        """What it says to whom."""
        return Wording(self.texts, self.variants)

    def with_settings(self, settings: DeskSettings) -> "House":
        """The same house, where these hold."""
        return replace(
            self,
            texts=asdict(settings.texts),
            triggers=settings.triggers,
            policy=settings.policy,
            listed=settings.roles,
            bots=settings.bots or self.bots,
        )

    def bot_of(self, conversation: Conversation) -> str:
        """The name of the one that answers here."""
        return conversation.bot if conversation.bot in self.bots else self.bots[0]

    def doorway(self, channel: str) -> Doorway:
        """What is known of a channel, also of one that is off now."""
        return self.doorways.get(channel) or Doorway.closed(channel)


Draw = Callable[["Session", Agent, str, str], Form]
"""A window for somebody as it is now, by its name and what about. Given from outside: the windows know the desk."""


@dataclass(slots=True)
class Session:
    """One transaction, at one moment."""

    tx: Tx
    house: House
    now: datetime

    @property
    def midnight(self) -> datetime:
        """When the desk's day began."""
        here = self.now.astimezone(self.house.hours.zone)
        return here.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)

    @property
    def late(self) -> datetime | None:
        """Who waits for a person since then or before waits too long; None: nobody ever does."""
        return self.house.policy.late(self.now)

    def decided(
        self,
        before: Conversation,
        contact: Contact,
        decision: Decision,
        *,
        agent: Agent | None = None,
        thread: Place | None = None,
        handoff: int | None = None,
        answer_to: str = "",
        heard: int = 0,
    ) -> Scene:
        """Save what was decided and write its effects down."""
        after, news = decision.conversation, ""
        if decision.why is not None:
            conversations.open_handoff(self.tx, after, decision.why, self.now)
            said = messages.heard(self.tx, after.id, after=conversations.told_upto(self.tx, after.id))
            news = _last_words(said)
            summary = self._summed_up(before, said, silent=not news)  # until a model has a better one
            conversations.set_summary(self.tx, after.handoff or 0, summary)
            words = (decision.why.quote, summary.subject, news)
            self._file(after, contact, words, before.handoff, again=decision.event == "reopened")
        conversations.save(self.tx, before, after, decision.note, decision.outcome)
        if (after.state is State.CLAIMED) != (before.state is State.CLAIMED):
            ahead = (f"customer:{after.id}", f"thread:{after.handoff}")
            lanes.prefer(self.tx, ahead, int(after.state is State.CLAIMED))
        if decision.event:
            who, name = (agent.id, agent.name) if agent else ("", "")
            note = decision.whom or decision.note or (decision.why.reason if decision.why else "")
            timeline.record(self.tx, after.id, handoff or after.handoff, decision.event, who, name, self.now, note)
        scene = self.scene(after, contact, agent=agent, thread=thread, handoff=handoff, answer_to=answer_to)
        scene.heard = heard
        carry_out(scene, decision.effects)
        if news and self.house.has_model:
            carry_out(scene, (Summarise(),))
        return scene

    def _summed_up(self, before: Conversation, said: Sequence[Line], *, silent: bool) -> Summary:
        """Where the customer has said nothing since, it is still about what it was about."""
        former = conversations.handoff(self.tx, before.handoff) if silent and before.handoff is not None else None
        return (former.summary if former else None) or plain.summary(said)

    def _file(
        self, opened: Conversation, contact: Contact, words: tuple[str, ...], former: int | None, *, again: bool
    ) -> None:
        """Which queue channel the handoff belongs to is decided when it is opened. What goes on keeps its labels."""
        earlier = conversations.handoff(self.tx, former) if former is not None else None
        labels = earlier.labels if earlier else ()
        facts = Facts(contact.channel, contact.language, labels, self.house.bot_of(opened), words)
        if route := channel_for(self.house.routes, facts):
            threads.set_route(self.tx, opened.handoff or 0, route)
        if again and labels:
            queue.set_labels(self.tx, opened.handoff or 0, labels)

    def scene(
        self,
        conversation: Conversation,
        contact: Contact,
        *,
        agent: Agent | None = None,
        thread: Place | None = None,
        handoff: int | None = None,
        answer_to: str = "",
    ) -> Scene:
        """Where effects of this conversation are written down."""
        house = self.house
        doorway = house.doorway(contact.channel)
        number = handoff or conversation.handoff
        return Scene(
            self.tx,
            conversation,
            contact,
            doorway,
            house.wording,
            self.now,
            house.new_key,
            handoff=number,
            thread=thread,
            answer_to=answer_to,
            agent=agent,
            recall=house.policy.recall,
            absence=self.absence,
            estimate=self.estimate,
            zone=house.hours.zone,
            ask_address=house.ask_address,
            asks_rating=house.ask_rating,
        )

    def absence(self) -> Absence | None:
        """Whether it is out of hours, or all responders said that they are away; None: somebody may claim."""
        house = self.house
        if not house.hours.open_at(self.now):
            return Absence(house.hours.next_opening(self.now))
        return Absence() if duty.all_away(self.tx, house.team.responders(house.listed)) else None

    def estimate(self, route: str) -> timedelta | None:
        """How long a customer will probably wait in this queue channel, as others lately did at this time of day."""
        lately = waits.opened_lately(self.tx, route, self.now - estimate.DAYS)
        alike = [number for number, at in lately if estimate.same_time_of_day(at, self.now, self.house.hours.zone)]
        return estimate.estimate(waits.waited(self.tx, alike[: estimate.MOST]))

    def whisper(self, effect: TellAgent, thread: Place, answer_to: str) -> None:
        """A private word that belongs to no conversation."""
        whisper(self.tx, effect, thread, answer_to, self.house.new_key(), self.now)

    def form(self, form: str, about: str, agent: Agent, trigger: str, thread: Place, answer_to: str) -> str:
        """A window for one person. Gives its address, under which it can be drawn anew."""
        key = self.house.new_key()
        show_form(self.tx, form, about, agent, trigger, thread, answer_to, key, self.now)
        return f"{NAMED}{key}"

    def draft(self, number: int, hint: str, agent: Agent, window: str) -> None:
        """Have a reply suggested, and shown in that window."""
        payload = {"number": number, "hint": hint, "agent": agent.id, "role": int(agent.role), "window": window}
        payload |= {"language": agent.language}
        outbox.put(self.tx, f"draft:{agent.id}", "draft", payload, self.house.new_key(), self.now)

    def templates(self, number: int, search: str, chosen: str, agent: Agent, window: str) -> None:
        """Have the channel's templates looked up, and shown in that window."""
        payload = {"number": number, "search": search, "chosen": chosen, "role": int(agent.role), "window": window}
        payload |= {"agent": agent.id, "language": agent.language}
        outbox.put(self.tx, f"templates:{agent.id}", "templates", payload, self.house.new_key(), self.now)

    def home(self, agent: Agent) -> None:
        """The app's own page for this person."""
        show_home(self.tx, agent, self.house.new_key(), self.now)

    def board(self) -> None:
        """What waits and who has what, drawn anew."""
        redraw_board(self.tx, self.house.new_key(), self.now)


def _last_words(said: Sequence[Line]) -> str:
    """What the customer said last."""
    return next((line.text for line in reversed(said) if line.author.kind == "customer"), "")
