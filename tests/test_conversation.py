"""Who may speak: what the table of LIFE does not show, and random lives in which the promises always hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bridge.assigning import assign, put_back
from bridge.audience import agent_says
from bridge.changing import Reach, agent_changes, agent_deletes, correct
from bridge.content import Author, Line
from bridge.conversation import (
    Conversation,
    Decision,
    State,
    Why,
    bot_answers,
    claim,
    customer_says,
    end,
    escalate,
    hand_back,
    take_over,
)
from bridge.effects import (
    AskBot,
    Change,
    Delete,
    Effect,
    KeepDeleted,
    KeepMessage,
    OpenThread,
    PostNotice,
    Say,
    SendHeld,
    Settle,
    TellCustomer,
)
from bridge.errors import Refused
from bridge.held import Kept, decide
from bridge.ports import Agent, Answer, Place, Retyped, Role, Typed

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ANA, BEN, CLEA = Agent("U0ANA", "Ana"), Agent("U0BEN", "Ben"), Agent("U0CLEA", "Clea", Role.ADMIN)
VERA, GUS = Agent("U0VERA", "Vera", Role.VIEWER), Agent("U0GUS", "Gus", Role.OUTSIDER)
EVERYBODY = (ANA, BEN, CLEA, VERA, GUS)
MARIA = Author("customer", "Maria")
WHY = Why("Asked for a person.", "a human please")
BEGUN = Conversation(7, State.BOT, 0, NOW)


def queued(**more: Any) -> Conversation:
    return replace(escalate(BEGUN, WHY, 1001, NOW).conversation, **more)


def owned_by(agent: Agent) -> Conversation:
    return claim(queued(), agent, NOW).conversation


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return str(refused.value)


# ------------------------------------------------------------------------------------------------------ a human comes


def test_escalating_keeps_the_reason_the_quote_and_the_stage() -> None:
    decision = escalate(replace(BEGUN, stage="size", unsure=1), WHY, 1001, NOW)
    assert (decision.event, decision.why) == ("escalated", WHY)
    assert (decision.conversation.handoff, decision.conversation.kept_stage) == (1001, "size")
    assert decision.conversation.unsure == 0


def test_the_second_to_claim_is_told_who_has_it_and_since_when() -> None:
    told = refusal(lambda: claim(owned_by(ANA), BEN, NOW + timedelta(minutes=3)))
    assert told == f"Ana has had this conversation since <time {int(NOW.timestamp())}>."


def test_claiming_twice_changes_nothing() -> None:
    before = owned_by(ANA)
    assert claim(before, ANA, NOW + timedelta(hours=1)).conversation is before


@pytest.mark.parametrize(("who", "sentence"), [(VERA, "Your role lets you watch."), (GUS, "Only members of this")])
@pytest.mark.parametrize("act", [claim, take_over, lambda it, agent, now: hand_back(it, agent, "", now), end])
def test_those_who_may_not_answer_are_told_so(
    act: Callable[[Conversation, Agent, datetime], Decision], who: Agent, sentence: str
) -> None:
    for conversation in (queued(), owned_by(ANA)):
        assert refusal(lambda it=conversation: act(it, who, NOW)).startswith(sentence)


def test_taking_over_tells_the_thread_from_whom() -> None:
    decision = take_over(owned_by(ANA), BEN, NOW)
    assert decision.conversation.owner == BEN
    assert PostNotice("Ben took over from Ana.", pings=("U0ANA",)) in decision.effects


def test_an_answer_that_calls_a_human_is_said_before_the_human_is_called() -> None:
    answer = Answer("I will fetch somebody.", "asked", {"order": "1234"}, human="The flow asks for a person.")
    decision = bot_answers(BEGUN, 0, "Shop", answer, WHY, 1001, NOW)
    assert decision.effects == (
        Say(Author("bot", "Shop"), answer.text),
        TellCustomer("waiting"),
        OpenThread(),
    )
    assert (decision.conversation.kept_stage, decision.conversation.answers) == ("asked", {"order": "1234"})


def test_the_bot_is_counted_unsure_only_in_a_row() -> None:
    unsure, sure = Answer("Hm?", unsure=True), Answer("Two days.")
    once = bot_answers(BEGUN, 0, "Shop", unsure, None, 0, NOW).conversation
    twice = bot_answers(once, 0, "Shop", unsure, None, 0, NOW).conversation
    assert (once.unsure, twice.unsure) == (1, 2)
    assert bot_answers(twice, 0, "Shop", sure, None, 0, NOW).conversation.unsure == 0


def test_a_bot_that_says_nothing_sends_nothing() -> None:
    assert bot_answers(BEGUN, 0, "Shop", Answer("  \n"), None, 0, NOW).effects == ()


def test_a_late_answer_is_offered_to_the_agent_and_moves_no_stage() -> None:
    before = owned_by(ANA)
    decision = bot_answers(before, 0, "Shop", Answer("Two days.", "next", unsure=True), None, 0, NOW)
    assert decision.conversation is before
    (notice,) = decision.effects
    assert isinstance(notice, PostNotice)
    assert notice.quote == "Two days."
    assert "not* sent" in notice.text


# ------------------------------------------------------------------------------------------------------ a human leaves


def test_handing_back_restores_the_stage_and_briefs_the_bot() -> None:
    before = claim(escalate(replace(BEGUN, stage="size"), WHY, 1001, NOW).conversation, ANA, NOW).conversation
    assert before.stage == ""
    decision = hand_back(before, ANA, "promised a refund", NOW)
    after = decision.conversation
    assert (after.stage, after.kept_stage, after.brief) == ("size", "", "promised a refund")
    assert (decision.event, decision.note) == ("released", "promised a refund")
    assert PostNotice("Ana handed back to the bot.", quote="promised a refund") in decision.effects


def test_an_admin_may_hand_back_and_the_thread_hears_who_did() -> None:
    said = PostNotice("Clea handed back to the bot.", pings=(ANA.id,))
    assert said in hand_back(owned_by(ANA), CLEA, "", NOW).effects


@pytest.mark.parametrize("agent", [ANA, CLEA])
def test_who_loses_a_conversation_to_somebody_is_called(agent: Agent) -> None:
    before = owned_by(ANA)
    decisions = [
        hand_back(before, agent, "", NOW), end(before, agent, NOW),
        put_back(before, agent, NOW), assign(before, agent, BEN, NOW),
    ]  # fmt: skip
    called = [it.pings for decision in decisions for it in decision.effects if isinstance(it, PostNotice)]
    assert [ANA.id in pings for pings in called] == [agent is CLEA] * 4


def test_only_the_owner_or_an_admin_hands_back() -> None:
    assert refusal(lambda: hand_back(owned_by(ANA), BEN, "", NOW)) == (
        "Only Ana or an admin can hand this conversation back."
    )


def test_a_customer_who_writes_after_the_end_is_answered_by_the_bot_first() -> None:
    ended = end(owned_by(ANA), ANA, NOW).conversation
    decision = customer_says(ended, Line(MARIA, "thanks", NOW), None, 1002, NOW)
    assert decision.conversation.state is State.BOT
    assert decision.effects == (AskBot("thanks"),)
    assert decision.event == ""


def test_a_customer_who_asks_for_a_person_after_the_end_gets_a_new_handoff() -> None:
    ended = end(owned_by(ANA), ANA, NOW).conversation
    decision = customer_says(ended, Line(MARIA, "a human please", NOW), WHY, 1002, NOW)
    assert (decision.conversation.state, decision.conversation.handoff) == (State.QUEUED, 1002)
    assert decision.conversation.owner is None


# --------------------------------------------------------------------------------------------------------- random lives

LATEST_WORDS = st.sampled_from(["On its way", "!say On its way", "!note VIP", "note: VIP", "!hanback", "!help", "!say"])


class Life(RuleBasedStateMachine):
    """Any order of what customers, bot and agents can do, also too late, twice, and in the wrong thread."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGUN
        self.asked: list[int] = []  # epochs under which the bot was asked and has not answered
        self.kept: list[Kept] = []
        self.questions: list[tuple[int, int]] = []  # message and epoch of what agents were asked about held messages
        self.threads: list[int] = []
        self.stage_before = ""
        self.places = 0
        self.told = "Nothing."

    def see(self, rule: Callable[[], Decision]) -> tuple[Effect, ...]:
        """Let a rule decide; hold what it decided against the promises."""
        before = self.now
        try:
            decision = rule()
        except Refused as refused:
            self.told = str(refused)
            return ()
        after = self.now = decision.conversation
        speakers = (before.state, before.owner and before.owner.id), (after.state, after.owner and after.owner.id)
        assert after.epoch > before.epoch if speakers[0] != speakers[1] else after.epoch == before.epoch
        opened = sum(isinstance(effect, OpenThread) for effect in decision.effects)
        assert opened == (after.handoff != before.handoff) == (decision.why is not None)
        if opened:
            self.threads.append(after.handoff or 0)
            assert not before.live
            assert after.kept_stage == self.stage_before
        if decision.event == "released":
            assert after.stage == before.kept_stage == self.stage_before
        self.asked += [after.epoch for effect in decision.effects if isinstance(effect, AskBot)]
        if not after.live:
            self.stage_before = after.stage
        return decision.effects

    @invariant()
    def one_owner_exactly_while_claimed(self) -> None:
        assert (self.now.owner is not None) == (self.now.state is State.CLAIMED)
        assert self.now.owner not in (VERA, GUS)

    @invariant()
    def a_refusal_is_a_sentence(self) -> None:
        assert self.told[0].isupper()
        assert self.told[-1] == "."

    @invariant()
    def numbers_never_come_twice(self) -> None:
        assert self.threads == sorted(set(self.threads))

    def number(self) -> int:
        return 1001 + len(self.threads)

    # ------------------------------------------------------------------------------------------------------ customer

    @rule(wants=st.booleans())
    def customer_writes(self, wants: bool) -> None:
        line = Line(MARIA, "words", NOW)
        effects = self.see(lambda: customer_says(self.now, line, WHY if wants else None, self.number(), NOW))
        assert not any(isinstance(effect, Say) for effect in effects)

    # ----------------------------------------------------------------------------------------------------------- bot

    @precondition(lambda self: self.asked)
    @rule(which=st.integers(0, 99), wants=st.booleans(), stage=st.sampled_from(["", "size", "date"]))
    def bot_answers_sometime(self, which: int, wants: bool, stage: str) -> None:
        before, epoch = self.now, self.asked.pop(which % len(self.asked))
        if epoch == before.epoch:
            self.stage_before = stage
        answer = Answer("Two days.", stage)
        effects = self.see(
            lambda: bot_answers(before, epoch, "Shop", answer, WHY if wants else None, self.number(), NOW)
        )
        said = [effect for effect in effects if isinstance(effect, Say)]
        assert bool(said) == (epoch == before.epoch)
        assert not said or before.state is State.BOT
        assert all(effect.author.kind == "bot" for effect in said)

    # -------------------------------------------------------------------------------------------------------- agents

    @rule(agent=st.sampled_from(EVERYBODY), act=st.sampled_from([claim, take_over, end]))
    def card_button(self, agent: Agent, act: Callable[[Conversation, Agent, datetime], Decision]) -> None:
        before = self.now
        effects = self.see(lambda: act(before, agent, NOW))
        assert agent.role >= Role.RESPONDER or (self.now is before and not effects)
        assert not any(isinstance(effect, Say | SendHeld) for effect in effects)

    @rule(agent=st.sampled_from(EVERYBODY))
    def handed_back(self, agent: Agent) -> None:
        before = self.now
        self.see(lambda: hand_back(before, agent, "a note", NOW))
        if self.now is not before:
            assert agent.role is Role.ADMIN or agent == before.owner

    @precondition(lambda self: self.threads)
    @rule(
        agent=st.sampled_from(EVERYBODY),
        text=LATEST_WORDS,
        mentions=st.sampled_from([(), ("@Ben",)]),
        old=st.booleans(),
        file=st.sampled_from(["", "", "file"]),
    )
    def agent_writes(self, agent: Agent, text: str, mentions: tuple[str, ...], old: bool, file: str) -> None:
        self.places += 1
        thread = self.threads[0] if old else self.threads[-1]
        typed = Typed(agent, Place("C1", f"{self.places}.0"), Place("C1", "0.1"), text, mentions, file)
        before = self.now
        effects = self.see(lambda: agent_says(before, typed, thread))
        said = [effect for effect in effects if isinstance(effect, Say)]
        plain = text.startswith("On") and not mentions
        may = agent == before.owner and thread == before.handoff and not file
        assert bool(said) == (may and (plain or text == "!say On its way"))
        assert all(effect.text == "On its way" and effect.source == typed.place for effect in said)
        for effect in effects:
            if isinstance(effect, KeepMessage):
                self.keep(agent, effect.text, effect.state, typed.place, thread, before.epoch)
        if said:
            self.keep(agent, "On its way", "sent", typed.place, thread, before.epoch)

    def keep(self, agent: Agent, text: str, state: str, place: Place, thread: int, epoch: int) -> None:
        self.kept.append(Kept(len(self.kept), agent.id, text, state, place, thread))
        if state == "held":
            self.questions.append((len(self.kept) - 1, epoch))

    @precondition(lambda self: self.questions)
    @rule(which=st.integers(0, 99), agent=st.sampled_from(EVERYBODY), answer=st.sampled_from(["send", "note", "take"]))
    def held_is_decided(self, which: int, agent: Agent, answer: str) -> None:
        message, epoch = self.questions[which % len(self.questions)]
        kept, before = self.kept[message], self.now
        effects = self.see(lambda: decide(before, kept, answer, epoch, agent, NOW))
        sent = SendHeld(message) in effects
        if sent:
            assert self.now.owner == agent
            assert (agent.id, kept.state) == (kept.agent_id, "held")
            assert (epoch, kept.handoff) == (before.epoch, before.handoff)
        assert not (sent and answer == "note")
        settled = Settle(message, "note") in effects
        self.kept[message] = replace(kept, state="sent" if sent else "note" if settled else kept.state)

    @precondition(lambda self: self.kept)
    @rule(
        which=st.integers(0, 99), agent=st.sampled_from(EVERYBODY), text=LATEST_WORDS.map(lambda it: f"{it}, or not"),
        carried=st.booleans(),
    )  # fmt: skip
    def words_are_changed(self, which: int, agent: Agent, text: str, carried: bool) -> None:
        kept, before = self.kept[which % len(self.kept)], self.now
        edit = Retyped(agent, kept.source, Place("C1", "0.1"), text)
        effects = self.see(lambda: agent_changes(before, kept, edit, Reach("WhatsApp", carried)))
        assert not any(isinstance(effect, Say | SendHeld) for effect in effects)
        if any(isinstance(effect, Change) for effect in effects):
            assert (agent.id, agent, kept.handoff) == (kept.agent_id, before.owner, before.handoff)
            assert kept.state == "sent"
        assert self.now is before
        for effect in effects:
            match effect:
                case Change(text=text) | KeepMessage(text=text):
                    self.kept[kept.id] = replace(self.kept[kept.id], text=text)
                case Settle(state=state):
                    self.kept[kept.id] = replace(self.kept[kept.id], state=state)
                case _:
                    pass

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0, 99), can=st.booleans())
    def words_are_deleted(self, which: int, can: bool) -> None:
        kept, before = self.kept[which % len(self.kept)], self.now
        effects = self.see(lambda: agent_deletes(before, kept, Reach("WhatsApp", can_delete=can)))
        assert not any(isinstance(effect, Say | SendHeld) for effect in effects)
        assert (KeepDeleted(kept.id) in effects) is not kept.deleted
        his = before.owner is not None and (before.owner.id, before.handoff) == (kept.agent_id, kept.handoff)
        takes = can and his and kept.state == "sent" and not kept.deleted
        assert (Delete(kept.id) in effects) is takes
        state = "erased" if takes else "note" if Settle(kept.id, "note") in effects else kept.state
        self.kept[kept.id] = replace(kept, deleted=True, state=state)
        assert self.now is before

    @precondition(lambda self: self.kept)
    @rule(which=st.integers(0, 99), agent=st.sampled_from(EVERYBODY))
    def correction_is_sent(self, which: int, agent: Agent) -> None:
        kept, before = replace(self.kept[which % len(self.kept)], changed="New words"), self.now
        effects = self.see(lambda: correct(before, kept, agent))
        said = [effect for effect in effects if isinstance(effect, Say)]
        his = agent == before.owner and agent.id == kept.agent_id and kept.handoff == before.handoff
        assert bool(said) == (his and not kept.deleted)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
