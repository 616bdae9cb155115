"""What becomes of a message that its author changes afterwards, or takes back. Pure.

The customer may have read it already: what cannot be changed there is told to the agent, and offered as a correction.
"""

from dataclasses import dataclass, replace
from typing import Literal

from bridge.content import Author
from bridge.conversation import Conversation, Decision, may_answer, owns
from bridge.effects import (
    Change,
    Delete,
    KeepChange,
    KeepCorrection,
    KeepDeleted,
    KeepMessage,
    Say,
    Settle,
    ShowFate,
    TakeBack,
    TellAgent,
)
from bridge.errors import Refused
from bridge.held import SEND, Kept, choices, not_deleted, settled
from bridge.i18n import t
from bridge.marks import same
from bridge.policy import Audience
from bridge.ports import Agent, Choice, Retyped, Role
from bridge.reply_window import Shut
from bridge.verbs import ORDERS, Words, read


@dataclass(frozen=True, slots=True)
class Reach:
    """How a change could come to the customer. `waits`: nothing of the message has left yet; `there`: some has."""

    channel: str
    can_edit: bool = False
    waits: bool = False
    audience: Audience = "owner"
    can_delete: bool = False
    there: bool = True
    can_caption: bool = False


def agent_changes(conversation: Conversation, kept: Kept, edit: Retyped, reach: Reach) -> Decision:
    """Somebody changed an earlier message. It is carried only while its author owns the conversation."""
    words = read(edit.text)
    known = words.verb in ("", "say", "?") and same(words.text, kept.changed or kept.corrected or kept.text)
    if kept.agent_id != edit.agent.id or kept.deleted or (known and kept.state != "note"):
        return Decision(conversation)
    if kept.state in ("note", "held"):  # of a note the same words are another thing: it lost its `!note`
        return _changed_note(conversation, kept, edit, words)
    if kept.handoff != conversation.handoff or not owns(conversation, edit.agent):
        raise Refused(
            t("Your change was not carried: this conversation is no longer yours. The customer has the first text.")
        )
    may_answer(edit.agent)
    if kept.state == "failed":
        raise Refused(t("This did not reach the customer, and neither did your change. Write it as a new message."))
    meant = words.verb == "say" or (words.verb == "" and reach.audience == "owner" and not edit.mentions)
    if reach.waits and not (meant and words.text):
        return _taken_back(conversation, kept, edit, words)
    _carried(edit, words, meant=meant)
    if reach.waits or (reach.can_edit and (reach.can_caption or not kept.files)):
        return Decision(conversation, (Change(kept.id, words.text),))
    if same(words.text, kept.corrected or kept.text):  # the change was taken back
        return Decision(conversation, (KeepChange(kept.id, ""),))
    ways = (Choice("correct", t("Send as a correction"), str(kept.id), "primary"),)
    text = t("Messages on {channel} cannot be changed: the customer still has the first text.", channel=reach.channel)
    if kept.files:
        text = t("Messages with files cannot be changed: the customer still has the first text.")
    return Decision(conversation, (KeepChange(kept.id, words.text), TellAgent(edit.agent.id, text, words.text, ways)))


def _carried(edit: Retyped, words: Words, *, meant: bool) -> None:
    """Refused for what the customer, who has the first text, is not meant to read."""
    if words.verb not in ("", "say") or not words.text:
        raise Refused(
            t("Your change was not carried: the customer has read this already, and it cannot become a note.")
        )
    if edit.mentions and words.verb != "say":
        names = ", ".join(edit.mentions)
        raise Refused(t("Your change was not carried, because it mentions {names}.", names=names))
    if not meant:
        raise Refused(t("Your change was not carried: here only what begins with `!say` goes to the customer."))


def _taken_back(conversation: Conversation, kept: Kept, edit: Retyped, words: Words) -> Decision:
    """What was about to go out is not meant for the customer any more: it becomes a note, or is held."""
    asks = words.verb in ("", "say", "?") and bool(words.text)
    text = words.text if words.verb in ("", "say", "?", "note") else edit.text.strip()
    state: Literal["held", "note"] = "held" if asks else "note"
    why = t("This was not sent: it stays in Slack.")
    why = t("This was changed before it was sent, and is held now.") if asks else why
    now = KeepMessage(Author("agent", edit.agent.name), kept.agent_id, text, kept.source, state)
    told = TellAgent(edit.agent.id, why, text, choices(SEND, conversation.epoch, str(kept.id)) if asks else ())
    return Decision(conversation, (TakeBack(kept.id, state), now, ShowFate(kept.source), told))


def correct(conversation: Conversation, kept: Kept, agent: Agent, shut: Shut | None = None) -> Decision:
    """An agent sends a changed text as a message of its own, where the channel cannot edit."""
    may_answer(agent)
    if kept.agent_id != agent.id or not owns(conversation, agent) or kept.handoff != conversation.handoff:
        raise Refused(t("This conversation is no longer yours. Nothing was sent."))
    not_deleted(kept)
    if not kept.changed:
        raise Refused(t("This correction was sent already."))
    if shut:
        raise Refused(shut.why)
    sent = KeepCorrection(kept.id, kept.changed)
    return Decision(conversation, (sent, Say(Author("agent", agent.name), kept.changed, corrects=kept.id)))


def agent_deletes(conversation: Conversation, kept: Kept, reach: Reach) -> Decision:
    """An agent's message was deleted, and Slack does not say by whom: its author is told what has become of it.

    A message of which nothing has left does not go out. What the customer has is taken back only while its author owns
    the conversation.
    """
    if kept.deleted:
        return Decision(conversation)
    gone = Decision(conversation, (KeepDeleted(kept.id),))
    if kept.state == "held":
        return gone.then(Settle(kept.id, "note"))
    if reach.waits:
        in_time = t("You deleted this in time: the customer does not get it.")
        return gone.then(TakeBack(kept.id, "suppressed"), TellAgent(kept.agent_id, in_time, kept.text))
    if kept.state in ("note", "suppressed") or (kept.state == "failed" and not reach.there):
        return gone
    owner = conversation.owner
    if kept.handoff != conversation.handoff or owner is None or owner.id != kept.agent_id:
        stays = t("This was deleted here, but it stays with the customer: this conversation is no longer yours.")
        return gone.then(TellAgent(kept.agent_id, stays, kept.text))
    if not reach.can_delete:
        stays = t("Messages on {channel} cannot be deleted: this stays with the customer.", channel=reach.channel)
        return gone.then(TellAgent(kept.agent_id, stays, kept.text))
    return gone.then(Delete(kept.id))


def _changed_note(conversation: Conversation, kept: Kept, edit: Retyped, words: Words) -> Decision:
    for_customer = words.verb in ("", "say", "?")
    text = words.text if for_customer or words.verb == "note" else edit.text.strip()
    changed = KeepMessage(Author("agent", edit.agent.name), kept.agent_id, text, kept.source, "note")
    if kept.state == "held" and for_customer:
        return Decision(conversation, (replace(changed, state="held"),))
    decided = settled(kept) if kept.state == "held" else ()
    if words.verb in ORDERS:
        told = t("An edit runs no command. Write `!{verb}` as a new message.", verb=words.verb)
        return Decision(conversation, (changed, *decided, TellAgent(edit.agent.id, told)))
    mine = owns(conversation, edit.agent) and kept.handoff == conversation.handoff
    if not (mine and for_customer and text) or edit.agent.role < Role.RESPONDER:
        return Decision(conversation, (changed, *decided))
    if edit.unsupported:
        unable = t("Nothing of this was sent to the customer: {why}", why=edit.unsupported)
        return Decision(conversation, (changed, TellAgent(edit.agent.id, unable, text)))
    asked = choices(SEND, conversation.epoch, str(kept.id))
    why = t("This was a note, so it was not sent. Is it for the customer now?")
    held = (Settle(kept.id, "held"), ShowFate(kept.source), TellAgent(edit.agent.id, why, text, asked))
    return Decision(conversation, (changed, *held))
