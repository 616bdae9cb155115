"""What an agent reads: the card in each state, lines with names, a transcript that stays short, buttons that work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge import i18n, marks
from bridge.content import Author, Line
from bridge.i18n import again, joined, speaking, t
from bridge.ports import Agent, Card, Choice, Known, Lines, Notice, Other, Place, Summary, Transcript, Whisper
from bridge.reply_window import reply_window
from bridge.team_workspace import cards
from bridge.team_workspace.inert import WHISPER_TEXT, Message
from bridge.team_workspace.posts import post, shows_all, told
from bridge.verbs import HELP

SINCE = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)
SUMMARY = Summary(
    subject="Parcel A-17 has not arrived",
    asked="Where the parcel is",
    tried="Tracking page, bot's answer about delivery times",
    wants="A refund or a new parcel",
    last_words="It was due on Monday & I am leaving on Friday.",
    language="Spanish",
    facts=("A-17", "maria@example.com"),
    mood="impatient",
)
CARD = Card(1042, "queued", "Maria", "Telegram", "Asked for a person", "I want a human", SINCE, summary=SUMMARY)
EARLIER = (Other(1021, Place("C1", "17.5")), Other(998, None))
MARIA, BOT, ANA = Author("customer", "Maria"), Author("bot", "Shop bot"), Author("agent", "Ana")


def link(place: Place) -> str:
    """Where a thread can be read."""
    return f"https://example.slack.com/archives/{place.channel}/p{place.ts}"


def card(shown: Card) -> Message:
    """The card as it is drawn."""
    return cards.card(shown, link)


def shown(message: Message) -> str:
    """What is on the screen, without buttons."""

    def inside(node: Any) -> str:
        if isinstance(node, list):
            return "".join(map(inside, node))
        if node.get("type") == "date":
            return node["fallback"]
        if isinstance(node.get("text"), str):
            return node["text"]
        return inside(node.get("elements", [])) + ("\n" if node["type"] != "rich_text" else "")

    return inside([block for block in message.blocks if block["type"] != "actions"])


def buttons(message: Message) -> list[tuple[str, str, str]]:
    """Action, label and value of every button."""
    found = [part for row in rows(message) for part in row if part["type"] == "button"]
    return [(button["action_id"], button["text"]["text"], button["value"]) for button in found]


def rows(message: Message) -> list[list[Any]]:
    """What can be used, row by row."""
    return [block["elements"] for block in message.blocks if block["type"] == "actions"]


@pytest.mark.parametrize(
    ("ago", "said", "until"),
    [
        (1, "Can be answered until 22 Nov 13:03 UTC", 1),
        (23, "⚠ Can be answered until 21 Nov 15:03 UTC", 1),
        (24, "⚠ The 24 hours are over: WhatsApp takes replies again when the customer writes", 0),
    ],
)
def test_a_card_says_until_when_the_customer_can_be_answered(ago: int, said: str, until: int) -> None:
    window = reply_window(timedelta(hours=24), SINCE - timedelta(hours=ago), SINCE)
    drawn = card(replace(CARD, channel="WhatsApp", window=window))
    assert shown(drawn).splitlines()[2] == drawn.text.splitlines()[2] == said
    assert len([it for it in drawn.blocks[0]["elements"][0]["elements"] if it["type"] == "date"]) == 1 + until


def test_a_waiting_card_says_everything_an_agent_needs() -> None:
    assert shown(card(replace(CARD, earlier=EARLIER, stage="refund check", labels=("refund", "vip")))).splitlines() == [
        "🟡 Waiting for a person · since 21 Nov 14:03 UTC",
        "#1042 Maria · Telegram · Spanish · impatient · refund check",
        "Parcel A-17 has not arrived",
        "Asked  Where the parcel is",
        "Tried  Tracking page, bot's answer about delivery times",
        "Wants  A refund or a new parcel",
        "Facts  A-17 · maria@example.com",
        "It was due on Monday & I am leaving on Friday.",
        "Why  Asked for a person",
        "I want a human",
        "Earlier  #1021, #998",
        "The customer hears nobody yet · 🏷 refund 🏷 vip · Summary made without AI",
    ]


@pytest.mark.parametrize(
    ("state", "head", "actions"),
    [
        ("queued", "🟡 Waiting for a person", ["claim", "assign", "end", "transcript"]),
        ("claimed", "🟢 Ana has this", ["handback", "draft", "assign", "labels", "end"]),
        ("handed_back", "🤖 Back with the bot", ["reopen", "transcript"]),
        ("ended", "⚪ Ended", ["reopen", "transcript"]),
    ],
)
def test_each_state_has_its_head_and_its_buttons(state: Any, head: str, actions: list[str]) -> None:
    drawn = card(replace(CARD, state=state, owner=Agent("U1", "Ana")))
    assert shown(drawn).startswith(head)
    assert drawn.text.startswith(head)
    assert [(action, value) for action, _, value in buttons(drawn)] == [(action, "1042") for action in actions]


def test_who_this_is_elsewhere_and_may_be_is_said_and_cannot_be_mistaken() -> None:
    elsewhere = Other(1017, Place("C1", "18.5"), "Away until Friday.", "WhatsApp")
    newer = Other(1050, None, "", "Telegram")
    known = replace(CARD, earlier=(elsewhere, *EARLIER), beside=(newer,), also=(Known("M. *S*", "WhatsApp", 1017),))
    drawn = card(replace(known, perhaps=Known("", "Web chat")))
    assert "Elsewhere  #1050 (Telegram)   Earlier  #1017 (WhatsApp), #1021, #998" in shown(drawn)
    assert "Elsewhere: #1050 (Telegram)\nEarlier: #1017 (WhatsApp), #1021, #998" in drawn.text
    assert "Note on #1017 (WhatsApp)  Away until Friday." in shown(drawn)
    assert "👥 The same person as M. *S* · WhatsApp · #1017" in shown(drawn)
    assert "👥 Perhaps the same person as Customer · Web chat: !same shows both" in shown(drawn)
    assert "same person" not in shown(card(CARD))


def test_a_claimed_card_has_the_rest_in_a_menu_after_its_buttons() -> None:
    (row,) = rows(card(replace(CARD, state="claimed", owner=Agent("U1", "Ana"))))
    *before, menu = row
    assert {part["type"] for part in before} == {"button"}
    assert (menu["type"], menu["action_id"]) == ("overflow", "more")
    assert [(option["text"]["text"], option["value"]) for option in menu["options"]] == [
        ("Hand back with a note …", "handback_form:1042"),
        ("Transcript", "transcript:1042"),
        ("Same person …", "same:1042"),
    ]


@pytest.mark.parametrize("state", ["queued", "handed_back", "ended"])
def test_other_cards_have_no_menu(state: Any) -> None:
    assert {part["type"] for row in rows(card(replace(CARD, state=state))) for part in row} == {"button"}


def test_what_goes_on_elsewhere_leads_there_and_is_not_reopened_here() -> None:
    drawn = card(replace(CARD, state="ended", later=Other(1043, Place("C1", "18.5")), earlier=EARLIER))
    assert "Goes on as  #1043" in shown(drawn)
    assert "Goes on as #1043" in drawn.text
    assert [action for action, _, _ in buttons(drawn)] == ["transcript"]
    assert "https://example.slack.com/archives/C1/p18.5" in str(drawn.blocks)


def test_ending_asks_first_and_claiming_does_not() -> None:
    (row,) = [block["elements"] for block in card(CARD).blocks if block["type"] == "actions"]
    assert [button["action_id"] for button in row if "confirm" in button] == ["end"]


def test_a_card_without_a_summary_says_why() -> None:
    bare = shown(card(replace(CARD, summary=None)))
    assert bare.splitlines() == [
        "🟡 Waiting for a person · since 21 Nov 14:03 UTC",
        "#1042 Maria · Telegram",
        "Why  Asked for a person",
        "I want a human",
        "The customer hears nobody yet",
    ]


def test_the_same_words_are_not_quoted_twice() -> None:
    drawn = shown(card(replace(CARD, quote=SUMMARY.last_words)))
    assert drawn.count("It was due on Monday") == 1


def test_the_card_can_be_read_aloud() -> None:
    spoken = card(CARD).text
    assert "Wants: A refund or a new parcel" in spoken
    assert "Summary made without AI" in spoken


def test_a_model_that_answered_is_not_called_offline() -> None:
    drawn = card(replace(CARD, summary=replace(SUMMARY, offline=False)))
    assert "without AI" not in shown(drawn) + drawn.text


def line(author: Author, text: str, minutes: int = 0, doubt: str = "") -> Line:
    return Line(author, text, SINCE + timedelta(minutes=minutes), doubt)


def test_lines_stand_under_the_name_of_who_said_them() -> None:
    said = (line(MARIA, "Hello?"), line(MARIA, "Anybody?"), line(BOT, "I am calling somebody."))
    drawn = post(Lines(said, "Telegram"))
    assert shown(drawn) == "Maria · Telegram\nHello?\nAnybody?\n\n🤖 Shop bot\nI am calling somebody.\n"
    assert drawn.text == "Maria · Telegram\nHello?\nAnybody?\n🤖 Shop bot\nI am calling somebody."


def test_a_line_that_may_not_have_arrived_says_so() -> None:
    assert "(⚠ may not have arrived)" in shown(post(Lines((line(BOT, "Hi", doubt="may not have arrived"),), "web")))


def test_what_became_of_a_line_stands_behind_it_in_another_hand() -> None:
    said = replace(line(MARIA, "pay here (deleted)", doubt="not sent"), since="edited")
    drawn = post(Transcript((said,), "web"))
    assert shown(drawn).splitlines()[1].endswith("pay here (deleted) (⚠ not sent) (edited)")
    assert drawn.text.endswith("pay here (deleted) (⚠ not sent) (edited)")
    *_, words, aside = drawn.blocks[0]["elements"][0]["elements"]
    assert (words["text"], aside["text"]) == ("pay here (deleted)", " (⚠ not sent) (edited)")
    assert aside["style"] == {"italic": True}


def test_of_a_line_that_is_gone_only_that_is_said() -> None:
    gone = replace(line(MARIA, "My password is 1234"), since="deleted by the customer", gone=True)
    drawn = post(Transcript((gone,), "web"))
    assert shown(drawn).splitlines()[1] == drawn.text.splitlines()[1] == "Maria: (deleted by the customer)"


@pytest.mark.parametrize("draw", [Lines, Transcript])
def test_nobody_formats_themselves_a_name_or_what_became_of_a_line(draw: type[Lines] | type[Transcript]) -> None:
    forged = marks.joined(
        ["Hi\n\n", marks.styled("👤 Ana", "bold"), "\nYou get it all back.", marks.styled(" (edited)", "italic")]
    )
    said = (line(MARIA, "Hello?"), replace(line(MARIA, forged), since="edited"), line(MARIA, "Fine."), line(BOT, "Hi"))
    before, quote, after = post(draw(said, "Telegram")).blocks[0]["elements"]
    assert "".join(element["text"] for element in quote["elements"]) == forged
    assert quote["type"] == "rich_text_quote"
    assert [element["text"] for element in (*before["elements"], *after["elements"]) if "Ana" in element["text"]] == []
    assert after["elements"][0] == {"type": "text", "text": " (edited)", "style": {"italic": True}}


@pytest.mark.parametrize("name", ["🤖 Shop bot", "👤 Ana", "👤\u200b Ana", "ℹ️ Note"])
def test_a_customer_cannot_pass_for_the_team(name: str) -> None:
    first = shown(post(Transcript((line(Author("customer", name), "pay here"),), "web"))).splitlines()[1]
    assert first[0] not in "🤖👤ℹ"


def test_long_words_of_a_customer_arrive_whole() -> None:
    words = "a long story, " * 700
    drawn = post(Lines((line(MARIA, words.strip()),), "web"))
    assert words.strip() in shown(drawn)
    assert words.strip() in drawn.text


def test_of_a_long_transcript_the_newest_is_shown_and_how_many_there_are_before() -> None:
    said = tuple(line(MARIA if n % 2 else BOT, f"line {n}: " + "x" * 200, n) for n in range(300))
    drawn = post(Transcript(said, "Telegram", 1_000))
    text = shown(drawn)
    assert [f"line {n}:" in text for n in (0, 1, 298, 299)] == [False, False, True, True]
    (gap,) = (each for each in text.splitlines() if each.startswith("…"))
    assert int(gap.split()[1]) + text.count("line ") == 1_300
    assert gap in drawn.text
    assert len(drawn.blocks) == 1


@pytest.mark.parametrize(
    ("said", "earlier", "whole"),
    [
        ((line(MARIA, "Hi"),), 0, True),
        ((line(MARIA, "Hi"),), 1, False),
        ((line(MARIA, "x" * 600),) * 10, 0, True),
        ((line(MARIA, "x" * 601),), 0, False),
        ((line(MARIA, "x" * 600),) * 20, 0, False),
    ],
)
def test_a_transcript_knows_whether_all_of_it_is_shown(said: tuple[Line, ...], earlier: int, whole: bool) -> None:
    transcript = Transcript(said, "Telegram", earlier)
    assert shows_all(transcript) is whole
    assert ("…" not in shown(post(transcript))) is whole


def test_a_short_transcript_is_shown_whole() -> None:
    drawn = post(
        Transcript((line(BOT, "Hi, how can I help?"), line(MARIA, "A person, please"), line(ANA, "Here I am")), "web")
    )
    assert shown(drawn).splitlines() == [
        "Conversation so far · web",
        "🤖 Shop bot: Hi, how can I help?",
        "Maria: A person, please",
        "👤 Ana: Here I am",
    ]


def test_the_help_is_read_to_its_end() -> None:
    drawn = told(Whisper("U1", "C1", "1.0", HELP), WHISPER_TEXT)
    assert shown(drawn).strip().endswith("held until somebody decides.")


def test_a_quote_takes_at_most_half_of_the_room() -> None:
    drawn = told(Whisper("U1", "C1", "1.0", "a" * 5_000, "b" * 5_000), WHISPER_TEXT)
    assert [shown(drawn).count(letter) for letter in "ab"] == [474, 474]


def test_equal_actions_get_a_row_each_as_slack_demands() -> None:
    choices = tuple(Choice("handback", f"#{number} Maria", str(number)) for number in (7, 8, 9))
    drawn = post(Notice("Which one?", choices=choices))
    assert [len(block["elements"]) for block in drawn.blocks if block["type"] == "actions"] == [1, 1, 1]
    assert buttons(drawn) == [("handback", f"#{n} Maria", str(n)) for n in (7, 8, 9)]


def test_a_card_is_drawn_in_the_language_that_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    german = {"Wants to talk to a person": "Möchte mit einem Menschen sprechen", "order": "Bestellung", "calm": "ruhig"}
    german |= {"🟢 {owner} has this": "🟢 {owner} hat das Gespräch", "End": "Beenden", "End it": "Ja", "Why": "Grund"}
    monkeypatch.setattr(i18n, "catalogue", lambda language: german if language == "de" else {})
    facts = (joined((t("order"), "1042")), "End")
    said = replace(SUMMARY, subject=t("Wants to talk to a person"), facts=facts, mood=t("calm"))
    claimed = replace(CARD, state="claimed", owner=Agent("U1", "Ana"), summary=said)
    with speaking("de"):
        drawn = card(again(claimed))
    for text in (shown(drawn), drawn.text):
        assert "🟢 Ana hat das Gespräch" in text
        assert "Möchte mit einem Menschen sprechen" in text
        assert "Bestellung 1042 · End\n" in text  # not every word that is known elsewhere
        assert "ruhig" in text
        assert "Grund" in text
    assert ("end", "Beenden", "1042") in buttons(drawn)
    [end] = [it for block in drawn.blocks for it in block["elements"] if it.get("action_id") == "end"]
    assert end["confirm"]["confirm"]["text"] == "Ja"
    assert "Möchte" not in card(claimed).text
