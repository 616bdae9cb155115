"""The rules about what an agent types: who hears it. Pure.

Only the owner's plain text reaches the customer. Everything else stays in the thread, as a note, or is held with a
mark until somebody decides.
"""

from collections.abc import Sequence

from bridge.content import Author
from bridge.conversation import Conversation, Decision, State, may_answer, owns
from bridge.effects import KeepMessage, PostNotice, Say, ShowFate, TellAgent
from bridge.errors import Refused
from bridge.files import with_files
from bridge.held import SEND, Kept, Ways, asked_about, choices, ways_for, ways_later, who_hears
from bridge.i18n import t
from bridge.policy import Audience
from bridge.ports import Role, Typed
from bridge.reply_window import Shut
from bridge.verbs import HELP, Words, is_verb, read


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
            return asked_about(conversation, held, handoff, typed.agent, shut)
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
    return _hold(conversation, typed, words.text, who_hears(conversation), ways_for(conversation, typed.agent))


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
        return _hold(conversation, typed, words.text, shut.why, ways_later(shut))
    said = Say(Author("agent", typed.agent.name), words.text, source=typed.place, files=typed.files)
    return Decision(conversation, (said,))


def _hold(conversation: Conversation, typed: Typed, text: str, why: str, ways: Ways) -> Decision:
    """Keep the words, mark the message, and ask. The desk puts the message's number into the choices."""
    asked = choices(ways, conversation.epoch)
    kept = _keep(conversation, typed, text, "held")
    return kept.then(ShowFate(typed.place), TellAgent(typed.agent.id, why, with_files(text, typed.files), asked))


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
