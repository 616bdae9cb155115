"""Logs: one line for each action, in one form, and no token in any of them."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bridge import logs

TOKENS = [
    "xoxb-1234-abcdEFGH",
    "xapp-1-A0-99-abcdef",
    "xoxe.xoxp-1-abcdef",
    "4242424242:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "EAAGm0PX4ZCpsBAKZCabcdefghijklmno",
    "sk-proj-abcdefghijklmnopqrst",
]


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Other tests find logging as pytest set it up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def test_a_line_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    structlog.get_logger().info("delivery.failed", conversation=7, reason="blocked")
    logging.getLogger("some.library").warning("It is %s", "slow")
    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["conversation"], ours["level"]) == ("delivery.failed", 7, "info")
    assert ours["timestamp"].endswith("Z")
    assert (theirs["event"], theirs["level"]) == ("It is slow", "warning")


def test_what_is_below_the_level_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("WARNING", "console")
    structlog.get_logger().info("ready")
    logging.getLogger("some.library").info("ready")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("library", logs.QUIET)
def test_libraries_that_log_what_was_said_are_kept_quiet(library: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("DEBUG", "console")
    logging.getLogger(library).info("Sending hello to Maria")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("token", TOKENS)
def test_tokens_are_struck_out_of_every_line(token: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", form)
    structlog.get_logger().info(f"calling with {token}", url=f"https://api.example/bot{token}/x")
    logging.getLogger("some.library").warning("Calling %s", token)
    try:
        raise ValueError(f"cannot use {token}")
    except ValueError:
        structlog.get_logger().error("failed", exc_info=True)
        logging.getLogger("some.library").exception("failed")
    said = capsys.readouterr().err
    assert token not in said
    assert said.count("***") >= 4
    assert "cannot use" in said


def test_a_password_in_an_address_is_struck_out_and_the_rest_stays(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    structlog.get_logger().info("open", address="postgresql://bridge:hunter2@db.example/bridge")
    assert json.loads(capsys.readouterr().err)["address"] == "postgresql://bridge:***@db.example/bridge"


def test_what_is_no_token_stays(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    words = "card 12345: at 2026-11-21T09:30:00, EAA for short, task-force"
    structlog.get_logger().info("note", words=words)
    assert json.loads(capsys.readouterr().err)["words"] == words
