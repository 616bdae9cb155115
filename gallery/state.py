"""One thing that Slack shows, in one state; and what Slack gets for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bridge.i18n import again, speaking
from bridge.ports import Card, Form, Post, Whisper
from bridge.team_workspace import cards, posts, views
from bridge.team_workspace.inert import SHORT_TEXT, WHISPER_TEXT, Message, escaped

from .shop import link

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class State:
    """`name` is its file: what stands before the first hyphen says where Slack shows it. `says` is read with it."""

    name: str
    says: str
    made: Callable[[str], Json]

    def make(self, language: str = "en") -> Json:
        """What Slack gets for somebody who reads this language."""
        return self.made(language)

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
    return State(f"card-{name}", says, _worded(make, lambda it: _message(cards.card(it, link))))


def post(name: str, says: str, make: Callable[[], Post]) -> State:
    """A post in a thread, for everybody."""
    return State(f"thread-{name}", says, _worded(make, lambda it: _message(posts.post(it))))


def private(name: str, says: str, make: Callable[[], Whisper]) -> State:
    """A word to one person."""
    return State(f"private-{name}", says, _worded(make, lambda it: _message(posts.told(it, WHISPER_TEXT))))


def direct(name: str, says: str, make: Callable[[], str]) -> State:
    """A message to one person, or to a whole channel, outside of threads."""
    return State(f"direct-{name}", says, _worded(make, lambda it: {"text": escaped(it, SHORT_TEXT)}))


def window(name: str, says: str, make: Callable[[], Form]) -> State:
    """A window over everything."""
    return State(f"window-{name}", says, _drawn(make, lambda it: views.modal(it, link)))


def told(name: str, says: str, make: Callable[[], Whisper]) -> State:
    """A private word that is said in a window."""
    return State(f"window-{name}", says, _worded(make, lambda it: views.told(it, link)))


def home(name: str, says: str, make: Callable[[], Form]) -> State:
    """The app's own page."""
    return State(f"home-{name}", says, _drawn(make, lambda it: views.home(it, link)))


def board(name: str, says: str, make: Callable[[], Form]) -> State:
    """The pinned message in the queue channel."""
    return State(f"board-{name}", says, _drawn(make, lambda it: _message(views.board(it, link))))


def _worded(make: Callable[[], T], draw: Callable[[T], Json]) -> Callable[[str], Json]:
    """What was worded before anybody knew who would read it."""

    def made(language: str) -> Json:
        worded = make()
        with speaking(language):
            return draw(again(worded))

    return made


def _drawn(make: Callable[[], T], draw: Callable[[T], Json]) -> Callable[[str], Json]:
    """What is drawn for whoever reads it."""

    def made(language: str) -> Json:
        with speaking(language):
            return draw(make())

    return made


def _message(drawn: Message) -> Json:
    return {"text": drawn.text, "blocks": drawn.blocks}
