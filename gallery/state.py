"""One thing that Slack shows, in one state; and what Slack gets for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.ports import Card, Form, Post, Whisper
from bridge.team_workspace import cards, posts, views
from bridge.team_workspace.inert import WHISPER_TEXT, Message

from .shop import link

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """`name` is its file: what stands before the first hyphen says where Slack shows it. `says` is read with it."""

    name: str
    says: str
    make: Callable[[], Json]

    @property
    def kind(self) -> str:
        """Where Slack shows it."""
        return self.name.partition("-")[0]

    @property
    def sheet(self) -> str:
        """The picture that it is on."""
        return "nasty" if self.name.startswith(f"{self.kind}-nasty") else self.kind


def card(name: str, says: str, make: Callable[[], Card]) -> State:
    """The first message of a thread."""
    return State(f"card-{name}", says, lambda: _message(cards.card(make(), link)))


def post(name: str, says: str, make: Callable[[], Post]) -> State:
    """A post in a thread, for everybody."""
    return State(f"thread-{name}", says, lambda: _message(posts.post(make())))


def private(name: str, says: str, make: Callable[[], Whisper]) -> State:
    """A word to one person."""
    return State(f"private-{name}", says, lambda: _message(posts.told(make(), WHISPER_TEXT)))


def window(name: str, says: str, make: Callable[[], Form]) -> State:
    """A window over everything."""
    return State(f"window-{name}", says, lambda: views.modal(make(), link))


def told(name: str, says: str, make: Callable[[], Whisper]) -> State:
    """A private word that is said in a window."""
    return State(f"window-{name}", says, lambda: views.told(make(), link))


def home(name: str, says: str, make: Callable[[], Form]) -> State:
    """The app's own page."""
    return State(f"home-{name}", says, lambda: views.home(make(), link))


def board(name: str, says: str, make: Callable[[], Form]) -> State:
    """The pinned message in the queue channel."""
    return State(f"board-{name}", says, lambda: _message(views.board(make(), link)))


def _message(drawn: Message) -> Json:
    return {"text": drawn.text, "blocks": drawn.blocks}
