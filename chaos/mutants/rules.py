"""Broken rules: who has a conversation, and who may speak."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bridge import audience, conversation, customer_events, orders
from bridge.content import Author, Line
from bridge.conversation import Conversation, Decision, State, Why
from bridge.courier import bot_turns
from bridge.effects import AskBot
from bridge.ports import Agent, Answer
from bridge.scene import Scene
from bridge.templates import Filled
from chaos.mutants.breaking import mutant, swap


@mutant("calm", "two_winners")
def last_click_wins() -> None:
    """A claim asks nobody: the last click wins."""

    def claim_of(claim: Any) -> Any:
        def claim_anyway(conversation: Conversation, agent: Agent, now: datetime) -> Decision:
            taken = conversation.state is State.CLAIMED and conversation.owner != agent
            return claim(replace(conversation, state=State.QUEUED) if taken else conversation, agent, now)

        return claim_anyway

    swap(orders, "claim", claim_of)


@mutant("calm", "two_winners")
def everybody_speaks() -> None:
    """What other teammates write in the thread goes to the customer."""

    def owns_of(_: Any) -> Any:
        def anybody(conversation: Conversation, agent: Agent) -> bool:
            return conversation.owner is not None

        return anybody

    swap(audience, "owns", owns_of)


@mutant("calm", "bot_after_claim")
def bot_goes_on() -> None:
    """The bot goes on answering while a human has the conversation."""

    def says_of(says: Any) -> Any:
        def ask_anyway(conversation: Conversation, line: Line, why: Why | None, number: int, now: datetime) -> Decision:
            decided = says(conversation, line, why, number, now)
            return decided.then(AskBot(line.text)) if conversation.state is State.CLAIMED else decided

        return ask_anyway

    swap(customer_events, "customer_says", says_of)


@mutant("slow", "bot_after_claim")
def late_answers() -> None:
    """The bot's answer is written down whatever the epoch is by then."""

    def answers_of(answers: Any) -> Any:
        def answer_anyway(
            conversation: Conversation,
            epoch: int,
            bot: str,
            answer: Answer,
            why: Why | None,
            number: int,
            now: datetime,
        ) -> Decision:
            return answers(conversation, conversation.epoch, bot, answer, why, number, now)

        return answer_anyway

    swap(bot_turns, "bot_answers", answers_of)


@mutant("slow", "bot_after_claim")
def same_epoch() -> None:
    """Neither calling a human nor a claim raises the epoch."""

    def escalate_of(escalate: Any) -> Any:
        def keep_epoch(conversation: Conversation, why: Why, number: int, now: datetime) -> Decision:
            return _back(escalate(conversation, why, number, now), conversation)

        return keep_epoch

    def give_of(give: Any) -> Any:
        def keep_epoch(conversation: Conversation, agent: Agent, now: datetime) -> Decision:
            return _back(give(conversation, agent, now), conversation)

        return keep_epoch

    swap(conversation, "escalate", escalate_of)
    swap(conversation, "give_to", give_of)


def _back(decision: Decision, before: Conversation) -> Decision:
    return replace(decision, conversation=replace(decision.conversation, epoch=before.epoch))


@mutant("calm", "astray")
def copied_to_the_newest() -> None:
    """What an agent says to one customer also goes to whoever came last on that channel."""

    def say_of(say: Any) -> Any:
        def say_twice(
            self: Scene,
            message: int,
            author: Author,
            text: str,
            choices: tuple[str, ...] = (),
            but: Collection[int] = (),
            came: Sequence[int] = (),
            until: datetime | None = None,
            template: Filled | None = None,
        ) -> None:
            say(self, message, author, text, choices, but, came, until, template)
            newest = self.tx.one(
                "SELECT id FROM conversation WHERE channel = ? ORDER BY id DESC LIMIT 1", self.contact.channel
            )
            if author.kind == "agent" and newest and newest[0] != self.conversation.id:
                say(
                    replace(self, conversation=replace(self.conversation, id=newest[0])),
                    message,
                    author,
                    text,
                    choices,
                    but,
                    came,
                    until,
                    template,
                )

        return say_twice

    swap(Scene, "say", say_of)
