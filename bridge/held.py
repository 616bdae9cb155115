"""The rules about what an agent typed and the customer did not hear: what is asked about it, and what follows. Pure.

A held message stays held until somebody decides. Nothing is sent that nobody has seen to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.conversation import Conversation, Decision, State, may_answer, owner_name, owns, take_over
from bridge.effects import SendHeld, Settle, ShowFate, TellAgent
from bridge.errors import Refused
from bridge.i18n import joined, t
from bridge.ports import Agent, Choice, Place, Role
from bridge.reply_window import Shut

NO_WORDS = t("There are no words in this that could be sent.")
Ways = tuple[tuple[str, str, str], ...]
"""What can be done about a message: the answer, what its button says, and how that looks."""
SEND = (("send", t("Send"), "primary"), ("note", t("Keep as note"), ""))
TEMPLATE = (("template", t("Send a template …"), "primary"), SEND[1])


@dataclass(frozen=True, slots=True)
class Kept:
    """A message of an agent as the store knows it: what it said, and whether the customer heard it."""

    id: int
    agent_id: str
    text: str
    state: str  # pending, sent, failed, uncertain, suppressed, erased, note, held
    source: Place
    handoff: int
    changed: str = ""  # a later wording that the customer does not have yet
    corrected: str = ""  # the wording that the customer got later, as a message of its own
    files: int = 0  # that came along
    deleted: bool = False  # in the workspace


def decide(
    conversation: Conversation,
    kept: Kept,
    answer: str,
    epoch: int,
    agent: Agent,
    now: datetime,
    shut: Shut | None = None,
) -> Decision:
    """The answer to a question about a held message: `send`, `note` or `take` (take over first).

    What cannot be sent now stays held, and is asked about anew.
    """
    if kept.agent_id != agent.id:
        raise Refused(t("Only the person who wrote this message can decide about it."))
    if kept.state != "held":
        raise Refused(t("You have already decided about this message."))
    if answer == "note":
        return Decision(conversation, settled(kept))
    may_answer(agent)
    if answer == "send" and not (kept.text.strip() or kept.files):
        raise Refused(NO_WORDS)
    if epoch != conversation.epoch or kept.handoff != conversation.handoff:
        changed = t("Things have changed since this was asked; the message stays held.")
        raise Refused(joined([changed, _now(conversation)]))
    taken = Decision(conversation) if owns(conversation, agent) else take_over(conversation, agent, now)
    if answer == "take" or shut:
        return taken.then(_ask_again(kept, agent, taken.conversation, shut))
    return taken.then(SendHeld(kept.id), ShowFate(kept.source))


def asked_about(
    conversation: Conversation, held: Sequence[Kept], handoff: int, agent: Agent, shut: Shut | None
) -> Decision:
    """Somebody wants to be asked again about what they wrote and was held."""
    if not held:
        return Decision(conversation, (TellAgent(agent.id, t("No message of yours is held here.")),))
    if handoff != conversation.handoff or conversation.state in (State.BOT, State.ENDED):
        over = t("This handoff is over: what was held here stays in Slack. The customer did not get it.")
        return Decision(conversation, (TellAgent(agent.id, over),))
    mine = owns(conversation, agent)
    why = t("This was held and not sent.") if mine else who_hears(conversation)
    ways = SEND if mine else ways_for(conversation, agent)
    if mine and shut:
        why, ways = shut.why, ways_later(shut)
    asked = (TellAgent(agent.id, why, it.text, choices(ways, conversation.epoch, str(it.id))) for it in held)
    return Decision(conversation, tuple(asked))


def _ask_again(kept: Kept, agent: Agent, conversation: Conversation, shut: Shut | None) -> TellAgent:
    """Taking over sends nothing by itself: the message stays held until that, too, is decided."""
    text = shut.why if shut else t("You have this conversation now. Send your message to the customer?")
    asked = choices(ways_later(shut) if shut else SEND, conversation.epoch, str(kept.id))
    return TellAgent(agent.id, text, kept.text, asked, replaces=True)


def can_be_sent(conversation: Conversation, held: Sequence[Kept], agent: str) -> tuple[TellAgent, ...]:
    """The customer can be answered again: who wrote meanwhile, and was held, is asked."""
    why = t("The customer has written, so this can be sent now.")
    return tuple(TellAgent(agent, why, it.text, choices(SEND, conversation.epoch, str(it.id))) for it in held)


def send_to_customer(conversation: Conversation, kept: Kept, agent: Agent, shut: Shut | None = None) -> Decision:
    """The owner says to the customer what stayed in the thread so far, their own words or a colleague's."""
    may_answer(agent)
    if conversation.owner is None:
        raise Refused(t("Nobody has claimed this conversation. Claim it first; then you can send this."))
    if not owns(conversation, agent):
        raise Refused(t("Only {owner} can send something to the customer here.", owner=owner_name(conversation)))
    not_deleted(kept)
    if kept.state in ("failed", "suppressed"):
        raise Refused(
            t("This did not reach the customer. Write it as a new message, or press Send again if that is offered.")
        )
    if kept.state not in ("note", "held"):
        raise Refused(t("This was sent to the customer already."))
    if not (kept.text.strip() or kept.files):
        raise Refused(NO_WORDS)
    if shut:
        raise Refused(shut.why)
    return Decision(conversation, (SendHeld(kept.id), ShowFate(kept.source)))


def not_deleted(kept: Kept) -> None:
    """Refused for what is not there any more: whoever deleted it does not want it to be said."""
    if kept.deleted:
        raise Refused(t("This was deleted in Slack. Write it as a new message."))


def settled(kept: Kept) -> tuple[Settle, ShowFate]:
    """What was held is a note now."""
    return Settle(kept.id, "note"), ShowFate(kept.source)


def choices(ways: Ways, epoch: int, held: str = "{held}") -> tuple[Choice, ...]:
    """Buttons under a question about a held message."""
    return tuple(
        Choice(f"held_{answer}", label, f"{held}:{epoch}", "primary" if style else "") for answer, label, style in ways
    )


def ways_later(shut: Shut) -> Ways:
    """While the customer cannot be answered."""
    return TEMPLATE if shut.templates else SEND[1:]


def ways_for(conversation: Conversation, agent: Agent) -> Ways:
    """For somebody whom the customer does not hear."""
    if agent.role < Role.RESPONDER:
        return (("note", t("Keep as note"), ""),)
    free = conversation.owner is None  # else it takes a customer from a colleague, and should not look like the answer
    ways: Ways = (("send", t("Claim and send"), "primary" if free else ""), ("note", t("Keep as note"), ""))
    take = t("Take over from {owner}", owner=owner_name(conversation))
    return ways if free else (*ways, ("take", take, ""))


def who_hears(conversation: Conversation) -> str:
    """Why the customer did not get what somebody else wrote."""
    if conversation.owner is None:
        return t("Nobody has claimed this conversation, so the customer did not get this.")
    return t("Only {owner}'s messages reach the customer, so this was not sent.", owner=owner_name(conversation))


def _now(conversation: Conversation) -> str:
    if conversation.owner:
        return t("Now {owner} has the conversation.", owner=owner_name(conversation))
    return t("Nobody owns the conversation now.")
