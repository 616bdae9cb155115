"""Channels, and reading back what was said in them."""

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from bridge.sandbox.slack.call import Call, method
from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.slack.limits import PER_MINUTE
from bridge.sandbox.slack.shapes import channel_json
from bridge.sandbox.slack.workspace import BOT_USER, TEAM, Channel, Thread

if TYPE_CHECKING:
    from bridge.sandbox.slack.slack import Slack

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")


@method("conversations.info", PER_MINUTE[3], *READ)
def info(slack: "Slack", call: Call) -> Json:
    return {"channel": channel_json(slack.workspace.channel(call.need("channel")))}


@method("conversations.list", PER_MINUTE[2], *READ)
def list_(slack: "Slack", call: Call) -> Json:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    wanted = {kinds.get(name.strip()) for name in (call.get("types") or "public_channel").split(",")}
    found = [
        channel_json(channel)
        for channel in slack.workspace.channels.values()
        if channel.kind in wanted
        and (channel.kind == "channel" or BOT_USER in channel.members)
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    return page(call, "channels", found, 100)


@method("conversations.members", PER_MINUTE[4], *READ)
def members(slack: "Slack", call: Call) -> Json:
    channel = slack.workspace.channel(call.need("channel"))
    return page(call, "members", sorted(channel.members), 100)


@method("conversations.join", PER_MINUTE[3], "channels:join")
def join(slack: "Slack", call: Call) -> Json:
    channel = slack.workspace.channel(call.need("channel"))
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    if BOT_USER not in channel.members:
        channel.members.add(BOT_USER)
        event: Json = {"type": "member_joined_channel", "user": BOT_USER, "channel": channel.id, "channel_type": "C"}
        slack.events.emit(channel, event | {"team": TEAM, "event_ts": slack.workspace.ts()})
    return {"channel": channel_json(channel)}


@method("conversations.open", PER_MINUTE[3], "im:write", "mpim:write")
def open_(slack: "Slack", call: Call) -> Json:
    users = [name for name in (call.get("users") or "").split(",") if name]
    if not users and (identifier := call.get("channel")):
        return {"channel": {"id": slack.workspace.channel(identifier).id}}
    if len(users) != 1:
        raise Refused("users_list_not_supplied" if not users else "too_many_users")
    user = slack.workspace.user(users[0])
    channel = slack.workspace.direct(user)
    call.keep(chat=channel.id)
    return {"channel": {"id": channel.id} | (channel_json(channel) if call.flag("return_im") else {})}


def _readable(slack: "Slack", call: Call) -> Channel:
    channel = slack.workspace.channel(call.need("channel"))
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    return channel


@method("conversations.history", PER_MINUTE[3], *HISTORY)
def history(slack: "Slack", call: Call) -> Json:
    """Newest first, without replies in threads."""
    channel = _readable(slack, call)
    low, high = _between(call, channel.timeline)
    limit = min(max(1, call.number("limit", 100)), 999)
    if cursor := call.get("cursor"):
        high = min(high, bisect_left(channel.timeline, cursor))
    start = max(low, high - limit)
    chosen = channel.timeline[start:high][::-1]
    found = [_read(channel, ts, call) for ts in chosen]
    return _answer(found, chosen[-1] if start > low else None) | {"pin_count": len(channel.pins)}


@method("conversations.replies", PER_MINUTE[3], *HISTORY)
def replies(slack: "Slack", call: Call) -> Json:
    """The root first, then its replies from oldest to newest. Any message of the thread names it."""
    channel, ts = _readable(slack, call), call.need("ts")
    message = channel.messages.get(ts)
    if message is None:
        raise Refused("thread_not_found")
    root = message.get("thread_ts", ts)
    ordered = channel.threads.get(root, Thread()).replies
    low, high = _between(call, ordered)
    limit = min(max(1, call.number("limit", 1000)), 1000)
    cursor = call.get("cursor")
    if cursor:
        low = max(low, bisect_right(ordered, cursor))
    end = min(high, low + (limit if cursor else max(1, limit - 1)))
    chosen = ordered[low:end]
    found = [_read(channel, each, call) for each in (chosen if cursor else [root, *chosen])]
    return _answer(found, chosen[-1] if end < high else None)


def _between(call: Call, ordered: list[str]) -> tuple[int, int]:
    """The part of an ordered list of ts that lies between `oldest` and `latest`."""
    oldest, latest, inclusive = call.get("oldest"), call.get("latest"), call.flag("inclusive")
    low = (bisect_left if inclusive else bisect_right)(ordered, _padded(oldest)) if oldest else 0
    high = (bisect_right if inclusive else bisect_left)(ordered, _padded(latest)) if latest else len(ordered)
    return low, max(low, high)


def _padded(ts: str) -> str:
    """A bound in the width of a ts, so that comparing letters compares times."""
    seconds, _, micros = ts.partition(".")
    if not seconds.isdigit() or (micros and not micros.isdigit()):
        raise Refused("invalid_ts_oldest")
    return f"{seconds.zfill(10)}.{micros[:6].ljust(6, '0')}"


def _read(channel: Channel, ts: str, call: Call) -> Json:
    """A message as it is read back; the payload of its metadata only on demand."""
    message = channel.messages[ts]
    if "metadata" in message and not call.flag("include_all_metadata"):
        return message | {"metadata": {"event_type": message["metadata"]["event_type"]}}
    return message


def _answer(found: list[Json], cursor: str | None) -> Json:
    answer: Json = {"messages": found, "has_more": cursor is not None}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def page(call: Call, name: str, found: list[Json] | list[str], default: int) -> Json:
    """One page of a list; the cursor is the place where the next begins."""
    try:
        start = int(call.get("cursor") or 0)
    except ValueError:
        raise Refused("invalid_cursor") from None
    end = start + min(max(1, call.number("limit", default)), 1000)
    following = str(end) if end < len(found) else ""
    return {name: found[start:end], "response_metadata": {"next_cursor": following}}
