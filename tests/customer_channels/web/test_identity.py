"""Who a visitor is, as their site vouches for it; what is not the site's word counts for nothing."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from bridge.customer_channels.web import from_settings
from bridge.errors import WrongSetting
from bridge.ports import Kit, Said

from ..conftest import MemoryUploads
from .conftest import Json, Memory, OpenSite, Site, bearer

SECRET = "a secret of thirty-two characters"
DAY = 86_400
HEADER = {"alg": "HS256", "typ": "JWT"}


def signed(claims: object, secret: str = SECRET, header: object = None) -> str:
    """As a site does it in any language."""
    parts = [json.dumps(it, separators=(",", ":")).encode() for it in (HEADER if header is None else header, claims)]
    text = b".".join(base64.urlsafe_b64encode(it).rstrip(b"=") for it in parts)
    seal = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return (text + b"." + base64.urlsafe_b64encode(seal).rstrip(b"=")).decode()


def priya(site: Site, **other: Any) -> Json:
    """What the site says of her, for an hour."""
    return {"sub": "user 7", "name": "Priya", "email": "priya@example.com", "exp": site.now.timestamp() + 3600, **other}


@pytest.fixture
async def site(open_site: OpenSite) -> Site:
    return await open_site(secret=SECRET)


async def refused(site: Site, identity: object) -> tuple[int, str]:
    """How an identity is turned away, without effect and in constant words."""
    before = len(site.journal.tokens)
    async with site.http.post("/web/session", json={"name": "Eve", "identity": identity}) as response:
        answer = await response.json()
        assert response.status >= 400
        assert len(site.journal.tokens) == before
        assert str(identity)[:20] not in answer["error"]["message"]
        return response.status, answer["error"]["code"]


def test_it_is_the_standard_token() -> None:
    """jwt.io's example, as every library makes it."""
    example = (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
        ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    )
    claims = {"sub": "1234567890", "name": "John Doe", "iat": 1516239022}
    assert signed(claims, "your-256-bit-secret") == example


async def test_the_same_person_is_in_the_same_chat_on_every_device(site: Site) -> None:
    phone, chat = await site.admit("", identity=signed(priya(site)))
    laptop, same = await site.admit("Somebody", identity=signed(priya(site, name="Priya R")))
    assert (same, phone != laptop) == (chat, True)
    await site.say(phone, "Hello")
    reader = await site.listen(laptop)
    assert (await reader.next()).data["text"] == "Hello"
    await site.say(laptop, "It is me", "m2")
    first, second = (it.event for it in site.received)
    assert isinstance(first, Said)
    assert isinstance(second, Said)
    assert (first.verified, second.verified, second.name) == ("priya@example.com", "priya@example.com", "Priya R")


async def test_two_people_with_one_address_are_two(site: Site) -> None:
    chats = {(await site.admit("", identity=signed(priya(site, sub=sub))))[1] for sub in ("user 7", "user 8")}
    assert len(chats) == 2


async def test_what_somebody_types_is_no_identity(site: Site) -> None:
    await site.admit("", identity=signed(priya(site)))
    token, chat = await site.admit("priya@example.com")
    await site.say(token, "I am priya@example.com")
    [said] = [it.event for it in site.received]
    assert isinstance(said, Said)
    assert (said.name, said.verified) == ("priya@example.com", "")
    assert len(site.journal.visitors) == 2
    assert site.journal.visitors[chat].verified == ""


@pytest.mark.parametrize(("claims", "name", "verified"), [
    ({"name": ""}, "priya@example.com", "priya@example.com"),
    ({"name": "", "email": ""}, "Visitor", "user 7"),
    ({"name": "Pri\nya\u202e" + "a" * 99, "email": " p@example.com\n"}, "Priya" + "a" * 75, "p@example.com"),
])  # fmt: skip
async def test_name_and_address_are_taken_as_far_as_they_are_there(
    site: Site, claims: Json, name: str, verified: str
) -> None:
    _, chat = await site.admit("", identity=signed(priya(site, **claims)))
    visitor = site.journal.visitors[chat]
    assert (visitor.name.startswith(name), visitor.verified) == (True, verified)
    assert len(visitor.name) <= 80


@pytest.mark.parametrize("wrong", [
    lambda it: signed(it, "another secret"),
    lambda it: signed(it, ""),
    lambda it: signed(it, header={"alg": "none"}),
    lambda it: signed(it, header={"alg": "HS512"}),
    lambda it: signed(it, header={}),
    lambda it: signed(it, header=["HS256"]),
    lambda it: signed(it).rpartition(".")[0] + ".",
    lambda it: signed(it).rpartition(".")[0],
    lambda it: signed({**it, "sub": "admin"}).rpartition(".")[0] + "." + signed(it).rpartition(".")[2],
    lambda it: signed(it) + "!",
    lambda it: signed(it) + "é",
    lambda it: "." + signed(it),
    lambda it: "a.b.c",
    lambda it: "..",
    lambda it: signed({**it, "sub": ""}),
    lambda it: signed({**it, "sub": 7}),
    lambda it: signed({**it, "sub": "a\0"}),
    lambda it: signed({**it, "sub": "a" * 201}),
    lambda it: signed({**it, "exp": "tomorrow"}),
    lambda it: signed({**it, "exp": None}),
    lambda it: signed({**it, "exp": float("inf")}),
    lambda it: signed({one: it[one] for one in it if one != "exp"}),
    lambda it: signed(["sub", "exp"]),
    lambda it: signed("admin"),
])  # fmt: skip
async def test_what_the_site_did_not_sign_so_is_refused(site: Site, wrong: Any) -> None:
    assert await refused(site, wrong(priya(site))) == (401, "identity")


async def test_a_word_of_another_time_is_refused(site: Site) -> None:
    now = site.now.timestamp()
    for claims in ({"exp": now}, {"exp": now - DAY}, {"nbf": now + 60}):
        assert await refused(site, signed(priya(site, **claims))) == (401, "identity_expired")


@pytest.mark.parametrize("identity", [7, ["x"], "a" * 4097, None])
async def test_an_identity_that_is_no_text_is_malformed(site: Site, identity: object) -> None:
    assert await refused(site, identity) == (400, "malformed")


@pytest.mark.parametrize("secret", ["", SECRET])
async def test_without_a_secret_nobody_is_vouched_for(open_site: OpenSite, secret: str) -> None:
    site = await open_site()
    assert await refused(site, signed(priya(site), secret)) == (401, "identity")


async def test_a_strangers_token_is_good_for_as_long_as_it_is_used(site: Site) -> None:
    token, _ = await site.admit()
    for number in range(3):
        site.later(50 * DAY)
        assert (await site.say(token, "Still me", f"m{number}"))[0] == 200
    site.later(60 * DAY)
    assert (await site.say(token, "And now?", "late"))[1]["error"]["code"] == "token"
    async with site.http.get("/web/events", headers=bearer(token)) as response:
        assert response.status == 401
    assert len(site.received) == 3


async def test_a_known_visitors_token_is_good_for_a_day_after_they_left(site: Site) -> None:
    token, chat = await site.admit("", identity=signed(priya(site)))
    site.later(DAY - 1)
    assert (await site.say(token, "Hello"))[0] == 200
    site.later(DAY - 1)
    assert (await site.say(token, "Still here", "m2"))[0] == 200
    site.later(DAY)
    assert (await site.say(token, "Another person", "m3"))[0] == 401
    assert (await site.admit("", identity=signed(priya(site))))[1] == chat


async def test_a_token_is_not_renewed_each_time_it_is_shown(site: Site) -> None:
    token, _ = await site.admit()
    [(_, until)] = site.journal.tokens.values()
    site.later(3600)
    await site.say(token, "Hello")
    assert [it[1] for it in site.journal.tokens.values()] == [until]


def test_a_short_secret_is_refused_at_the_start() -> None:
    kit: Any = Kit(None, Memory(), lambda: None, MemoryUploads())  # type: ignore[arg-type]
    with pytest.raises(WrongSetting, match="WEB_IDENTITY_SECRET is too short"):
        from_settings({"WEB_IDENTITY_SECRET": "x" * 31}, kit)
    assert from_settings({"WEB_IDENTITY_SECRET": "x" * 32}, kit)
