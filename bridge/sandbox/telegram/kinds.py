"""What customers share beside text and files: places, people, polls, dice. As the Bot API gives it, or refused."""

from collections.abc import Callable
from typing import Any

More = dict[str, Any]
Fields = dict[str, Any]

# Emoji and the highest number that each throws.
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
LONGEST_QUESTION, LONGEST_OPTION, OPTIONS = 300, 100, range(2, 13)


class Wrong(Exception):
    """No app of Telegram's sends this."""


def shared(kind: str, more: More) -> Fields:
    """The fields of a message of this kind; one that this look-alike does not know is an empty object of that name."""
    return KINDS[kind](more) if kind in KINDS else {kind: {}}


def around(answered: Fields | None, more: More, now: float) -> Fields:
    """What a message says of where it comes from and what it answers."""
    fields: Fields = {"reply_to_message": answered} if answered else {}
    if quote := str(more.get("quote") or ""):
        if quote not in str((answered or {}).get("text", "")):
            raise Wrong("quote_not_in_message")
        fields["quote"] = {"text": quote, "position": answered["text"].index(quote) if answered else 0}
    if who := str(more.get("forwarded_from") or ""):
        fields["forward_origin"] = {"type": "hidden_user", "sender_user_name": who, "date": int(now) - 60}
    return fields


def _location(more: More) -> Fields:
    latitude, longitude = more.get("latitude"), more.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        raise Wrong("no_location")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Wrong("no_such_place")
    moves = {"live_period": int(more["live_period"])} if more.get("live_period") else {}
    return {"location": {"latitude": latitude, "longitude": longitude, **moves}}


def _venue(more: More) -> Fields:
    """Sent twice, once as a bare location."""
    if not more.get("title") or not more.get("address"):
        raise Wrong("no_venue")
    location = _location(more)
    return {"venue": {**location, "title": str(more["title"]), "address": str(more["address"])}, **location}


def _contact(more: More) -> Fields:
    if not more.get("phone_number") or not more.get("first_name"):
        raise Wrong("no_contact")
    names = ("phone_number", "first_name", "last_name", "vcard")
    known = {"user_id": int(more["user_id"])} if more.get("user_id") else {}  # whose number it is, if they are there
    return {"contact": {name: str(more[name]) for name in names if more.get(name)} | known}


def _poll(more: More) -> Fields:
    question, options = str(more.get("question") or ""), [str(each) for each in more.get("options") or []]
    if not 0 < len(question) <= LONGEST_QUESTION or len(options) not in OPTIONS:
        raise Wrong("no_poll")
    if not all(0 < len(option) <= LONGEST_OPTION for option in options):
        raise Wrong("no_poll")
    poll: Fields = {"id": "5000000000000001", "question": question, "total_voter_count": 0, "type": "regular"}
    numbered = enumerate(options, start=1)
    poll["options"] = [{"persistent_id": f"{at}", "text": text, "voter_count": 0} for at, text in numbered]
    more = dict.fromkeys(("is_closed", "allows_multiple_answers", "allows_revoting", "members_only"), False)
    return {"poll": poll | more | {"is_anonymous": True}}


def _dice(more: More) -> Fields:
    emoji, value = str(more.get("emoji") or "🎲"), more.get("value", 1)
    if emoji not in DICE or value not in range(1, DICE[emoji] + 1):
        raise Wrong("no_dice")
    return {"dice": {"emoji": emoji, "value": value}}


KINDS: dict[str, Callable[[More], Fields]] = {
    "location": _location,
    "venue": _venue,
    "contact": _contact,
    "poll": _poll,
    "dice": _dice,
}
