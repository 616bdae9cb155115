"""What customers do beside writing: reactions, blocking us, what their platform tells of them; and what they reply to.

It is told in the thread while a person is wanted, and kept among the messages in any case. No bot is asked about it.
"""

from datetime import datetime

from bridge.alarms import tell_admins
from bridge.content import Author, Line
from bridge.conversation import Conversation, team_answers
from bridge.effects import Mirror, PostNotice, RedrawCard
from bridge.i18n import joined, t
from bridge.language.words import cut
from bridge.letters import carry_out
from bridge.ports import Corrected, Echoed, Noticed, Reachable, Reacted, Said, Troubled
from bridge.session import Session
from bridge.store import conversations, messages, quotes, waits
from bridge.store.conversations import Contact
from bridge.store.tx import Tx

QUOTED = 80  # characters of what somebody replies to


def readable(tx: Tx, conversation: int, said: Said | Corrected) -> str:
    """What was said, below what the bridge says of it, and a word about what came along and cannot be shown."""
    what = said.unsupported if isinstance(said, Said) else ""
    unsupported = t("[unsupported: {what}]", what=what) if what else ""
    above = [*(_answered(tx, conversation, said) if isinstance(said, Said) else ()), *said.about]
    if not above and not what:
        return said.text  # with its marks, which no other text keeps
    below = [said.text.lstrip(), unsupported]
    return joined([it for it in (*above, *below) if it], "\n")


def _answered(tx: Tx, conversation: int, said: Said) -> list[str]:
    if not said.answers:
        return []
    words = quotes.said_as(tx, conversation, said.answers)
    if words:
        return [t("In answer to: {words}", words=cut(" ".join(words.split()), QUOTED))]
    return [t("In answer to an earlier message")]


def aside(session: Session, channel: str, event: Reacted | Noticed | Echoed | Reachable | Troubled) -> None:
    """Take one of these."""
    match event:
        case Reacted():
            _reacted(session, channel, event)
        case Noticed():
            _noticed(session, channel, event)
        case Echoed():
            _echoed(session, channel, event)
        case Reachable():
            _reachable(session, channel, event)
        case Troubled():
            label = session.house.doorway(channel).label
            told = t("{channel} reports a problem with our account: {what}", channel=label, what=event.text)
            tell_admins(session, f"trouble:{channel}:{event.text}", told, "channel.trouble")


def _reacted(session: Session, channel: str, event: Reacted) -> None:
    """On what, and with which emoji."""
    if (known := conversations.known(session.tx, channel, event.chat)) is None:
        return
    quote = quotes.said_as(session.tx, known[0].id, event.id) or ""
    if event.emoji and quote:
        text = t("The customer reacted with {emoji} to:", emoji=event.emoji)
    elif event.emoji:
        text = t("The customer reacted with {emoji} to an earlier message.", emoji=event.emoji)
    elif quote:
        text = t("The customer took back their reaction to:")
    else:
        text = t("The customer took back their reaction to an earlier message.")
    _tell(session, *known, text, event.at, quote, about=f"reaction:{event.id}")


def _noticed(session: Session, channel: str, event: Noticed) -> None:
    """What the platform tells of a customer. Of one whom nobody knows that is nothing, unless it names them."""
    known = conversations.known(session.tx, channel, event.chat)
    if known is None and event.name:
        known = conversations.of_chat(session.tx, channel, event.chat, event.name, "", session.now)
    if known is None:
        return
    _tell(session, *known, event.text, event.at)


def _echoed(session: Session, channel: str, event: Echoed) -> None:
    """The team answered past us: an answer like any other, but one that is with the customer already."""
    tx = session.tx
    known = conversations.known(tx, channel, event.chat)  # whose name we know better than the app does
    conversation, contact = known or conversations.of_chat(tx, channel, event.chat, event.name, "", session.now)
    author = Author("agent", t("{channel} app", channel=session.house.doorway(channel).label))
    messages.add(tx, conversation.id, conversation.handoff, author, event.text, "sent", event.at, platform_id=event.id)
    waits.answered(tx, conversation.handoff)
    conversations.save(tx, conversation, team_answers(conversation))
    if conversation.live:
        carry_out(session.scene(conversation, contact), (Mirror(Line(author, event.text, event.at)),))


def _reachable(session: Session, channel: str, event: Reachable) -> None:
    """They blocked us, or came back."""
    if (known := conversations.known(session.tx, channel, event.chat)) is None:
        return
    conversation, contact = known
    conversations.set_reachable(session.tx, conversation.id, event.yes)
    if conversation.live:
        blocked = t("The customer has blocked the bot and cannot be reached.")
        told = t("The customer is back and can be reached again.") if event.yes else blocked
        carry_out(session.scene(conversation, contact), (PostNotice(told), RedrawCard()))


def seen_to_be(session: Session, conversation: Conversation, contact: Contact, *, reachable: bool) -> None:
    """They wrote, so they can be reached; or the platform refused what we sent, so they cannot."""
    if contact.reachable == reachable:
        return
    if conversations.set_reachable(session.tx, conversation.id, reachable) and conversation.live:
        carry_out(session.scene(conversation, contact), (RedrawCard(),))


def _tell(
    session: Session,
    conversation: Conversation,
    contact: Contact,
    text: str,
    at: datetime,
    quote: str = "",
    about: str = "",
) -> None:
    """Of what is told `about` the same thing without a word in between, only the newest is to be read."""
    tx, line = session.tx, joined([text, quote]) if quote else text
    kept = quotes.told_last(tx, conversation.id, conversation.handoff, about)
    again = kept is not None
    if kept is None:
        author, named = Author("system", ""), about or None
        kept = messages.add(
            tx, conversation.id, conversation.handoff, author, line, "received", at, platform_id=named
        )  # fmt: skip
    else:
        messages.set_text(tx, kept, line)
    if conversation.live:
        carry_out(session.scene(conversation, contact), (PostNotice(text, quote, kept=kept, anew=again),))
