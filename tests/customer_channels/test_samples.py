"""Every kind of update, status and error that the platforms send becomes something that people see, or is named here.

The samples have the platforms' real shapes, with made-up values. A new kind is one line more in them.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telegram.constants import MessageType, UpdateType

from bridge.customer_channels._http import Reply
from bridge.customer_channels.telegram import errors as telegram_errors
from bridge.customer_channels.telegram import updates
from bridge.customer_channels.telegram.reader import ALLOWED
from bridge.customer_channels.whatsapp import errors as whatsapp_errors
from bridge.customer_channels.whatsapp import events
from bridge.errors import DeliveryError
from bridge.ports import (
    Corrected,
    CustomerEvent,
    Echoed,
    Ignored,
    Introduced,
    Noticed,
    Rated,
    Reachable,
    Reacted,
    Receipt,
    Said,
    Troubled,
    Withdrawn,
    Writing,
)

SAMPLES = Path(__file__).parent.parent / "samples"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
OURS = "106540352242922"


def samples(name: str) -> Mapping[str, Any]:
    return json.loads((SAMPLES / name).read_text("utf-8"))


TELEGRAM, WHATSAPP = samples("telegram/updates.json"), samples("whatsapp/webhooks.json")

# What nobody sees, and why that is no loss.
NOT_SHOWN_TELEGRAM = {
    "pinned": "Telegram says it, nobody did",
    "deletion timer": "Telegram says it, nobody did",
    "live location that moves": "each step would be a line; where it began is one",
    "taken into a group": "the bot says there that it answers in private, and leaves",
    "group message": "the same",
    "group edit": "no customer wrote to us",
    "left a group": "no customer wrote to us",
    "other bot": "two bots would talk for ever",
    "account connected": "nothing is wrong with it",
    "our own through an account": "it is in the thread already",
    "new kind of update": "never asked for",
    "not in its shape": "kept as it came, and logged",
}
NOT_SHOWN_WHATSAPP = {
    "reaction to nothing": "kept as it came, and logged",
    "edit of nothing": "kept as it came, and logged",
    "deletion of nothing": "kept as it came, and logged",
    "new kind of status": "whatever it means, the message's last known state stands",
    "account update": "about the account, in Meta's own manager; what stops messages comes as their error",
    "template status": "about templates, in Meta's own manager",
    "another number": "one app may have several; that one's customers are not ours",
    "nobody": "nobody could be answered; kept as it came, and logged",
    "not in its shape": "kept as it came, and logged",
    "empty": "holds nothing",
}
# What a bot is told only if it asks, and why ours does not.
NOT_ASKED_FOR = {
    **dict.fromkeys(("channel_post", "edited_channel_post", "chat_member", "chat_join_request"), "only in channels"),
    **dict.fromkeys(("chat_boost", "removed_chat_boost", "message_reaction_count"), "only in channels"),
    **dict.fromkeys(("inline_query", "chosen_inline_result"), "the bot has no inline mode"),
    **dict.fromkeys(("shipping_query", "pre_checkout_query", "purchased_paid_media"), "the bot sells nothing"),
    **dict.fromkeys(("poll", "poll_answer"), "the bot makes no polls"),
    **dict.fromkeys(("managed_bot", "guest_message"), "the bot manages no others and is nobody's guest"),
}
WHATSAPP_KINDS = {
    *("text", "image", "video", "audio", "document", "sticker", "location", "contacts", "reaction", "interactive"),
    *("button", "order", "system", "request_welcome", "ephemeral", "unsupported", "unknown", "edit", "revoke"),
    "hologram",
}


def is_seen(event: CustomerEvent) -> bool:
    """Whether people in the workspace see anything of it."""
    match event:
        case Said():
            return bool(event.text or event.about or event.files or event.unsupported)
        case Corrected():
            return bool(event.text or event.about or event.files)
        case Noticed() | Echoed() | Troubled():
            return bool(event.text)
        case Receipt():
            return event.status != "failed" or bool(event.reason)
        case Reacted() | Withdrawn() | Reachable() | Introduced() | Rated() | Writing():
            return True
        case Ignored():
            return False


@pytest.mark.parametrize("name", TELEGRAM)
def test_every_update_of_telegram_is_seen_or_named_here(name: str) -> None:
    received = updates.read(TELEGRAM[name], "7000000001", NOW)
    assert received
    assert all(one.keys and json.loads(one.raw) for one in received)
    seen = [is_seen(one.event) for one in received]  # type: ignore[arg-type]
    assert seen == [name not in NOT_SHOWN_TELEGRAM] * len(seen)


@pytest.mark.parametrize("name", WHATSAPP)
def test_every_webhook_of_whatsapp_is_seen_or_named_here(name: str) -> None:
    received = events.read(WHATSAPP[name], OURS)
    assert received
    assert all(one.keys for one in received)
    seen = [is_seen(one.event) for one in received]  # type: ignore[arg-type]
    assert any(seen) == (name not in NOT_SHOWN_WHATSAPP)
    assert all(is_seen(one.event) or one.event == Ignored("deleted before it came") for one in received if any(seen))  # type: ignore[arg-type]


JUNK = (None, True, -1, 10**30, 1e308, "", "x" * 5000, [], [5], {}, {"x": 5})


def broken(value: Any) -> Iterator[Any]:
    """The same with each of its parts in turn being something else."""
    yield from JUNK
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for at, part in parts:
        for instead in broken(part):
            whole = value.copy()
            whole[at] = instead
            yield whole


@pytest.mark.parametrize("name", TELEGRAM)
def test_an_update_of_telegrams_that_is_broken_anywhere_is_kept(name: str) -> None:
    for update in filter(updates.is_update, broken(TELEGRAM[name])):
        assert all(one.keys for one in updates.read(update, "7000000001", NOW))


@pytest.mark.parametrize("name", WHATSAPP)
def test_a_webhook_of_whatsapps_that_is_broken_anywhere_is_kept(name: str) -> None:
    for hook in broken(WHATSAPP[name]):
        assert events.read(hook, OURS)


def test_nothing_is_excused_that_there_is_no_sample_of() -> None:
    assert NOT_SHOWN_TELEGRAM.keys() <= TELEGRAM.keys()
    assert NOT_SHOWN_WHATSAPP.keys() <= WHATSAPP.keys()


def test_there_is_a_sample_of_every_update_that_the_bot_asks_for_and_a_reason_for_every_other() -> None:
    sampled = {kind for update in TELEGRAM.values() for kind in update}
    assert {*ALLOWED} <= sampled
    assert {str(kind.value) for kind in UpdateType} - {*ALLOWED} == NOT_ASKED_FOR.keys()


@pytest.mark.parametrize("kind", [str(kind.value) for kind in MessageType])
def test_no_kind_of_message_that_telegram_has_is_lost(kind: str) -> None:
    """Also those of which there is no sample: most of them are told of in groups only."""
    message = TELEGRAM["nothing but its frame"]["message"]
    [received] = updates.read({"update_id": 1, "message": {**message, kind: {"new": "shape"}}}, "7", NOW)
    event = received.event
    if kind in ("text", "effect_id", "reply_to_story", "sender_boost_count"):
        return  # no kind of its own, or never an object
    assert isinstance(event, Said) or (kind in updates.NOTICES and event == Ignored("notice"))
    assert not isinstance(event, Said) or event.unsupported


def test_there_is_a_sample_of_every_kind_of_message_and_status_of_whatsapps() -> None:
    values = [change["value"] for hook in WHATSAPP.values() for entry in hook["entry"] for change in entry["changes"]]
    kinds = {message.get("type") for value in values for message in value.get("messages", [])} - {None}
    statuses = {status["status"] for value in values for status in value.get("statuses", [])}
    assert kinds == WHATSAPP_KINDS
    assert statuses == {"sent", "delivered", "read", "played", "failed", "warning"}


@pytest.mark.parametrize(("name", "sample"), samples("telegram/errors.json").items())
def test_every_refusal_of_telegrams_is_told_in_words(name: str, sample: Any) -> None:
    answer = sample["answer"]
    with pytest.raises(DeliveryError) as caught:
        telegram_errors.result(Reply(answer["error_code"], json.dumps(answer).encode()))
    assert sample["means"] in {kind.__name__ for kind in type(caught.value).__mro__[:3]}
    assert ("refused it" in str(caught.value)) == (name == "new one")


@pytest.mark.parametrize(("code", "sample"), samples("whatsapp/errors.json").items())
def test_every_code_of_whatsapps_is_told_in_words(code: str, sample: Any) -> None:
    refusal = whatsapp_errors.refusal(Reply(400, json.dumps(sample["answer"]).encode()))
    assert sample["means"] in {kind.__name__ for kind in type(refusal).__mro__[:2]}
    assert "(code" not in whatsapp_errors.failure([{"code": int(code)}])
    assert sample["means"] != "Undeliverable" or "(code" not in str(refusal)


def test_a_code_that_nobody_knows_is_told_with_its_number() -> None:
    assert whatsapp_errors.failure([{"code": 139999}]) == "WhatsApp could not deliver it (code 139999)."
