"""Admins change from Slack what customers are told, what calls a person, and the desk's policy."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bridge import agent_events
from bridge.errors import Refused
from bridge.ports import HOME, Agent, Place, Pressed, Received, Role, Submitted
from bridge.sandbox.world import Entry
from bridge.session import Session
from bridge.store import setting_changes
from bridge.store.setting_changes import Change
from bridge.windows import WINDOWS

from ..conftest import Desk, Rig, Rigs
from .test_windows import acts, all_text, home_of, opened

ADMINS = {"[bots.shop]": '[roles]\nadmins = ["U0CLEA", "U0ANA"]\n\n[bots.shop]'}
NOT_ADMINS = [role for role in Role if role is not Role.ADMIN]


async def settings_of(rig: Rig, who: str = "clea") -> tuple[str, str]:
    """The window with the settings: its id, and what it says."""
    after = rig.now
    await rig.team.commands(who, "/desk")
    window = (await opened(rig, "Desk", after)).id or ""
    await acts(rig, who, "click", window, action_id="settings")
    return window, await redrawn(rig, "Settings", after)


async def redrawn(rig: Rig, title: str, after: int) -> str:
    """A window after a click in it."""
    return read_in(await opened(rig, title, after, "views.update"))


async def saved(rig: Rig, window: str, after: int) -> str:
    """The settings in the place of a form that was sent off, and nothing else after them."""
    shown = await opened(rig, "Settings", after, "view_response")
    await rig.quiet()
    assert rig.sandbox.slack.views.open_views[window].view["blocks"] == shown.raw["view"]["blocks"]
    return read_in(shown)


def read_in(entry: Entry) -> str:
    """What a window says, as it is read."""
    return " ".join(all_text(entry.raw["view"]["blocks"]).split()).replace(" :", ":")


async def form(rig: Rig, section: str, who: str = "clea") -> str:
    """The form of one section, opened from the settings; the window's id."""
    window, _ = await settings_of(rig, who)
    after = rig.now
    await acts(rig, who, "click", window, action_id=section)
    await redrawn(rig, section.capitalize(), after)
    return window


def filled(**values: str) -> dict[str, Any]:
    return {"values": {name: {name: value} for name, value in values.items()}}


async def changes(rig: Rig, section: str, who: str = "clea", **values: str) -> str:
    """Somebody fills in a form and saves it; what the settings say then."""
    window, after = await form(rig, section, who), rig.now
    await acts(rig, who, "submit", window, **filled(**values))
    return await saved(rig, window, after)


async def kept(rig: Rig) -> list[Any]:
    return await rig.read(lambda tx: tx.all("SELECT * FROM setting_change ORDER BY at"))


async def test_an_admin_changes_a_text_and_the_customer_hears_it(rig: Rig) -> None:
    _, before = await settings_of(rig)
    assert "Texts: from bridge.toml" in before
    shown = await changes(rig, "texts", waiting="{{customer.name}}, hold on!", ended="")
    assert "Texts: changed by Clea" in shown
    assert "Triggers: from bridge.toml" in shown
    assert "“A person from our team will join you here shortly.” → “{{customer.name}}, hold on!”" in shown
    maria = rig.customer("telegram")
    await maria.says("I want to talk to a human")
    await maria.hears(lambda text: text == "Maria, hold on!", "the new text")
    card = await rig.team.card_of("Maria")
    await rig.team.clicks("ana", card, "end")
    await rig.team.sees_card(card, "Ended")
    await rig.quiet()
    assert maria.heard[-1] == "Maria, hold on!", "a blank text sends nothing"


async def test_an_admin_changes_the_triggers_and_the_policy(rig: Rig) -> None:
    await changes(rig, "triggers", keywords="teapot\nbroken lid", on_request="no")
    maria = rig.customer("telegram")
    await maria.says("I want to talk to a human")
    await maria.says("My TEAPOT came in pieces")
    card = await rig.team.card_of("Maria")
    assert "Said “teapot”" in all_text(card.raw["blocks"])
    shown = await changes(rig, "policy", after_hand_back="keep", audience="explicit", recall_seconds="5")
    assert "The customer hears: “What the owner types” → “Only what begins with !say”" in shown
    await rig.team.clicks("ana", card, "claim")
    await rig.team.sees_card(card, "Ana has this")
    after = rig.now
    await rig.types("ana", card, "Is this heard?")
    await rig.told("ana", "!say", after)
    await rig.team.clicks("ana", card, "handback")
    await rig.team.sees_card(card, "Back with the bot, not resolved", after)


async def test_an_admin_changes_which_bot_answers(rigs: Rigs, desk_with: Desk) -> None:
    config = desk_with({'bots = ["shop"]': 'bots = ["knowledge", "shop"]'})
    async with rigs(BRIDGE_CONFIG=config) as rig:
        maria, asks = rig.customer("telegram"), "I want to return an item"
        await maria.says(asks)
        await maria.hears(lambda text: bool(text), "an answer from the pages")
        assert "number" not in maria.heard[-1]
        shown = await changes(rig, "bots", first="shop")
        assert "The bot that answers: “knowledge” → “shop”" in shown
        await rig.bridge.desk.settle()
        await maria.says(asks)
        await maria.hears(lambda text: "order number" in text, "the flow's question")
        sent = Submitted(Agent("U0CLEA", "Clea", Role.ADMIN), "bots", "v1", {"first": "gone"}, {}, "view:V1")
        (stored,) = await rig.bridge.desk.agents_did([Received(("view:1",), sent, b"{}")])
        assert stored.wrong == {"first": "This desk has no such bot."}


async def test_a_default_bot_that_is_gone_leaves_the_file_s(rig: Rig) -> None:
    change = Change("bots", 1, False, {}, {"first": "gone"}, "U0CLEA", "Clea", rig.bridge.desk.house.clock())
    await rig.bridge.store.write(lambda tx: setting_changes.add(tx, change))
    await rig.bridge.desk.settle()
    assert rig.bridge.desk.house.bots == ("shop",)


@pytest.mark.parametrize(
    ("section", "values", "field", "sentence"),
    [
        ("texts", {"handover": "You talk to {{agent.nam}}."}, "handover", "did you mean {{agent.name}}?"),
        ("texts", {"resumes": "Hello {{customer.name}"}, "resumes", "{{ and }} do not match"),
        ("triggers", {"after_unsure": "often"}, "after_unsure", "a whole number from 0 to 100"),
        ("policy", {"recall_seconds": "90"}, "recall_seconds", "a whole number from 0 to 60"),
    ],
)
async def test_what_cannot_be_used_is_said_under_its_field_and_nothing_changes(
    rig: Rig, section: str, values: dict[str, str], field: str, sentence: str
) -> None:
    window = await form(rig, section)
    done = await rig.sandbox.act("slack", "clea", "submit", window, **filled(**values))
    assert not done["ok"]
    assert list(json.loads(done["error"])) == [field]
    assert sentence in json.loads(done["error"])[field]
    assert await kept(rig) == []
    mended = {"texts": "Good.", "triggers": "3", "policy": "9"}[section]
    after = rig.now
    await acts(rig, "clea", "submit", window, **filled(**{field: mended}))
    assert f"→ “{mended}”" in await saved(rig, window, after)


async def test_nobody_can_switch_off_every_way_to_a_person(rig: Rig) -> None:
    window = await form(rig, "triggers")
    off = filled(on_request="no", after_unsure="0", keywords="")
    done = await rig.sandbox.act("slack", "clea", "submit", window, **off)
    assert "no customer could ever reach a person" in json.loads(done["error"])["on_request"]
    assert await kept(rig) == []


async def test_what_is_too_long_is_refused_whoever_sends_it(rig: Rig) -> None:
    """Slack's own forms do not let it through."""
    sent = Submitted(Agent("U0CLEA", "Clea", Role.ADMIN), "texts", "v0", {"waiting": "x" * 3_001}, {}, "view:V1")
    (stored,) = await rig.bridge.desk.agents_did([Received(("view:1",), sent, b"{}")])
    assert stored.wrong == {"waiting": "This is too long: at most 3000 characters."}
    assert await kept(rig) == []


async def test_only_admins_see_the_button(rig: Rig) -> None:
    for who, sees in (("ben", False), ("clea", True)):
        after = rig.now
        await rig.team.commands(who, "/desk")
        window = await opened(rig, "Desk", after)
        page = await home_of(rig, who, "Nobody waits.")
        for entry in (window, page):
            assert ("Settings" in all_text(entry.raw["view"]["blocks"])) == sees


@pytest.mark.parametrize("role", NOT_ADMINS)
async def test_everybody_else_is_refused_whatever_they_send(rig: Rig, role: Role) -> None:
    """Such as somebody who was an admin when they opened the window."""
    await changes(rig, "texts", ended="Bye.")
    before, agent = await kept(rig), Agent("U0BEN", "Ben", role)
    nowhere, count = Place("", ""), iter(range(100))
    for section in ("texts", "triggers", "policy", "roles", "bots"):
        version = "v1" if section == "texts" else "v0"
        sent = Submitted(
            agent,
            section,
            version,
            {"ended": "", "keywords": "all", "audience": "explicit", "admins": agent.id, "first": ""},
            {},
            "view:V1",
        )
        (stored,) = await rig.bridge.desk.agents_did([Received((f"view:{next(count)}",), sent, b"{}")])
        assert "Only an admin" in stored.told
    for action, value in (
        ("settings", ""),
        ("texts", ""),
        ("triggers", ""),
        ("policy", ""),
        ("roles", ""),
        ("in_file", "texts v1"),
    ):
        for where in ("settings", "desk", HOME):
            press = Pressed(agent, action, value, nowhere, None, "view:V1", "", where)
            put = await rig.bridge.desk.within(lambda session, press=press: follows(session, press))
            assert "Only an admin" in put[0][1]
            assert {kind for kind, _ in put} <= {"tell", "home"}
    assert await kept(rig) == before


def follows(session: Session, press: Pressed) -> list[Any]:
    """What a click puts into the outbox: of what kind, and what it says."""
    agent_events.handle(session, "workspace", press)
    return session.tx.all("SELECT kind, payload FROM outbox ORDER BY id")


@pytest.mark.parametrize("role", NOT_ADMINS)
@pytest.mark.parametrize("name", ["settings", "texts", "triggers", "policy", "roles", "bots"])
async def test_no_window_is_drawn_for_anybody_else(rig: Rig, role: Role, name: str) -> None:
    agent = Agent("U0BEN", "Ben", role)
    with pytest.raises(Refused, match="Only an admin"):
        await rig.bridge.desk.within(lambda session: WINDOWS[name](session, agent, ""))


async def test_a_form_from_before_another_s_change_is_refused(rigs: Rigs, desk_with: Desk) -> None:
    async with rigs(BRIDGE_CONFIG=desk_with(ADMINS)) as rig:
        late = await form(rig, "texts", "ana")
        await changes(rig, "texts", ended="Bye.")
        await acts(rig, "ana", "submit", late, **filled(ended="See you."))
        shown = all_text(rig.sandbox.slack.views.open_views[late].view["blocks"])
        assert "Clea has changed this meanwhile" in shown
        assert len(await kept(rig)) == 1
        assert "“This conversation has ended. Write again whenever you like.” → “Bye.”" in (await settings_of(rig))[1]


async def test_another_section_is_another_matter(rigs: Rigs, desk_with: Desk) -> None:
    async with rigs(BRIDGE_CONFIG=desk_with(ADMINS)) as rig:
        window = await form(rig, "triggers", "ana")
        await changes(rig, "texts", ended="Bye.")
        after = rig.now
        await acts(rig, "ana", "submit", window, **filled(keywords="refund"))
        shown = await saved(rig, window, after)
        assert "Triggers: changed by Ana" in shown
        assert "Texts: changed by Clea" in shown


async def test_back_to_what_the_file_says_if_nobody_was_faster(rigs: Rigs, desk_with: Desk) -> None:
    async with rigs(BRIDGE_CONFIG=desk_with(ADMINS)) as rig:
        await changes(rig, "texts", waiting="Wait.")
        late, shown = await settings_of(rig, "ana")
        assert "Back to bridge.toml" in shown
        window, _ = await settings_of(rig)
        after = rig.now
        await acts(rig, "clea", "click", window, action_id="in_file")
        shown = await redrawn(rig, "Settings", after)
        assert "Texts: from bridge.toml" in shown
        assert "Texts back to bridge.toml" in shown
        assert "“Wait.” → “A person from our team will join you here shortly.”" in shown
        assert "Back to bridge.toml" not in shown
        await rig.waiting()
        after = rig.now
        await acts(rig, "ana", "click", late, action_id="in_file")
        assert "Clea has changed this meanwhile" in await redrawn(rig, "Handoff", after)
        assert len(await kept(rig)) == 2


async def test_saving_what_holds_already_records_nothing(rig: Rig) -> None:
    shown = await changes(rig, "triggers")
    assert "Triggers: from bridge.toml" in shown
    assert await kept(rig) == []


async def test_the_fifteen_newest_changes_are_read_and_all_are_kept(rig: Rig) -> None:
    for number in range(1, 17):
        await changes(rig, "policy", recall_seconds=str(number))
    shown = await changes(rig, "policy", recall_seconds="17")
    assert "“16” → “17”" in shown
    assert "“2” → “3”" in shown
    assert "“1” → “2”" not in shown
    assert len(await kept(rig)) == 17


async def test_what_was_changed_holds_after_a_restart_until_the_file_does_again(rigs: Rigs, desk_with: Desk) -> None:
    config = desk_with({})

    async def restarted(says: str) -> None:
        await rig.stop()
        lines = Path(config).read_text().splitlines()
        Path(config).write_text("\n".join(f'waiting = "{says}"' if it.startswith("waiting") else it for it in lines))
        await rig.start()

    async def is_told(name: str, text: str) -> None:
        customer = rig.customer("telegram", name)
        await customer.says("I want to talk to a human")
        await customer.hears(lambda heard: heard == text, text)

    async with rigs(BRIDGE_CONFIG=config) as rig:
        await changes(rig, "texts", waiting="Wait.")
        await restarted("What the file says now.")
        await is_told("maria", "Wait.")
        window, _ = await settings_of(rig)
        after = rig.now
        await acts(rig, "clea", "click", window, action_id="in_file")
        await redrawn(rig, "Settings", after)
        await is_told("jonas", "What the file says now.")
        await restarted("What the file says later.")
        await is_told("priya", "What the file says later.")


async def test_what_only_the_file_says_is_shown_and_has_no_button(rig: Rig) -> None:
    _, shown = await settings_of(rig)
    assert "Only in bridge.toml" in shown
    assert "Moss & Kettle" in shown
    assert "Change texts" in shown
    assert "Back to bridge.toml" not in shown


async def test_from_a_form_one_gets_back_to_the_settings_without_saving(rig: Rig) -> None:
    window, after = await form(rig, "texts"), rig.now
    await acts(rig, "clea", "click", window, action_id="settings")
    shown = await redrawn(rig, "Settings", after)
    assert "Admins (the workspace's admins and owners)" in shown
    assert "Responders (every member)" in shown
    assert await kept(rig) == []


async def test_a_text_of_the_file_that_no_form_can_hold_is_not_cut(rigs: Rigs, desk_with: Desk) -> None:
    long = "word " * 700
    async with rigs(BRIDGE_CONFIG=desk_with({'resumes = "': f'resumes = "{long}'})) as rig:
        window, _ = await settings_of(rig)
        after = rig.now
        await acts(rig, "clea", "click", window, action_id="texts")
        shown = await redrawn(rig, "Handoff", after)
        assert "it can be changed in bridge.toml only" in shown


async def test_what_an_older_bridge_or_another_flow_left_is_used_as_far_as_it_goes(rig: Rig) -> None:
    """One text did not exist yet; another names what no flow asks for any more."""
    left = {"waiting": "Order {{gone}}: a person comes.", "handover": "Hello.", "resumes": "Back.", "unknown": "x"}
    change = Change("texts", 1, False, {}, left, "U0CLEA", "Clea", rig.bridge.desk.house.clock())
    await rig.bridge.store.write(lambda tx: setting_changes.add(tx, change))
    await rig.stop()
    await rig.start()
    maria = rig.customer("telegram")
    await maria.says("I want to talk to a human")
    await maria.hears(lambda text: text == "Order: a person comes.", "the text without the name")
    _, shown = await settings_of(rig)
    assert "(⚠ {{gone}} is not known" in shown
    assert "This conversation has ended. Write again whenever you like." in shown


async def test_what_only_a_newer_bridge_knows_leaves_the_file_s(rig: Rig) -> None:
    newer = {"after_hand_back": "archive", "audience": "explicit", "recall_seconds": "0"}
    change = Change("policy", 1, False, {}, newer, "U0CLEA", "Clea", rig.bridge.desk.house.clock())
    await rig.bridge.store.write(lambda tx: setting_changes.add(tx, change))
    await rig.stop()
    await rig.start()
    assert rig.bridge.desk.house.policy == rig.bridge.desk.house.in_file.policy


async def test_what_was_set_holds_also_where_no_word_of_it_came(rig: Rig) -> None:
    """As when another process saved it, and the signal got lost."""
    became = {"after_hand_back": "resolve", "audience": "explicit", "recall_seconds": "0"}
    change = Change("policy", 1, False, {}, became, "U0CLEA", "Clea", rig.bridge.desk.house.clock())
    await rig.bridge.store.write(lambda tx: setting_changes.add(tx, change))
    async with asyncio.timeout(20):
        while rig.bridge.desk.house.policy.audience != "explicit":  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.05)
