"""The rules about what the owner says to the customer without typing it in the thread: a draft, a template. Pure."""

from collections.abc import Mapping

from bridge.content import Author
from bridge.conversation import Conversation, Decision, may_answer, owner_name, owns
from bridge.effects import PostNotice, Say
from bridge.errors import Refused, WrongEntry
from bridge.held import NO_WORDS
from bridge.i18n import t
from bridge.ports import Agent
from bridge.reply_window import Shut
from bridge.templates import Filled, Template


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
        raise Refused(NO_WORDS)
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
