"""The bot's token and files: it is shown to Slack only. And a customer's name above a file is a dead letter."""

import pytest
from aiohttp import ClientSession, web

from bridge.errors import Undeliverable
from bridge.files import may_see_token
from bridge.ports import File, Shared
from bridge.sandbox.slack import live
from bridge.team_workspace.files import HOSTS, Files, comment
from bridge.team_workspace.web_api import WebApi

from ..customer_channels.conftest import Stand, stand

__all__ = ["stand"]

API = "https://slack.com/api/"
FILE = File("file", "a.pdf", "application/pdf", 5, "F1")


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.pdf", True),
        ("https://acme.slack.com/files/a.pdf", True),
        ("https://slack.com/a", True),
        ("https://files.slack.com:443/a", True),
        ("http://files.slack.com/a", False),
        ("https://files.slack.com:8443/a", False),
        ("https://slack.com.evil.example/a", False),
        ("https://evilslack.com/a", False),
        ("https://evil.example/?slack.com", False),
        ("https://slack.com@evil.example/a", False),
        ("https://[::1", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_the_token_is_shown_to_slack_only(url: str, may: bool) -> None:
    assert may_see_token(url, API, HOSTS) is may


def test_the_apis_own_address_may_see_it_too_and_no_other_port() -> None:
    assert may_see_token("http://127.0.0.1:8700/slack/files/F1/a", "http://127.0.0.1:8700/slack/api/", HOSTS)
    assert not may_see_token("http://127.0.0.1:8701/slack/files/F1/a", "http://127.0.0.1:8700/slack/api/", HOSTS)


async def test_a_redirect_is_followed_to_slack_and_takes_the_token_nowhere_else(stand: Stand) -> None:
    seen: list[str] = []

    async def foreign(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization", ""))
        return web.Response(body=b"%PDF-", content_type="application/pdf")

    elsewhere = await stand.answering(foreign)
    leads_to = {"url": "/away"}

    async def info(request: web.Request) -> web.Response:
        url = f"http://{request.host}/file"
        about = {"id": "F1", "name": "a.pdf", "mimetype": "application/pdf", "size": 5, "url_private_download": url}
        return web.json_response({"ok": True, "file": about})

    async def moved(request: web.Request) -> web.Response:
        raise web.HTTPFound(leads_to["url"])

    async def here(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer xoxb-1"
        return web.Response(body=b"%PDF-", content_type="application/pdf")

    url = await stand.serve([web.post("/api/files.info", info), web.get("/file", moved), web.get("/away", here)])
    async with ClientSession() as session:
        files = Files(WebApi(session, "xoxb-1", f"{url}/api/"))
        assert b"".join([some async for some in files.fetch(FILE)]) == b"%PDF-"
        leads_to["url"] = f"{elsewhere}/file"
        with pytest.raises(Undeliverable, match="token must not be shown"):
            assert [some async for some in files.fetch(FILE)] == []
        leads_to["url"] = "/file"
        with pytest.raises(Undeliverable, match="does not say where"):
            assert [some async for some in files.fetch(FILE)] == []
    assert seen == []


async def test_a_page_to_sign_in_is_no_file(stand: Stand) -> None:
    async def info(request: web.Request) -> web.Response:
        url = f"http://{request.host}/file"
        about = {"id": "F1", "name": "a.pdf", "mimetype": "application/pdf", "size": 5, "url_private_download": url}
        return web.json_response({"ok": True, "file": about})

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>Sign in", content_type="text/html")

    url = await stand.serve([web.post("/api/files.info", info), web.get("/file", page)])
    async with ClientSession() as session:
        with pytest.raises(Undeliverable, match="no permission for files"):
            assert [some async for some in Files(WebApi(session, "xoxb-1", f"{url}/api/")).fetch(FILE)] == []


@pytest.mark.parametrize(
    "name",
    ["<!channel> <@U0ANA>", "*Eve*", "_x_ ~y~ `z`", "see http://evil.example", "www.evil.example", "> Eve", "@here"],
)
def test_a_name_above_a_file_is_a_dead_letter(name: str) -> None:
    said = comment(Shared(name, "Telegram", "photo"))
    assert list(live.in_mrkdwn(said, link_names=True)) == []
    assert said.startswith("📎 ")
    assert len(said) < 500
