"""The endpoints, and what a request to each looks like: authentic or not, its body whole or spoiled."""

import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import parse_qs, quote, urlencode

from bridge.demo.stage import APP_SECRET, VERIFY_TOKEN
from chaos.fuzz.garbage import JUNK, mangled, spoiled, written
from chaos.fuzz.shapes import Shape

SIGNING, TELEGRAM = "a-signing-secret", "a-telegram-secret"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
KINDS = (JSON, FORM, "text/plain", "multipart/form-data", "application/json; charset=utf-99", "", "\xff", "a/b" * 99)
METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"FOO", b"get")

Headers = Sequence[tuple[str, str]]
Sign = Callable[[bytes], Headers]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path, and how a caller proves who they are there; `open` to everybody, or with a proof."""

    name: str
    path: str
    method: bytes = b"POST"
    sign: Sign = lambda _: ()
    open: bool = False


def slack(body: bytes) -> Headers:
    """As Slack signs."""
    at = str(int(time.time()))
    mark = hmac.new(SIGNING.encode(), b"v0:" + at.encode() + b":" + body, "sha256").hexdigest()
    return ("X-Slack-Request-Timestamp", at), ("X-Slack-Signature", f"v0={mark}")


def telegram(_: bytes) -> Headers:
    """As Telegram shows the secret."""
    return (("X-Telegram-Bot-Api-Secret-Token", TELEGRAM),)


def whatsapp(body: bytes) -> Headers:
    """As Meta signs."""
    return (("X-Hub-Signature-256", "sha256=" + hmac.digest(APP_SECRET.encode(), body, "sha256").hex()),)


def all_endpoints(tokens: Sequence[str]) -> list[Endpoint]:
    """Every endpoint that reads what it is sent; `tokens` are visitors'."""

    def visitor(body: bytes) -> Headers:
        return (("Authorization", f"Bearer {tokens[len(body) % len(tokens)]}"),)

    return [
        Endpoint("slack", "/slack/events", sign=slack),
        Endpoint("telegram", "/telegram/webhook", sign=telegram),
        Endpoint("whatsapp", "/whatsapp/webhook", sign=whatsapp),
        Endpoint("handshake", "/whatsapp/webhook", b"GET"),
        Endpoint("session", "/web/session", open=True),
        Endpoint("messages", "/web/messages", sign=visitor),
        Endpoint("changes", "/web/changes", sign=visitor),
        Endpoint("seen", "/web/seen", sign=visitor),
        Endpoint("events", "/web/events", b"GET", sign=visitor),
    ]


def request(to: Endpoint, shapes: Mapping[str, list[Shape]], dice: Random, *, authentic: bool) -> bytes:
    """One request to this endpoint."""
    shape = dice.choice(shapes[to.name]) if to.name in shapes else Shape(b"", "")
    body = _body(shape, dice)
    proof = to.sign(body) if authentic else _no_proof(to, body, dice)
    kind = shape.kind if dice.random() < 0.8 else dice.choice(KINDS)
    headers = [("Host", "localhost"), ("Content-Type", kind), *proof, *_more(proof, dice)]
    query = _query(to, dice, authentic=authentic)
    if to.method == b"GET":
        return _wire(b"GET", to.path + query, headers, b"")
    return _wire(to.method, to.path + query, [*headers, ("Content-Length", str(len(body)))], body)


def elsewhere(dice: Random) -> bytes:
    """A request to a path that there is not, or by a method that it does not take."""
    known = ("/slack/events", "/telegram/webhook", "/whatsapp/webhook", "/web/session", "/healthz", "/readyz")
    odd = (
        "/",
        "//",
        "/%00",
        "/..%2f..%2fetc/passwd",
        "/%zz",
        f"/{JUNK}",
        "/web/",
        "/web/../slack/events",
        "/a" * 3_000,
    )
    strange = (
        "/\u00e9",
        "/?a=%ff",
        "*",
        "http://example.com/",
        "/slack/events/",
        "/WEB/SESSION",
        f"/web/{JUNK}",
        "/;a=b",
    )
    path, method = dice.choice((*known, *odd, *strange)), dice.choice(METHODS)
    if path in known and method in (b"GET", b"HEAD", b"POST", b"OPTIONS"):
        method = b"PUT"
    body = dice.randbytes(dice.choice((0, 0, 10, 5_000)))
    return _wire(method, path, [("Host", "localhost"), ("Content-Length", str(len(body)))], body)


def no_http(dice: Random) -> bytes:
    """What is not HTTP, or only part of it."""
    post = b"POST /web/session HTTP/1.1\r\nHost: localhost\r\n"
    return dice.choice(
        (
            dice.randbytes(dice.randint(1, 400)),
            JUNK.encode() + b"\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET  /healthz  HTTP/1.1\r\n\r\n",
            post[: dice.randint(1, len(post))],
            post + b"Content-Length: -1\r\n\r\n",
            post + b"Content-Length: 99999999999999999999\r\n\r\n",
            post + b"Content-Length: 10\r\n\r\n" + b"x" * dice.randint(0, 9),
            post + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
            post + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            post
            + b"Transfer-Encoding: chunked\r\n\r\n"
            + dice.choice((b"zz\r\n", b"5\r\nab", b"-1\r\n\r\n", b"ffffffffff\r\n")),
            post + b"No colon\r\n\r\n",
            post + b" folded: 1\r\n\r\n",
            post + b"A: " + b"a" * dice.choice((9_000, 100_000)) + b"\r\n\r\n",
            post + b"".join(b"X-%d: 1\r\n" % number for number in range(2_000)) + b"\r\n",
            post + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + dice.randbytes(200),
            b"GET " + b"/a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        )
    )


def _body(shape: Shape, dice: Random) -> bytes:
    """Spoiled in its meaning or in its bytes, and sometimes not at all."""
    if not shape.body or dice.random() < 0.05:
        return shape.body
    if dice.random() < 0.35:
        return mangled(shape.body, dice)
    if shape.kind != FORM:
        return written(spoiled(json.loads(shape.body), dice), dice)
    form = {name: values[0] for name, values in parse_qs(shape.body.decode()).items()}
    if "payload" in form:
        return urlencode({"payload": written(spoiled(json.loads(form["payload"]), dice), dice)}).encode()
    changed = spoiled(form, dice)
    return urlencode({str(name): str(value) for name, value in changed.items()}, errors="replace").encode()


def _no_proof(to: Endpoint, body: bytes, dice: Random) -> Headers:
    """Nothing, or a proof that does not hold: of another body, or with one character changed."""
    right = to.sign(dice.choice((body + b" ", b"", b"{}")))
    if not right or dice.random() < 0.3:
        return ()
    name, value = right[-1]
    at = dice.randrange(len(value))
    wrong = dice.choice(
        ("", JUNK, "\u00e9", value[:-1], value + "0", value[:at] + "\u00a0" + value[at + 1 :], "v0=", "Bearer")
    )
    first = tuple((each, dice.choice((given, "0", "now", "-1", "9" * 30))) for each, given in right[:-1])
    return (*first, (name, wrong))


def _more(proof: Headers, dice: Random) -> Headers:
    """Headers that nobody asked for, in one request of four; some of the proof stands there twice."""
    if dice.random() < 0.75:
        return ()
    odd = (
        *(("Content-Encoding", coding) for coding in ("gzip", "deflate", "br", "zstd", JUNK)),
        *(("Expect", what) for what in ("100-continue", JUNK)),
        *(("X-Forwarded-For", who) for who in ("203.0.113.7", "a, b", "2001:db8::1", JUNK * 9)),
        *(("Origin", site) for site in ("null", "https://evil.example", "\u00e9")),
        *(("Cookie", "a=" + "b" * 3_000), ("Accept-Language", "q" * 2_000), ("Last-Event-ID", "9" * 40)),
        *(("X-Slack-Retry-Num", "3"), ("X-Slack-Retry-Reason", JUNK), ("Range", "bytes=0-0"), ("Connection", "close")),
    )
    return (*dice.sample(odd, dice.randint(1, 3)), *(proof[:1] if dice.random() < 0.3 else ()))


def _query(to: Endpoint, dice: Random, *, authentic: bool) -> str:
    if to.name == "handshake":
        token = VERIFY_TOKEN if authentic else dice.choice(("", JUNK, VERIFY_TOKEN[:-1], "\u00e9", "\0"))
        mode = "subscribe" if dice.random() < 0.7 else dice.choice(("", "unsubscribe", JUNK))
        challenge = dice.choice(("1158201444", "", "<script>", "9" * 500, "\u00e9", "a b", "\0"))
        return "?" + urlencode({"hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge})
    if to.name == "events":
        return "?after=" + quote(dice.choice(("0", "", "-1", "1e3", "9" * 16, "9" * 400, JUNK, "\0", "\u0663")))
    return dice.choice(("?token=", f"?{JUNK}", "?a=%ff%00&a=2")) if dice.random() < 0.05 else ""


def _wire(method: bytes, target: str, headers: Headers, body: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return method + f" {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1", "replace") + body
