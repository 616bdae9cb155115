"""The workspace itself: its people, channels and messages, and the clock that numbers them."""

import re
from collections import Counter
from dataclasses import dataclass, field

from bridge.sandbox.slack.errors import Json, Refused
from bridge.sandbox.world import World

TEAM, OTHER_TEAM = "T0SANDBOX", "T0EXTERN"
BOT_USER, BOT, APP = "U0BRIDGE", "B0BRIDGE", "A0BRIDGE"
DOMAIN = "sandbox"
USER_ID, NOT_IN_HANDLES = re.compile(r"[UW][A-Z0-9]{4,}"), re.compile(r"[^\w.-]+")
COLOURS = ("e8912d", "2bac76", "4bbe2e", "e0a729", "9b3b45", "5b89d5", "d55aef", "3c989f")

# Some of those that people can choose in Slack.
LOCALES = ("de-DE", "en-GB", "en-US", "es-ES", "fr-FR", "it-IT", "ja-JP", "pt-BR")

COMMANDS: list[Json] = [
    {"command": name, "description": description, "usage_hint": hint, "should_escape": True}
    for name, description, hint in (
        ("/handback", "Give a chat back to the bot", "[#number] [note]"),
        ("/takeover", "Take over a chat from the bot", "[search]"),
        ("/queue", "Show chats", "[queued|mine|claimed|all]"),
        ("/desk", "Help, availability, settings, stats", ""),
    )
]


@dataclass(slots=True)
class User:
    """Somebody in the workspace, or the bot."""

    id: str
    handle: str
    name: str
    team: str = TEAM
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    locale: str = "en-US"
    teams: tuple[str, ...] = ()  # of an Enterprise organisation, in which somebody is at home
    presence: str = "active"
    color: str = COLOURS[0]

    @property
    def email(self) -> str:
        return f"{self.handle}@{self.team.lower()}.example"


@dataclass(slots=True)
class Thread:
    """The replies below one message, oldest first, and who wrote how many."""

    replies: list[str] = field(default_factory=list[str])
    authors: Counter[str] = field(default_factory=Counter[str])


@dataclass(slots=True)
class Channel:
    """A channel or direct message with everything said in it, indexed by ts and by thread."""

    id: str
    name: str
    kind: str = "channel"  # as in channel_type: channel, group or im
    members: set[str] = field(default_factory=set[str])
    partner: str | None = None
    is_archived: bool = False
    is_ext_shared: bool = False
    created: int = 0
    messages: dict[str, Json] = field(default_factory=dict[str, Json])
    timeline: list[str] = field(default_factory=list[str])  # what the channel itself shows, oldest first
    threads: dict[str, Thread] = field(default_factory=dict[str, Thread])
    pins: dict[str, Json] = field(default_factory=dict[str, Json])

    @property
    def label(self) -> str:
        """The name as interaction payloads have it."""
        return {"im": "directmessage", "group": "privategroup"}.get(self.kind, self.name)

    def message(self, ts: str | None) -> Json:
        """The message with this ts, or Slack's refusal."""
        if ts is None or (message := self.messages.get(ts)) is None:
            raise Refused("message_not_found")
        return message


class Workspace:
    """All that a Slack workspace remembers, without any behaviour towards the app."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.commands, self.shortcuts, self.home_tab = list(COMMANDS), list[Json](), False
        self._last_ts, self._numbers = 0, Counter[str]()  # these outlive a reset: no name is given twice
        self.seed()

    def seed(self) -> None:
        """Forget everything and start with the people and channels of the interface file."""
        self.users: dict[str, User] = {}
        self.handles: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.names: dict[str, Channel] = {}
        self.ephemerals: dict[str, Json] = {}
        self.files: dict[str, Json] = {}
        self.statuses: dict[tuple[str, str], Json] = {}
        self.groups: dict[str, Json] = {}
        for user in (
            User(BOT_USER, "bridge", "Bridge", is_bot=True),
            User("U0ANA", "ana", "Ana Ruiz"),
            User("U0BEN", "ben", "Ben Okafor", locale="en-GB"),
            User("U0CLEA", "clea", "Clea Martin", is_admin=True),
            User("U0GUS", "gus", "Gus Guest", is_restricted=True),
            User("U0EXT", "eve", "Eve External", OTHER_TEAM, is_stranger=True),
        ):
            self.add_user(user)
        agents = set(self.users)
        self.add_channel(Channel("C0SUPPORT", "support-queue", members=set(agents)))
        self.add_channel(Channel("C0GENERAL", "general", members=agents - {BOT_USER, "U0GUS", "U0EXT"}))
        agents_group: Json = {"id": "S0AGENTS", "handle": "agents", "name": "Agents", "users": ["U0ANA", "U0BEN"]}
        self.groups["S0AGENTS"] = agents_group | {"date_delete": 0}

    def number(self, kind: str) -> str:
        """A new identifier such as F000001."""
        self._numbers[kind] += 1
        return f"{kind}{self._numbers[kind]:06d}"

    def ts(self) -> str:
        """The next timestamp: never the same twice, always later than every earlier one."""
        self._last_ts = max(int(self.world.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_user(self, user: User) -> User:
        user.color = COLOURS[len(self.users) % len(COLOURS)]
        self.users[user.id] = self.handles[user.handle] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        channel.created = channel.created or int(self.world.now())
        self.channels[channel.id] = channel
        if channel.kind != "im":
            self.names[channel.name] = channel
        return channel

    def person(self, actor: str) -> User:
        """Who acts: a handle or an id. Somebody unknown joins as an ordinary member."""
        handle = NOT_IN_HANDLES.sub("", actor.lower())
        user = self.users.get(actor) or self.handles.get(handle)
        if user is None and handle:
            return self._newcomer(actor if USER_ID.fullmatch(actor) else "", handle, actor.removeprefix("@"))
        if user is None or user.is_bot:
            raise Refused("user_not_found")
        return user

    def _newcomer(self, identifier: str, handle: str, name: str) -> User:
        identifier = identifier or f"U0{''.join(letter for letter in handle.upper() if letter.isalnum())}"
        while identifier in self.users:
            identifier += "0"
        for channel in self.channels.values():
            if channel.kind == "channel":
                channel.members.add(identifier)
        return self.add_user(User(identifier, handle, name if name != name.lower() else name.title()))

    def user(self, identifier: str | None) -> User:
        if identifier is None or (user := self.users.get(identifier)) is None:
            raise Refused("user_not_found")
        return user

    def channel(self, identifier: str | None) -> Channel:
        """The channel with this id, as far as the bot may know of it."""
        channel = self.channels.get(identifier or "")
        if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
            raise Refused("channel_not_found")
        return channel

    def direct(self, user: User) -> Channel:
        """The direct message between the bot and somebody."""
        identifier = f"D{user.id[1:]}"
        existing = self.channels.get(identifier)
        return existing or self.add_channel(
            Channel(identifier, user.handle, "im", members={BOT_USER, user.id}, partner=user.id)
        )
