"""The rules about what an agent types: who hears it. Pure.

Only the owner's plain text reaches the customer. Everything else stays in the thread, as a note, or is held with a
mark until somebody decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.content import Author
from bridge.conversation import (
    Conversation,
    Decision,
    State,
    may_answer,
    owner_name,
    owns,
    take_over,
)
from bridge.effects import (
    KeepMessage,
    PostNotice,
    Say,
    SendHeld,
    Settle,
    ShowFate,
    TellAgent,
)
from bridge.errors import Refused, WrongEntry
from bridge.files import with_files
from bridge.i18n import joined, t
from bridge.policy import Audience
from bridge.ports import Agent, Choice, Place, Role, Typed
from bridge.reply_window import Shut
from bridge.templates import Filled, Template
from bridge.verbs import HELP, Words, is_verb, read


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


def agent_says(
    conversation: Conversation,
    typed: Typed,
    handoff: int,
    held: Sequence[Kept] = (),
    audience: Audience = "owner",
    shut: Shut | None = None,
) -> Decision:
    """Somebody wrote in the thread of `handoff`, where these messages of theirs are held.

    `shut`: the customer cannot be answered now.
    """
    words = read(typed.text)
    if words.verb in ("note", "say") and not (words.text or typed.files or typed.unsupported):
        raise Refused(t("Write the words after it: `!{verb} ...`.", verb=words.verb))
    if words.verb in ("note", "help", "held", "whisper"):
        return _between_agents(conversation, typed, words, handoff, held, shut)
    if not words.text and not typed.unsupported and not typed.files:
        return Decision(conversation)
    if typed.agent.role is Role.OUTSIDER:
        return _outsider(conversation, typed, words.text)
    if handoff != conversation.handoff or conversation.state in (State.BOT, State.ENDED):
        return _after(conversation, typed, words.text)
    if typed.unsupported:
        return _unable(conversation, typed, words.text)
    if not owns(conversation, typed.agent):
        return _others_say(conversation, typed, words, audience)
    return _owner_says(conversation, typed, words, audience, shut)


def _between_agents(
    conversation: Conversation, typed: Typed, words: Words, handoff: int, held: Sequence[Kept], shut: Shut | None
) -> Decision:
    """What no customer is meant to hear of, whoever says it."""
    match words.verb:
        case "note":
            return _keep(conversation, typed, words.text, "note")
        case "held":
            return _asked_about(conversation, held, handoff, typed.agent, shut)
        case "whisper":
            return _whispered(conversation, typed, words.text, handoff)
        case _:
            return Decision(conversation, (TellAgent(typed.agent.id, HELP),))


def _whispered(conversation: Conversation, typed: Typed, text: str, handoff: int) -> Decision:
    """A note that one person hears of: the owner."""
    may_answer(typed.agent)
    owner = conversation.owner
    if owner is None or handoff != conversation.handoff:
        raise Refused(t("Nobody has this conversation, so nobody can be whispered to. `!note` is for everybody."))
    if owner.id == typed.agent.id:
        raise Refused(t("This conversation is yours: `!note` keeps something for everybody here."))
    if not text:
        raise Refused(t("Write what you want to say: `!whisper offer her a refund`."))
    said = t("{agent} whispers to {owner}. The customer does not hear it.", agent=typed.agent.name, owner=owner.name)
    return _keep(conversation, typed, text, "note").then(PostNotice(said, text, pings=(owner.id,)))


def _others_say(conversation: Conversation, typed: Typed, words: Words, audience: Audience) -> Decision:
    if audience == "explicit" and not words.verb:  # nobody could think that the customer hears it
        return _keep(conversation, typed, words.text, "note")
    return _hold(conversation, typed, words.text, _who_hears(conversation), _ways(conversation, typed.agent))


def _owner_says(
    conversation: Conversation, typed: Typed, words: Words, audience: Audience, shut: Shut | None
) -> Decision:
    may_answer(typed.agent)
    if words.verb == "?":
        unknown = t("`{word}` is not a command, so this was not sent.", word=words.word)
        if is_verb(words.word):
            unknown = t(
                "`{word}` looks like a command, so this was not sent. One stands at the beginning, as in `!note …`.",
                word=words.word,
            )
        return _hold(conversation, typed, words.text, unknown, SEND)
    if typed.mentions and words.verb != "say":
        mentions = t("This mentions {names}, so it was not sent.", names=", ".join(typed.mentions))
        return _hold(conversation, typed, words.text, mentions, SEND)
    if audience == "explicit" and words.verb != "say":
        explicit = t("Here only what begins with `!say` goes to the customer.")
        return _hold(conversation, typed, words.text, explicit, SEND)
    if shut:
        return _hold(conversation, typed, words.text, shut.why, _later(shut))
    said = Say(Author("agent", typed.agent.name), words.text, source=typed.place, files=typed.files)
    return Decision(conversation, (said,))


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
        raise Refused(_NO_WORDS)
    if epoch != conversation.epoch or kept.handoff != conversation.handoff:
        changed = t("Things have changed since this was asked; the message stays held.")
        raise Refused(joined([changed, _now(conversation)]))
    taken = Decision(conversation) if owns(conversation, agent) else take_over(conversation, agent, now)
    if answer == "take" or shut:
        return taken.then(_ask_again(kept, agent, taken.conversation, shut))
    return taken.then(SendHeld(kept.id), ShowFate(kept.source))


def _asked_about(
    conversation: Conversation, held: Sequence[Kept], handoff: int, agent: Agent, shut: Shut | None
) -> Decision:
    """Somebody wants to be asked again about what they wrote and was held."""
    if not held:
        return Decision(conversation, (TellAgent(agent.id, t("No message of yours is held here.")),))
    if handoff != conversation.handoff or conversation.state in (State.BOT, State.ENDED):
        over = t("This handoff is over: what was held here stays in Slack. The customer did not get it.")
        return Decision(conversation, (TellAgent(agent.id, over),))
    mine = owns(conversation, agent)
    why = t("This was held and not sent.") if mine else _who_hears(conversation)
    ways = SEND if mine else _ways(conversation, agent)
    if mine and shut:
        why, ways = shut.why, _later(shut)
    asked = (TellAgent(agent.id, why, it.text, choices(ways, conversation.epoch, str(it.id))) for it in held)
    return Decision(conversation, tuple(asked))


def _ask_again(kept: Kept, agent: Agent, conversation: Conversation, shut: Shut | None) -> TellAgent:
    """Taking over sends nothing by itself: the message stays held until that, too, is decided."""
    text = shut.why if shut else t("You have this conversation now. Send your message to the customer?")
    asked = choices(_later(shut) if shut else SEND, conversation.epoch, str(kept.id))
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
        raise Refused(_NO_WORDS)
    if shut:
        raise Refused(shut.why)
    return Decision(conversation, (SendHeld(kept.id), ShowFate(kept.source)))


def not_deleted(kept: Kept) -> None:
    """Refused for what is not there any more: whoever deleted it does not want it to be said."""
    if kept.deleted:
        raise Refused(t("This was deleted in Slack. Write it as a new message."))


def may_reply(conversation: Conversation, agent: Agent) -> None:
    """Refused for whom the customer does not hear."""
    may_answer(agent)
    if conversation.owner is None:
        raise Refused(t("Nobody has claimed this conversation. Claim it first; then you can reply."))
    if not owns(conversation, agent):
        raise Refused(t("Only {owner} can say something to the customer here.", owner=owner_name(conversation)))


def say_draft(conversation: Conversation, agent: Agent, text: str, shut: Shut | None = None) -> Decision:
    """The owner sends what was suggested, as they changed it. The thread shows it, for nobody typed it there."""
    may_reply(conversation, agent)
    if not text.strip():
        raise Refused(_NO_WORDS)
    if shut:
        raise WrongEntry({"text": shut.why})  # the window stays open, and their words in it
    shown = PostNotice(t("{agent} to the customer:", agent=agent.name), text.strip(), of_reply=True)
    return Decision(conversation, (Say(Author("agent", agent.name), text.strip()), shown))


def say_template(conversation: Conversation, agent: Agent, template: Template, values: Mapping[str, str]) -> Decision:
    """The owner sends what the platform has approved. The thread shows what the customer reads."""
    may_reply(conversation, agent)
    said = template.filled(values)
    filled = Filled(template.name, template.language, tuple((blank, values[blank]) for blank in template.blanks))
    told = t("{agent} to the customer, by the template {name}:", agent=agent.name, name=template.name)
    shown = PostNotice(told, said, of_reply=True)
    return Decision(conversation, (Say(Author("agent", agent.name), said, template=filled), shown))


_NO_WORDS = t("There are no words in this that could be sent.")
SEND = (("send", t("Send"), "primary"), ("note", t("Keep as note"), ""))
TEMPLATE = (("template", t("Send a template …"), "primary"), SEND[1])
_Ways = tuple[tuple[str, str, str], ...]


def _later(shut: Shut) -> _Ways:
    return TEMPLATE if shut.templates else SEND[1:]


def _ways(conversation: Conversation, agent: Agent) -> _Ways:
    if agent.role < Role.RESPONDER:
        return (("note", t("Keep as note"), ""),)
    free = conversation.owner is None  # else it takes a customer from a colleague, and should not look like the answer
    ways: _Ways = (("send", t("Claim and send"), "primary" if free else ""), ("note", t("Keep as note"), ""))
    take = t("Take over from {owner}", owner=owner_name(conversation))
    return ways if free else (*ways, ("take", take, ""))


def _who_hears(conversation: Conversation) -> str:
    if conversation.owner is None:
        return t("Nobody has claimed this conversation, so the customer did not get this.")
    return t("Only {owner}'s messages reach the customer, so this was not sent.", owner=owner_name(conversation))


def _hold(conversation: Conversation, typed: Typed, text: str, why: str, ways: _Ways) -> Decision:
    """Keep the words, mark the message, and ask. The desk puts the message's number into the choices."""
    asked = choices(ways, conversation.epoch)
    kept = _keep(conversation, typed, text, "held")
    return kept.then(ShowFate(typed.place), TellAgent(typed.agent.id, why, with_files(text, typed.files), asked))


def choices(ways: _Ways, epoch: int, held: str = "{held}") -> tuple[Choice, ...]:
    """Buttons under a question about a held message."""
    return tuple(
        Choice(f"held_{answer}", label, f"{held}:{epoch}", "primary" if style else "") for answer, label, style in ways
    )


def _keep(conversation: Conversation, typed: Typed, text: str, state: str) -> Decision:
    author = Author("agent", typed.agent.name)
    kept = KeepMessage(author, typed.agent.id, text, typed.place, "held" if state == "held" else "note", typed.files)
    return Decision(conversation, (kept,))


def _outsider(conversation: Conversation, typed: Typed, text: str) -> Decision:
    told = t("You are a guest here: what you write stays in Slack and does not reach the customer.")
    everybody = t("{agent} is a guest here: what they write does not reach the customer.", agent=typed.agent.name)
    return _keep(conversation, typed, text, "note").then(
        TellAgent(typed.agent.id, told), PostNotice(everybody, once=f"guest:{typed.thread.ts}:{typed.agent.id}")
    )


def _unable(conversation: Conversation, typed: Typed, text: str) -> Decision:
    """Nothing is sent half."""
    unable = t("Nothing of this was sent to the customer: {why}", why=typed.unsupported)
    return _keep(conversation, typed, text, "note").then(TellAgent(typed.agent.id, unable, text))


def _after(conversation: Conversation, typed: Typed, text: str) -> Decision:
    over = t("This handoff is over, so your message stays here as a note. The customer did not get it.")
    return _keep(conversation, typed, text, "note").then(TellAgent(typed.agent.id, over))


def settled(kept: Kept) -> tuple[Settle, ShowFate]:
    """What was held is a note now."""
    return Settle(kept.id, "note"), ShowFate(kept.source)


def _now(conversation: Conversation) -> str:
    if conversation.owner:
        return t("Now {owner} has the conversation.", owner=owner_name(conversation))
    return t("Nobody owns the conversation now.")
