"""What becomes of an agent's reaction in Slack: the customer sees it on their message, or it stays there. Pure.

Agents tell each other with reactions, too: that they look into something, that it is done. So only the owner's count,
only on what the customer wrote, and by default only those that nobody takes for such a sign.
"""

import re
from dataclasses import dataclass

from bridge.conversation import Conversation, Decision, may_answer, owns
from bridge.effects import KeepReactions, React, TellAgent
from bridge.i18n import t
from bridge.policy import Reactions
from bridge.ports import Emoted
from bridge.reply_window import Shut

FRIENDLY = frozenset("👍❤🧡💛💚💙💜😀😃😄😁😊🙂😂🤣😍🥰🤩🤗🙏👏🙌🎉🥳😢")
"""What people say to each other, and hardly of their work."""
_LOOKS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")


@dataclass(frozen=True, slots=True)
class Shown:
    """Something said in a chat, as it stands in a thread. `reactions` are those of one agent, oldest first.

    The customer is to see the last of them: they see one of ours at a time.
    """

    message: int
    handoff: int
    author: str
    deleted: bool = False
    agent_id: str = ""
    reactions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How a reaction could come to the customer."""

    channel: str
    carries: bool = True
    which: Reactions = "friendly"
    shut: Shut | None = None


def bare(emoji: str) -> str:
    """Without the colour of a skin, and without the sign that it is to be shown in colours."""
    return _LOOKS.sub("", emoji)


def agent_reacts(conversation: Conversation, shown: Shown, event: Emoted, reach: Reach) -> Decision:
    """Somebody put a reaction on what stands there, or took theirs away."""
    here = shown.author == "customer" and shown.handoff == conversation.handoff
    if not here or not owns(conversation, event.agent) or reach.which == "none":
        return Decision(conversation)  # among agents
    before = shown.reactions if shown.agent_id == event.agent.id else ()
    rest = tuple(it for it in before if it != event.emoji)
    after = (*rest, event.emoji) if event.on else rest
    if after == before:
        return Decision(conversation)
    stays = _stays(shown, event, reach) if event.on else ("", "")
    if not any(stays) and reach.shut:
        stays = f"shut:{conversation.id}:{conversation.epoch}", reach.shut.why
    if any(stays):
        told = TellAgent(event.agent.id, stays[1], once=f"reaction:{event.agent.id}:{stays[0]}")
        return Decision(conversation, (told,))
    may_answer(event.agent)
    kept = KeepReactions(event.place, event.agent.id, after)
    changes = after[-1:] != before[-1:]
    return Decision(conversation, (kept, React(event.place, event.agent.id)) if changes else (kept,))


def _stays(shown: Shown, event: Emoted, reach: Reach) -> tuple[str, str]:
    """Why a reaction does not go out: in a word, and as a sentence; blank: it does."""
    if not reach.carries:
        why = t("Reactions are not carried on {channel}: the customer does not see yours.", channel=reach.channel)
        return f"on {reach.channel}", why
    if shown.deleted:
        return f"on {shown.message}", t("The customer deleted this message: they do not see your reaction.")
    if not event.emoji:
        why = t("`:{name}:` is known in this workspace only: the customer does not see it.", name=event.name)
        return "their own", why
    if reach.which == "friendly" and bare(event.emoji) not in FRIENDLY:
        why = t(
            "{emoji} stays in Slack. Of your reactions customers see those such as 👍 ❤️ 😂 🙏 🎉, and none that "
            "could be a sign among you.",
            emoji=event.emoji,
        )
        return "unfriendly", why
    return "", ""
