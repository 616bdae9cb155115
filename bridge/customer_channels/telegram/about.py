"""What Telegram says around a message, and what it shows beside text and files, as lines for agents. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from bridge.customer_channels._about import line, listed, person, place
from bridge.customer_channels._kinds import UNKNOWN, in_words
from bridge.customer_channels.telegram import media
from bridge.i18n import t
from bridge.language.words import cut

Json = Mapping[str, Any]
Lines = tuple[str, ...]
QUOTED = 80  # characters of what somebody replies to

# Telegram sends some kinds twice: an animation also as a document, a venue also as a location. The first one counts.
KINDS = (
    *(*media.KINDS, "venue", "location", "contact", "poll", "dice", "story", "paid_media", "checklist", "game"),
    "invoice",
)
# What every message may have, whatever it shows.
_FRAME = {
    *("message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count"),
    *("sender_business_bot", "sender_tag", "date", "chat", "business_connection_id", "forward_origin", "quote"),
    *("is_topic_message", "is_automatic_forward", "reply_to_message", "reply_to_story", "reply_to_checklist_task_id"),
    *("external_reply", "via_bot", "edit_date", "has_protected_content", "is_from_offline", "is_paid_post"),
    *("media_group_id", "author_signature", "paid_star_count", "text", "entities", "link_preview_options"),
    *("suggested_post_info", "effect_id", "caption", "caption_entities", "show_caption_above_media"),
    *("has_media_spoiler", "reply_markup"),
}


def kind_of(message: Json) -> str:
    """What it shows beside text, in words; of a kind that is new, by its own name."""
    known = next((kind for kind in KINDS if kind in message), "")
    return in_words(known or next((name for name in message if name not in _FRAME), UNKNOWN))


def around(message: Json) -> Lines:
    """Where it comes from, and what it answers."""
    origin = message.get("forward_origin")
    forwarded = (_forwarded(origin),) if isinstance(origin, Mapping) else ()
    return (*forwarded, *_answers(message))


def shown(message: Json) -> Lines:
    """A place, a person, a poll ... in words; nothing for what is not one of these, or has not the shape of one."""
    kind = next((kind for kind in KINDS if kind in message), "")
    content = message.get(kind)
    return SHOWN[kind](content) if kind in SHOWN and isinstance(content, Mapping) else ()


def reaction(reactions: object) -> str:
    """The emoji of a list of reactions. A customer's own ones have none that we could show."""
    found = [_emoji(one) for one in reactions if isinstance(one, Mapping)] if isinstance(reactions, list) else []
    return " ".join(found[:5])


def _emoji(one: Json) -> str:
    match one.get("type"):
        case "emoji":
            return line(one.get("emoji"))[:20] or "?"
        case "paid":
            return "⭐"
        case _:
            return t("an emoji of their own")


def _forwarded(origin: Json) -> str:
    person, chat = origin.get("sender_user"), origin.get("sender_chat") or origin.get("chat")
    who = line(origin.get("sender_user_name"))
    if isinstance(person, Mapping):
        who = _name(person)
    elif isinstance(chat, Mapping):
        who = line(chat.get("title")) or _name(chat)
    return t("Forwarded from {who}", who=who) if who else t("Forwarded")


def _answers(message: Json) -> Lines:
    answered, quote = message.get("reply_to_message"), message.get("quote")
    words = line(quote.get("text")) if isinstance(quote, Mapping) else ""
    if isinstance(answered, Mapping):
        said = words or line(answered.get("text")) or line(answered.get("caption")) or kind_of(answered)
        return (t("In answer to: {words}", words=cut(said, QUOTED)),)
    if words:
        return (t("In answer to: {words}", words=cut(words, QUOTED)),)
    if "external_reply" in message:
        return (t("In answer to a message of another chat"),)
    return (t("In answer to a story"),) if "reply_to_story" in message else ()


def _name(person: Json) -> str:
    full = f"{line(person.get('first_name'))} {line(person.get('last_name'))}".strip()
    return full or line(person.get("username"))


def _venue(venue: Json) -> Lines:
    where = venue.get("location")
    return place(where, venue.get("title"), venue.get("address")) if isinstance(where, Mapping) else ()


def _location(location: Json) -> Lines:
    found = place(location)
    moves = (t("It moves; only where it began is shown here."),) if found and "live_period" in location else ()
    return (*found, *moves)


def _contact(contact: Json) -> Lines:
    told = person(_name(contact), [contact.get("phone_number")])
    return (told,) if told else ()


def _poll(poll: Json) -> Lines:
    options = poll.get("options")
    texts = [each.get("text") for each in options if isinstance(each, Mapping)] if isinstance(options, list) else []
    question = line(poll.get("question"))
    return (t("Poll: {question}", question=question), *listed(texts)) if question else ()


def _checklist(checklist: Json) -> Lines:
    tasks, title = checklist.get("tasks"), line(checklist.get("title"))
    texts = [each.get("text") for each in tasks if isinstance(each, Mapping)] if isinstance(tasks, list) else []
    return (t("Checklist: {title}", title=title), *listed(texts)) if title else ()


def _dice(dice: Json) -> Lines:
    emoji, value = line(dice.get("emoji")), dice.get("value")
    return (t("Threw {emoji}: {value}", emoji=emoji, value=value),) if emoji and type(value) is int else ()


SHOWN: Mapping[str, Callable[[Json], Lines]] = {
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "checklist": _checklist,
    "dice": _dice,
}
