"""The fuzzer: a short sample against the shipped program, and that it sees what it looks for."""

import json
from pathlib import Path
from random import Random

import pytest

from chaos.fuzz import fuzzed
from chaos.fuzz.endpoints import JSON, Endpoint, all_endpoints, elsewhere, no_http, request
from chaos.fuzz.garbage import JUNK, WORDS, mangled, spoiled, written
from chaos.fuzz.report import MOST_WORDINGS, Report
from chaos.fuzz.shapes import Shape
from chaos.fuzz.wire import Answer
from chaos.rig import Setup

UPDATE = {"update_id": 7, "message": {"message_id": 1, "text": "Hello", "chat": {"id": 42, "type": "private"}}}
SHAPES = {name: [Shape(json.dumps(UPDATE).encode(), JSON)] for name in ("slack", "telegram", "whatsapp")}


async def test_nothing_that_comes_makes_the_program_fail() -> None:
    report = await fuzzed(Setup(), seed=6, tell=lambda _: None, requests=60)
    assert report.wrong == []
    assert report.requests == 60 * 11
    assert all(counts.total() >= 30 for counts in report.statuses.values())


def test_the_same_seed_makes_the_same_requests() -> None:
    def made(seed: int) -> list[bytes]:
        dice = Random(seed)
        return [no_http(dice), elsewhere(dice), written(spoiled(UPDATE, dice), dice), mangled(b"{}", dice)]

    assert made(5) == made(5)
    assert made(5) != made(6)


def test_a_spoiled_copy_is_wrong_and_leaves_the_original_alone() -> None:
    before = json.dumps(UPDATE)
    wrong = [spoiled(UPDATE, Random(seed)) for seed in range(200)]
    assert sum(one != UPDATE for one in wrong) > 190
    assert json.dumps(UPDATE) == before


@pytest.mark.parametrize("to", all_endpoints(["t" * 43]), ids=lambda to: to.name)
def test_a_stranger_never_has_the_right_proof(to: Endpoint) -> None:
    for seed in range(300):
        sent = request(to, SHAPES, Random(seed), authentic=False)
        head, _, body = sent.partition(b"\r\n\r\n")
        for name, value in to.sign(body)[-1:]:
            assert f"\r\n{name}: {value}\r\n".encode() not in head + b"\r\n"


def told(answer: Answer | None, *, may: bool = False) -> list[str]:
    report = Report()
    report.take("telegram, strangers #1", b"", answer, may=may, must=True)
    return report.wrong


WRONG = {
    "none": None,
    "a failure": Answer(500, b""),
    "a store that is away": Answer(503, b"{}"),
    "a stranger's success": Answer(200, b"{}"),
    "an echo of junk": Answer(400, JUNK.encode()),
    "an echo of words": Answer(400, WORDS.encode()),
    "a long one": Answer(400, b"x" * 300),
}


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_seen(answer: Answer | None) -> None:
    assert len(told(answer)) == 1


def test_a_refusal_and_the_success_of_who_may_are_right() -> None:
    assert told(Answer(401, b"{}")) == []
    assert told(Answer(200, WORDS.encode()), may=True) == []


def test_refusals_that_are_not_constant_are_seen() -> None:
    report = Report()
    for number in range(MOST_WORDINGS + 1):
        report.take("telegram, strangers #1", b"", Answer(400, b"%d" % number), may=False, must=True)
    assert len(report.wrong) == 1


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("Traceback (most recent call last):", 1),
        (json.dumps({"event": "http.failed", "level": "error"}), 1),
        (json.dumps({"event": "odd", "level": "info", "exception": "ValueError"}), 1),
        (json.dumps({"event": "odd", "level": "info", "text": WORDS}), 1),
        (json.dumps({"event": "webhook.rejected", "level": "warning"}), 0),
    ],
)
def test_the_log_is_read_once_for_bugs_and_peoples_words(line: str, seen: int, tmp_path: Path) -> None:
    log, report = tmp_path / "log", Report()
    log.write_text(f"{line}\n")
    report.read_log(log, WORDS)
    report.read_log(log, WORDS)
    assert len(report.wrong) == seen
