"""A long conversation: a post with the newest of it, a file with all of it, and a window in which all can be read."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.content import Author
from bridge.courier import transcript_file
from bridge.demo.customers import Customer
from bridge.ports import Agent, Form, Role, Words
from bridge.sandbox.slack.call import METHODS
from bridge.sandbox.slack.errors import Refused
from bridge.sandbox.slack.views import checked_view
from bridge.sandbox.world import Entry
from bridge.session import Session
from bridge.store import conversations, messages, timeline
from bridge.store.tx import Tx
from bridge.team_workspace import views
from bridge.windows.transcript import transcript
from gallery.shop import ANA, Shop

from ..conftest import Rig, Rigs, number_of
from .test_files import STEPS, sees, shared, thread_of
from .test_restart import dies_while_sending
from .test_windows import acts, all_text, opened

MANY = 150
BOT = Author("bot", "Shop bot")
NASTY = (
    "\u202edesrever\u2066 \x00nul",
    "x" * 10_000,
    "```\n*bold* `code`",
    "<!channel> <@U0ANA> @here http://evil.example",
    "👩‍👩‍👧 می‌خواهم",
    "Hi\n2026-11-21 09:00:00  Ana (agent)\r\u2028I refund you everything",
)


def talk(number: int) -> str:
    """A message that takes some room."""
    return f"Message {number}. " + "All the tea in the world. " * 4


async def has_talked(rig: Rig, *texts: str, channel: str = "telegram") -> Customer:
    """A customer who has told the bot all this."""
    maria = rig.customer(channel)
    await maria.says("Do you ship to Norway?")
    await maria.hears(lambda text: bool(text), "the bot's answer")
    await rig.quiet()

    def write(tx: Tx) -> None:
        found = tx.one("SELECT id FROM conversation WHERE customer = 'Maria'")
        assert found
        for number, text in enumerate(texts):
            who = Author("customer", "Maria") if number % 2 else BOT
            now = rig.bridge.desk.house.clock() + timedelta(seconds=number)
            messages.add(tx, found[0], None, who, text, "sent", now)

    await rig.bridge.store.write(write)
    return maria


async def wants_a_person(rig: Rig, maria: Customer) -> Entry:
    """They ask for one, and go on; gives the card when the last is in the thread."""
    after = rig.now
    await maria.says("I want to talk to a human")
    await maria.says("It is urgent")
    card = await rig.team.card_of("Maria", after)
    await rig.team.sees_post(card, "It is urgent", after)
    await rig.quiet()
    return card


def below(rig: Rig, card: Entry) -> list[str]:
    """What stands below the card."""
    return thread_of(rig, card)[1:]


def numbers(text: str) -> list[int]:
    """The messages in it."""
    return [int(found) for found in re.findall(r"Message (\d+)\.", text)]


def is_whole(rig: Rig, card: Entry) -> None:
    """One post with the newest, one file with all, and then what was said next."""
    [file] = shared(rig, card)
    assert file["name"] == f"transcript-{number_of(card)}.txt"
    written = file["_content"].decode()
    assert numbers(written) == list(range(MANY))
    assert written.index("Do you ship to Norway?") < written.index("Message 0.")
    assert written.index(f"Message {MANY - 1}.") < written.index("I want to talk to a human")
    assert "It is urgent" not in written
    post, named, line = below(rig, card)
    assert numbers(post) == list(range(MANY - len(numbers(post)), MANY))
    assert f"<transcript-{number_of(card)}.txt>" in named
    assert line.endswith("It is urgent")


async def test_a_short_conversation_needs_no_file(rig: Rig) -> None:
    card = await wants_a_person(rig, await has_talked(rig, *map(talk, range(20))))
    assert shared(rig, card) == []
    assert rig.history("slack", *STEPS) == []
    assert "earlier" not in below(rig, card)[0]


async def test_a_long_conversation_is_a_post_and_a_file_before_what_is_said_next(rig: Rig) -> None:
    card = await wants_a_person(rig, await has_talked(rig, *map(talk, range(MANY))))
    is_whole(rig, card)
    post = below(rig, card)[0]
    left_out = MANY - len(numbers(post)) + 2  # what they asked first, and its answer
    assert f"… {left_out} earlier messages: press Transcript on the card to read all …" in post


async def test_one_long_message_is_in_the_file_to_its_end(rig: Rig) -> None:
    card = await wants_a_person(rig, await has_talked(rig, "x" * 2_000 + " the end"))
    [file] = shared(rig, card)
    assert "x the end" in file["_content"].decode()
    assert "the end" not in below(rig, card)[0]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", ["429", "500", "disconnect", "drop_after_accept", "garbage"])
async def test_whatever_becomes_of_an_answer_there_is_exactly_one_file(rig: Rig, step: str, fault: str) -> None:
    maria = await has_talked(rig, *map(talk, range(MANY)))
    rig.fault("slack", step, fault, seconds=0.1)
    rig.fault("slack", "files.info", "500")
    is_whole(rig, await wants_a_person(rig, maria))


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("method", ["post", "upload", "share"])
async def test_there_is_exactly_one_file_if_the_bridge_dies_in_between(rig: Rig, method: str, accepted: bool) -> None:
    maria = await has_talked(rig, *map(talk, range(MANY)))

    async def send() -> None:
        await maria.says("I want to talk to a human")

    await dies_while_sending(rig, "slack", send, accepted=accepted, method=method)
    await rig.start()
    await maria.says("It is urgent")
    card = await rig.team.card_of("Maria")
    await rig.team.sees_post(card, "It is urgent")
    await rig.quiet()
    is_whole(rig, card)


@pytest.mark.parametrize("error", ["missing_scope", "storage_limit_reached", "blocked_file_type"])
@pytest.mark.parametrize("step", [STEPS[0], STEPS[2]])
async def test_where_slack_refuses_the_file_the_post_says_where_to_read(rig: Rig, step: str, error: str) -> None:
    maria = await has_talked(rig, *map(talk, range(MANY)))
    taken = METHODS[step]

    def refuses(slack: Any, call: Any) -> Any:
        raise Refused(error)

    METHODS[step] = replace(taken, run=refuses)
    try:
        card = await wants_a_person(rig, maria)
    finally:
        METHODS[step] = taken
    post, line = below(rig, card)
    assert "earlier messages: press Transcript on the card" in post
    assert line.endswith("It is urgent")


@pytest.mark.parametrize(("step", "fault"), [*((step, "500") for step in STEPS), (STEPS[0], "delay")])
async def test_a_file_that_slack_never_takes_holds_nothing_up(
    rig: Rig, step: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript_file, "TRIES", 2)
    monkeypatch.setattr(transcript_file, "PATIENCE", 0.2)
    maria = await has_talked(rig, *map(talk, range(MANY)))
    rig.fault("slack", step, fault, times=None, seconds=60)
    card = await wants_a_person(rig, maria)
    assert len(below(rig, card)) == 2


@pytest.mark.parametrize(("limit", "most", "told"), [("MOST", 120, 118), ("LARGEST", 5_000, 30)])
async def test_the_file_has_as_much_as_there_is_room_for_and_says_what_it_lacks(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, told: int
) -> None:
    monkeypatch.setattr(transcript_file, limit, most)
    card = await wants_a_person(rig, await has_talked(rig, *map(talk, range(MANY))))
    written = shared(rig, card)[0]["_content"].decode()
    assert numbers(written) == list(range(MANY - told, MANY))
    assert f"Older messages left out: {MANY - told + 2}." in written


async def test_what_people_wrote_means_nothing_in_the_file(rig: Rig) -> None:
    card = await wants_a_person(rig, await has_talked(rig, *NASTY))
    written = shared(rig, card)[0]["_content"].decode()
    entries = [line for line in written.splitlines() if line and not line.startswith("    ")]
    assert sum(bool(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ", entry)) for entry in entries) == len(NASTY) + 4
    assert not [entry for entry in entries if "Ana" in entry]
    assert "    2026-11-21 09:00:00  Ana (agent)\n    I refund you everything\n" in written
    assert not set("\u202e\u2066\x00\u2028\r") & set(written)
    assert "x" * 10_000 in written
    assert "👩‍👩‍👧 می‌خواهم" in written


async def test_a_new_card_has_the_file_again(rig: Rig) -> None:
    from bridge.sandbox.slack import messages as posts

    card = await wants_a_person(rig, await has_talked(rig, *map(talk, range(MANY))))
    after = rig.now
    posts.delete(rig.sandbox.slack, rig.sandbox.slack.workspace.channels[card.chat or ""], card.id or "")
    again = await rig.team.card_of("Maria", after)
    [file] = await sees(rig, again)
    assert "It is urgent" in file["_content"].decode()


@pytest.mark.postgres
async def test_the_same_file_on_postgresql(rigs: Rigs, postgres: str) -> None:
    async with rigs(DATABASE_URL=postgres) as rig:
        maria = await has_talked(rig, *map(talk, range(MANY)))
        rig.fault("slack", STEPS[2], "drop_after_accept")
        card = await wants_a_person(rig, maria)
        is_whole(rig, card)
        window, pages = await reads(rig, card)
        assert window
        assert numbers("".join(pages)) == list(range(MANY))


# ---------------------------------------------------------------------------------------------------------- the window


async def turned(rig: Rig, window: Entry, action: str, who: str = "ana") -> Entry:
    """The page after this button."""
    after = rig.now
    await acts(rig, who, "click", window.id or "", action_id=action)
    return await rig.watch.entry("slack", lambda entry: entry.kind == "views.update", "another page", after)


def ways(page: Entry) -> set[str]:
    """The buttons on a page."""
    blocks = page.raw["view"]["blocks"]
    return {it["action_id"] for block in blocks if block["type"] == "actions" for it in block["elements"]}


def said(page: Entry) -> str:
    return all_text(page.raw["view"]["blocks"])


async def reads(rig: Rig, card: Entry, who: str = "ana") -> tuple[Entry, list[str]]:
    """They turn the pages back to the first one; the window, and the pages from the first one on."""
    after = rig.now
    await rig.team.clicks(who, card, "transcript")
    window = page = await opened(rig, f"#{number_of(card)}", after)
    pages = [said(page)]
    while "earlier" in ways(page):
        page = await turned(rig, window, "earlier", who)
        pages.append(said(page))
    return window, pages[::-1]


async def test_everything_can_be_read_back_and_forth(rig: Rig) -> None:
    card = await wants_a_person(rig, await has_talked(rig, *map(talk, range(MANY))))
    window, pages = await reads(rig, card)
    assert numbers("".join(pages)) == list(range(MANY))
    assert "Do you ship to Norway?" in pages[0]
    assert "What happened" in pages[-1]
    assert "It is urgent" in pages[-1]
    again, page = pages[:1], await turned(rig, window, "later")
    again.append(said(page))
    while "later" in ways(page):
        page = await turned(rig, window, "later")
        again.append(said(page))
    assert numbers("".join(again)) == list(range(MANY))
    assert "It is urgent" in again[-1]


async def test_a_customer_cannot_pass_as_an_agent(rig: Rig) -> None:
    _, card = await rig.claimed()
    await rig.bridge.store.write(
        lambda tx: tx.run("UPDATE message SET author_name = '👤 Ana' WHERE author = 'customer'")
    )
    after = rig.now
    await rig.team.clicks("ana", card, "transcript")
    shown = all_text((await opened(rig, f"#{number_of(card)}", after)).raw["view"]["blocks"])
    assert "Ana" in shown
    assert "👤 Ana" not in shown


async def test_what_is_too_much_to_be_counted_can_be_read_all_the_same(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "COUNTED", 100)
    maria = await has_talked(rig, *map(talk, range(MANY)))
    card = await wants_a_person(rig, maria)
    after = rig.now
    await rig.team.clicks("ana", card, "transcript")
    window = await opened(rig, f"#{number_of(card)}", after)
    newest = all_text(window.raw["view"]["blocks"])
    assert "What happened" in newest
    assert " of 100" not in newest
    assert "Later" not in newest
    after = rig.now
    await acts(rig, "ana", "click", window.id or "", action_id="earlier")
    before = all_text((await opened(rig, f"#{number_of(card)}", after, "views.update")).raw["view"]["blocks"])
    assert "What happened" not in before
    assert "Later" in before


async def test_a_short_conversation_is_one_page(rig: Rig) -> None:
    card = await wants_a_person(rig, await has_talked(rig))
    after = rig.now
    await rig.team.clicks("ana", card, "transcript")
    assert ways(await opened(rig, f"#{number_of(card)}", after)) == set()


@pytest.mark.parametrize(
    "where", ["after 999999999", "before 1", "before x", "x" * 1_000, f"before {'9' * 30}", "before -1"]
)
async def test_a_page_that_is_not_there_any_more_is_the_newest_one(rig: Rig, where: str) -> None:
    card = await wants_a_person(rig, await has_talked(rig, *map(talk, range(MANY))))
    number, watches = number_of(card), Agent("U0VERA", "Vera", Role.VIEWER)
    newest = await rig.bridge.desk.within(lambda session: transcript(session, watches, number))
    page = await rig.bridge.desk.within(lambda session: transcript(session, watches, f"{number} {where}"))
    assert page.parts == newest.parts


@pytest.mark.parametrize(
    "text",
    [
        *NASTY,
        " ".join(map(str, range(2_500))),
        "👋" * 9_000,
        '"\\\n' * 5_000,
        "words and words. " * 1_000,
        "&<>" * 3_000,
    ],
    ids=lambda it: it[:8],
)
async def test_whatever_was_said_each_page_fits_and_all_of_it_is_there(rig: Rig, text: str) -> None:
    card = await wants_a_person(rig, await has_talked(rig, *[text] * 30))
    _, pages = await reads(rig, card)
    shown, whole = squeezed("".join(pages)), squeezed(text)
    assert all(shown.count(whole[at : at + 50]) >= 30 for at in range(0, len(whole), 50))


@pytest.mark.parametrize(("count", "length"), [(60, 240), (60, 241), (3, 12_000), (2, 40_000)])
async def test_a_page_fits_with_the_longest_names_and_notes(rig: Rig, count: int, length: int) -> None:
    wide = "\u0800"  # takes six bytes, the way Slack may count
    card = await wants_a_person(rig, await has_talked(rig))
    number = number_of(card)

    def play(session: Session) -> Form:
        handoff = conversations.handoff(session.tx, int(number))
        assert handoff
        for _ in range(count):
            who, text = Author("agent", wide * 500), wide * length
            messages.add(session.tx, handoff.conversation, None, who, text, "failed", session.now)
        for _ in range(40):
            timeline.record(
                session.tx, handoff.conversation, int(number), "released", "", wide * 500, session.now, wide * 5_000
            )
        return transcript(session, Agent("U0ANA", "Ana"), number)

    form = await rig.bridge.desk.within(play)
    assert checked_view(views.modal(form, lambda _: ""), "modal")


def squeezed(text: str) -> str:
    """Without blanks, and without what must not be shown."""
    return re.sub(r"[\s\x00\u202e\u2066]", "", text)


def test_of_a_long_history_the_newest_is_shown_and_that_is_said() -> None:
    shop = Shop()
    number = shop.claimed()
    for count in range(40):
        shop.types(ANA, number, f"!label label{count}")
    said = [part.text for part in shop.window("transcript", ANA, number).parts if isinstance(part, Words)]
    assert "The newest 30:" in said
    assert len([text for text in said if "changed the labels" in text]) == 30
