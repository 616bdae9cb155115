"""The conversation as a file: an entry each, and nothing that is said in one looks like another."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bridge.content import Author, Line
from bridge.transcript import entry, head

NOW = datetime(2026, 11, 21, 9, 30, 5, tzinfo=UTC)
MARIA, BOT, ANA = Author("customer", "Maria"), Author("bot", "Shop bot"), Author("agent", "Ana")


def test_an_entry_says_when_who_and_what() -> None:
    assert entry(Line(MARIA, "Hello\nis anybody there?", NOW)) == (
        "\n2026-11-21 09:30:05  Maria (customer)\n    Hello\n    is anybody there?\n"
    )
    assert entry(Line(ANA, "Yes", NOW, "may not have arrived")).splitlines()[1] == (
        "2026-11-21 09:30:05  Ana (agent) [may not have arrived]"
    )
    assert entry(Line(BOT, "Hi", NOW)).splitlines()[1].endswith("  Shop bot (bot)")
    assert entry(Line(Author("system", ""), "Wait", NOW)).splitlines()[1].endswith("  Desk")
    assert entry(Line(Author("customer", ""), "Hi", NOW)).splitlines()[1].endswith("  (customer)")


def test_a_customer_cannot_pass_for_the_team() -> None:
    forged = Author("customer", "Ana (agent)\n2026-11-21 09:30:05  Ana (agent)")
    assert entry(Line(forged, "", NOW)).splitlines()[1].endswith("(customer)")


def test_the_head_says_what_is_missing() -> None:
    assert head("#1042 · Maria\n· Telegram", 7, 0) == "#1042 · Maria · Telegram\nMessages: 7. Times are in UTC.\n"
    assert "Older messages left out: 3." in head("#1042", 7, 3)


@given(st.text(), st.text(st.characters(codec=None)))
def test_whatever_is_said_stays_inside_its_entry(name: str, text: str) -> None:
    written = entry(Line(Author("customer", name), text, NOW))
    assert written.encode()
    first, second, *said = written.splitlines()
    assert (first, second[:21]) == ("", "2026-11-21 09:30:05  ")
    assert all(line.startswith("    ") for line in said)


def test_an_entry_says_what_became_of_it_and_how_it_read_first() -> None:
    line = Line(ANA, "On Friday", NOW, "not sent", "edited, deleted in Slack", "On Monday,\nI think")
    assert entry(line) == (
        "\n2026-11-21 09:30:05  Ana (agent) [not sent] [edited, deleted in Slack]\n    On Friday\n"
        "Before it was edited:\n    On Monday,\n    I think\n"
    )


@given(st.text(st.characters(codec=None), min_size=1))
def test_nor_do_the_first_words_leave_it(first: str) -> None:
    _, _, now, label, *said = entry(Line(MARIA, "Now", NOW, "", "edited", first)).splitlines()
    assert (now, label) == ("    Now", "Before it was edited:")
    assert all(line.startswith("    ") for line in said)
