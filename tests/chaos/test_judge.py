"""The judge sees what it must see: a story without fault, and one for each way in which it can go wrong."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bridge.sandbox.world import Entry
from chaos.deeds import Deeds, Said
from chaos.judge import Verdict, judge

CHAT, PHONE, OTHER = "100", "C000", "C001"
PROMISES = ("lost", "twice", "disordered", "two_winners", "bot_after_claim", "silent", "astray")
DOUBT = "This may not have reached the customer: the connection broke while it was being sent."


def block(*words: str) -> list[dict[str, Any]]:
    texts = [{"type": "text", "text": text} for text in words]
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": texts}]}]


@dataclass
class Story:
    """A history that is written by hand, with one customer on a phone, whose card is #1."""

    history: list[Entry] = field(default_factory=list[Entry])
    deeds: Deeds = field(default_factory=lambda: Deeds({PHONE: "telegram"}, {CHAT: PHONE}))
    visits: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])

    def add(self, platform: str, kind: str, direction: Any, **fields: Any) -> int:
        seq = len(self.history) + 1
        self.history.append(Entry(seq, float(seq), platform, kind, direction, **fields))
        return seq

    def asks(self, said: str, *, answered: bool | None = False, shown: bool | None = True) -> None:
        self.deeds.said.append(Said(said, PHONE, "customer", shown, answered))
        self.add("telegram", "message", "in", chat=CHAT, id=said, author="c000", text=f"{said} Hello")

    def types(self, said: str, agent: str = "ana", *, taken: bool = True, shown: bool | None = True) -> None:
        self.deeds.said.append(Said(said, PHONE, agent, shown))
        self.add("slack", "message", "in", chat="C", thread="1", id=said, author=agent, text=f"{said} Hello")
        if taken:
            self.taken(said)

    def taken(self, said: str) -> None:
        self.add("slack", "event_taken", "in", chat="C", thread="1", id=said)

    def hears(self, *texts: str) -> None:
        for text in texts:
            self.add("telegram", "sendMessage", "out", chat=CHAT, id=str(len(self.history)), text=text)

    def answers(self, said: str) -> None:
        self.hears(f"You asked: <customer>{said} Hello</customer> I can help with that.")

    def card(self, state: str, kind: str = "chat.postMessage", number: int = 1, ts: str = "1") -> None:
        self.add("slack", kind, "out", chat="C", id=ts, text=f"{state} since 12:00\n#{number} {PHONE} · Telegram")

    def post(self, *words: str, ts: str = "", kind: str = "chat.postMessage") -> None:
        raw = {"blocks": block(*words)}
        ts = ts or f"p{len(self.history)}"
        self.add("slack", kind, "out", chat="C", thread="1", id=ts, text="\n".join(words), raw=raw)

    def doubts(self, text: str, ts: str) -> None:
        self.post(DOUBT, ts=ts)
        self.history[-1] = replace(self.history[-1], text=f"{DOUBT}\n{text}")

    def presses(self, button: str, ts: str) -> None:
        self.add("slack", "block_actions", "in", chat="C", id=ts, raw={"actions": [{"action_id": button}]})

    def queued(self) -> "Story":
        self.asks("c000n001", answered=True)
        self.answers("c000n001")
        self.asks("c000n002")
        self.card("🟡 Waiting for a person")
        self.hears("A person from our team will join you here shortly.")
        self.post("C000:", "c000n001 Hello", "🤖 Bot:", "You asked: c000n001 Hello", "C000:", "c000n002 Hello")
        return self

    def claimed(self) -> "Story":
        self.queued()
        self.card("🟢 Ana has this", "chat.update")
        self.hears("You are now talking to Ana.")
        return self

    def handed_back(self) -> "Story":
        self.deeds.hand_backs.append((PHONE, len(self.history)))
        self.card("🤖 Back with the bot", "chat.update")
        self.hears("Our assistant is back. Just write if you need anything else.")
        return self

    @property
    def verdict(self) -> Verdict:
        return judge(self.history, self.visits, self.deeds)

    def counts(self) -> dict[str, int]:
        return {name: count for name in PROMISES if (count := getattr(self.verdict, name))}


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_story_without_fault_has_none(story: Story) -> None:
    story.claimed()
    story.types("a000n001")
    story.hears("a000n001 Hello")
    story.asks("c000n003")
    story.post("C000:", "c000n003 Hello")
    story.handed_back()
    story.asks("c000n004", answered=True, shown=None)
    story.answers("c000n004")
    assert story.counts() == {}
    assert story.verdict.flagged == 0


def test_what_a_customer_said_and_nobody_saw_is_lost(story: Story) -> None:
    story.claimed()
    story.asks("c000n003")
    assert story.counts() == {"lost": 1}


def test_what_an_agent_said_and_nobody_heard_is_lost(story: Story) -> None:
    story.claimed()
    story.types("a000n001")
    assert story.counts() == {"lost": 1}


def test_what_an_agent_was_told_of_is_flagged_and_not_lost(story: Story) -> None:
    story.claimed()
    story.types("a000n001")
    story.doubts("a000n001 Hello", "q")
    assert story.counts() == {}
    assert story.verdict.flagged == 1


def test_what_is_sent_again_and_still_does_not_come_is_lost(story: Story) -> None:
    story.claimed()
    story.types("a000n001")
    story.doubts("a000n001 Hello", "q")
    story.presses("resend", "q")
    assert story.counts() == {"lost": 1}


def test_what_is_in_doubt_once_more_is_flagged_again(story: Story) -> None:
    story.claimed()
    story.types("a000n001")
    story.doubts("a000n001 Hello", "q")
    story.presses("resend", "q")
    story.doubts("a000n001 Hello", "r")
    assert story.counts() == {}


def test_a_line_in_two_posts_is_there_twice(story: Story) -> None:
    story.claimed()
    story.asks("c000n003")
    story.post("C000:", "c000n003 Hello")
    story.post("C000:", "c000n003 Hello")
    assert story.counts() == {"twice": 1}


def test_a_line_twice_in_one_post_is_there_twice(story: Story) -> None:
    story.claimed()
    story.asks("c000n003")
    story.post("C000:", "c000n003 Hello", "C000:", "c000n003 Hello")
    assert story.counts() == {"twice": 1}


def test_a_post_that_is_drawn_again_with_more_lines_is_no_repetition(story: Story) -> None:
    story.claimed()
    story.asks("c000n003")
    story.post("C000:", "c000n003 Hello", ts="p")
    story.asks("c000n004")
    story.post("C000:", "c000n003 Hello", "C000:", "c000n004 Hello", ts="p", kind="chat.update")
    assert story.counts() == {}


def test_a_reply_that_comes_twice_is_twice(story: Story) -> None:
    story.claimed()
    story.types("a000n001")
    story.hears("a000n001 Hello", "a000n001 Hello")
    assert story.counts() == {"twice": 1}


def test_an_answer_of_the_bot_that_comes_twice_is_twice(story: Story) -> None:
    story.queued()
    story.answers("c000n001")
    assert story.counts() == {"twice": 1}


def test_a_second_card_for_one_handoff_is_twice(story: Story) -> None:
    story.claimed()
    story.card("🟡 Waiting for a person", ts="9")
    assert story.counts() == {"twice": 1}


def test_a_text_of_the_desk_that_comes_twice_is_twice(story: Story) -> None:
    story.claimed()
    story.hears("You are now talking to Ana.")
    assert story.counts() == {"twice": 1}


def test_a_text_of_the_desk_that_never_comes_is_silent(story: Story) -> None:
    story.claimed()
    story.card("🤖 Back with the bot", "chat.update")
    assert story.counts() == {"silent": 1}


def test_a_text_of_the_desk_that_is_in_doubt_is_not_silent(story: Story) -> None:
    story.claimed()
    story.card("🤖 Back with the bot", "chat.update")
    story.doubts("Our assistant is back. Just write if you need anything else.", "q")
    assert story.counts() == {}
    assert story.verdict.flagged == 1


def test_a_doubt_in_the_transcript_counts(story: Story) -> None:
    story.queued()
    story.asks("c000n003", answered=True)
    story.post("C000:", "c000n003 Hello", "🤖 Bot:", "You asked: c000n003 Hello", " (⚠ may not have arrived)")
    assert story.counts() == {}
    assert story.verdict.flagged == 1


def test_an_answer_of_the_bot_that_never_comes_is_silent(story: Story) -> None:
    story.claimed().handed_back()
    story.asks("c000n003", answered=True, shown=None)
    assert story.counts() == {"silent": 1}


def test_an_answer_that_the_bot_need_not_give_is_not_missed(story: Story) -> None:
    story.claimed().handed_back()
    story.asks("c000n003", answered=None, shown=None)
    assert story.counts() == {}


def test_replies_in_the_wrong_order_are_seen(story: Story) -> None:
    story.claimed()
    story.types("a000n001")
    story.types("a000n002")
    story.hears("a000n002 Hello", "a000n001 Hello")
    assert story.counts() == {"disordered": 1}


def test_slack_promises_no_order_for_what_it_tells_at_the_same_time(story: Story) -> None:
    story.claimed()
    story.types("a000n001", taken=False)
    story.types("a000n002")
    story.taken("a000n001")
    story.hears("a000n002 Hello", "a000n001 Hello")
    assert story.counts() == {}


def test_lines_in_the_wrong_order_are_seen(story: Story) -> None:
    story.claimed()
    story.asks("c000n003")
    story.asks("c000n004")
    story.post("C000:", "c000n004 Hello", "C000:", "c000n003 Hello")
    assert story.counts() == {"disordered": 1}


def test_what_the_platform_passed_on_late_may_come_late(story: Story) -> None:
    story.claimed()
    story.asks("c000n003")
    story.asks("c000n004")
    story.add("telegram", "passed_late", "in", id="c000n003")
    story.post("C000:", "c000n004 Hello", "C000:", "c000n003 Hello")
    assert story.counts() == {}


def test_a_card_that_shows_two_owners_has_two_winners(story: Story) -> None:
    story.claimed()
    story.card("🟢 Ben has this", "chat.update")
    assert story.counts() == {"two_winners": 1}


def test_a_customer_who_is_given_to_two_has_two_winners(story: Story) -> None:
    story.claimed()
    story.hears("You are now talking to Ben.")
    assert story.counts() == {"two_winners": 1, "twice": 1}


def test_words_of_somebody_who_does_not_hold_the_conversation_are_seen(story: Story) -> None:
    story.claimed()
    story.types("a000n001", "ben", shown=False)
    story.hears("a000n001 Hello")
    assert story.counts() == {"two_winners": 1}


def test_a_bot_that_speaks_after_the_claim_is_seen(story: Story) -> None:
    story.queued()
    story.asks("c000n003", answered=None)
    story.post("C000:", "c000n003 Hello")
    story.card("🟢 Ana has this", "chat.update")
    story.hears("You are now talking to Ana.")
    story.answers("c000n003")
    assert story.counts() == {"bot_after_claim": 1}


def test_the_bot_may_speak_again_after_the_hand_back_although_the_words_of_that_are_in_doubt(story: Story) -> None:
    story.claimed()
    story.deeds.hand_backs.append((PHONE, len(story.history)))
    story.card("🤖 Back with the bot", "chat.update")
    story.doubts("Our assistant is back. Just write if you need anything else.", "q")
    story.asks("c000n003", answered=True, shown=None)
    story.answers("c000n003")
    assert story.counts() == {}


def test_a_visitor_of_the_web_chat_is_a_far_end_too(story: Story) -> None:
    story.deeds.channels[OTHER] = "web"
    said = [Said("c001n001", OTHER, "customer", None, answered=True), Said("a001n001", OTHER, "ana", shown=True)]
    story.deeds.said += said
    answer = {"seq": 2, "kind": "message", "author": {"kind": "bot"}, "text": "You asked: c001n001"}
    own = {"seq": 1, "kind": "message", "author": {"kind": "customer"}, "text": "c001n001 Hello"}
    story.visits[OTHER] = [own, answer, {**answer, "seq": 3}]
    assert story.counts() == {"lost": 1, "twice": 1}


# ------------------------------------------------------------------------------------------------- to the wrong person


def test_what_was_said_to_somebody_else_is_astray(story: Story) -> None:
    story.claimed()
    story.deeds.said.append(Said("a001n001", "C001", "ana", shown=None))
    story.hears("a001n001 Hello")
    assert story.counts() == {"astray": 1}


def test_what_is_told_to_agents_is_astray_at_a_customer(story: Story) -> None:
    story.claimed()
    story.hears("Ben wants to answer. Claim and send?")
    assert story.counts() == {"astray": 1}


def test_a_line_in_somebody_elses_thread_is_astray(story: Story) -> None:
    story.claimed()
    story.deeds.channels["C001"] = "telegram"
    story.deeds.said.append(Said("c001n001", "C001", "customer", shown=True))
    story.post("C001:", "c001n001 Hello")
    assert story.counts() == {"astray": 1}
