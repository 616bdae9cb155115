"""Albums: several messages that are sent, and shown, as one."""

import itertools
from typing import TYPE_CHECKING, Any

from bridge.sandbox.telegram import files
from bridge.sandbox.telegram.asked import Asked, bad_request
from bridge.sandbox.telegram.sending import find_chat, record, topic_of

if TYPE_CHECKING:
    from bridge.sandbox.telegram.bot_api import Telegram

# Platform facts 2.2.
SIZES = range(2, 11)
TOGETHER = (frozenset(("photo", "video")), frozenset(("document",)), frozenset(("audio",)))
_numbers = itertools.count(13_000_000_000_000_001)


async def send_media_group(telegram: "Telegram", asked: Asked) -> Any:
    """`sendMediaGroup`: all of it, or nothing."""
    chat, wanted = find_chat(telegram, asked), asked.listed("media", dict)
    if not wanted or len(wanted) not in SIZES:
        raise bad_request("wrong number of items in the media group")
    kinds = {str(each.get("type")) for each in wanted}
    if not any(kinds <= those for those in TOGETHER):
        raise bad_request("media of different types can't be mixed in an album")
    parts = [files.checked(telegram, Asked(each, asked.files), str(each["type"]), "media") for each in wanted]
    topic = topic_of(chat, asked)
    telegram.pace(chat)
    album, sent = str(next(_numbers)), []
    for part in parts:
        extra = part.kept(telegram) | topic | {"media_group_id": album}
        sent.append(telegram.new_message(chat, by_bot=True, text=part.caption, entities=part.entities, extra=extra))
    chat.typing_until = 0.0
    record(telegram, "sendMediaGroup", chat, asked, sent[0].id, parts[0].caption)
    return [telegram.as_json(chat, message) for message in sent]


METHODS = {"sendMediaGroup": send_media_group}
