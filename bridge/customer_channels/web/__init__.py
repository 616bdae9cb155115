"""The web chat: a widget, a page, and the protocol between them and the bridge.

The platform is ours, so the chat's own journal is what the visitor reads: every event has a `seq`, and a stream can
be taken up after any of them. Nothing is in the journal twice.

Protocol, all JSON; refusals are `{"error": {"code", "message"}}`:

* `POST /web/session`, optionally `{"name", "email", "identity"}`: `{"token", "visitor"}`. Only the token's SHA-256 is
  kept. It is good for 60 days after it was last shown. An `email` is shown to agents as what it is: typed by somebody.
  Where the desk asks for a name or an address, a stranger without it is answered with 400. `identity` is
  a JSON Web Token that the site signs for who is logged in there: HS256 with WEB_IDENTITY_SECRET; `sub`, `exp` and, if
  you like, `name` and `email`. It leads to the same chat from every device, with a token that is good for a day after
  it was last shown. One that is forged or expired is answered with 401.
* `POST /web/messages`, `Authorization: Bearer TOKEN`, `{"id", "text"}`: `{"seq"}`. The same id again changes nothing.
* `POST /web/files?name=NAME` with the same header, its body the file, 10 MB at most: `{"id", "name", "mime", "size"}`.
  A message brings up to ten along: `{"id", "text", "files": [ID, ...]}`; then its text may be empty.
* `GET /web/files/ID`: a file. Nobody guesses an id, so an `<img>` needs no header.
* `POST /web/changes`, the same header, `{"id", "of", "text"}`: the visitor's own message `of` reads so now; without a
  text it is gone. The same id again changes nothing.
* `POST /web/seen`, the same header, `{"seq"}`: what is in the journal up to there was in front of the visitor's eyes.
* `POST /web/ratings`, the same header, `{"of", "good", "text"}`: the answer to the question `of`. The first one counts,
  and the first words that are added to it.
* `POST /web/typing`, the same header: the visitor is writing. What is told more often than every 4 s is not counted.
* `GET /web/events?after=SEQ` with the same header, or `&token=TOKEN` for an EventSource: server-sent events.
  `id` is the seq, `data` is the event below with its `seq`. Without an id, and kept nowhere: `event: typing`, and
  `event: reset` when the journal ends before SEQ (a backup was restored): the chat is then told from its beginning.

Events in the journal. The desk writes customers' messages in this same shape, with the visitor's own id:

    {"kind": "message", "author": {"kind", "name"}, "text", "id", "at", "marks"?: [[start, end, kind], ...],
     "choices"?: [...], "files"?: [{"id", "name", "mime", "size"}]}
    {"kind": "edit", "author", "text", "of": <id of the message>, "id", "at", "marks"?, "choices"?}
    {"kind": "delete", "author", "text": "", "of": <id of the message>, "id", "at"}
    {"kind": "presence", "author", "change": "joined" | "left", "text", "id", "at"}
    {"kind": "rating", "author", "text": "", "name": <of the person>, "id", "at"}
    {"kind": "rated", "author", "text": "", "of": <id of the question>, "good": true | false, "id", "at"}

Marks count in UTF-16 units, as JavaScript does; of two marks one is inside of the other, and the outer one comes first.
Kinds: quote, block, link (with its address as a fourth), bold, italic, strike, code. Whoever knows none shows words.
"""

import re
from collections.abc import Mapping

from bridge.customer_channels.web.asks import asks_from
from bridge.customer_channels.web.channel import Web
from bridge.errors import WrongSetting
from bridge.ports import Kit

__all__ = ["Web", "from_settings"]

ORIGIN = re.compile(r"(?P<origin>(?P<scheme>https?)://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?)/?")

SHORTEST_SECRET = 32  # RFC 7518, 3.2: as long as the hash


def from_settings(env: Mapping[str, str], kit: Kit) -> Web | None:
    """On unless WEB_CHAT is "off". WEB_ORIGINS are the sites that may embed it, WEB_TITLE is its heading.

    WEB_IDENTITY_SECRET signs who visitors are; WEB_ASK_NAME and its like are what strangers are asked.
    """
    wanted = env.get("WEB_CHAT", "").strip().lower() or "on"
    if wanted not in ("on", "off"):
        raise WrongSetting('WEB_CHAT must be "on" or "off".')
    if wanted == "off":
        return None
    origins = tuple(_origin(text) for text in env.get("WEB_ORIGINS", "").split(",") if text.strip())
    title = env.get("WEB_TITLE", "").strip() or "Support"
    secret = env.get("WEB_IDENTITY_SECRET", "").strip()
    if secret and len(secret) < SHORTEST_SECRET:
        raise WrongSetting(f"WEB_IDENTITY_SECRET is too short: give at least {SHORTEST_SECRET} random characters.")
    return Web(
        kit.journal, kit.uploads, clock=kit.clock, origins=origins, title=title, secret=secret, asks=asks_from(env)
    )


def _origin(text: str) -> str:
    """As a browser writes it in the header Origin."""
    found = ORIGIN.fullmatch(text.strip().lower())
    if found is None:
        raise WrongSetting("WEB_ORIGINS must list origins such as https://www.example.com, with commas between them.")
    standard = ":443" if found["scheme"] == "https" else ":80"
    return found["origin"].removesuffix(standard)
