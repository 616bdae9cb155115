"""Fifty agents press Claim at once: one wins, everybody else is told privately who it is."""

import asyncio
from collections import Counter

import pytest
from structlog.testing import capture_logs

from bridge.sandbox.world import Entry
from bridge.store import signals

from ..conftest import Desk, Rig, Rigs, number_of

AGENTS = [f"agent{number}" for number in range(50)]


async def race(rig: Rig, customer_name: str) -> None:
    customer, card = await rig.waiting("telegram", customer_name)
    after = rig.now
    await asyncio.gather(*(rig.team.clicks(agent, card, "claim") for agent in AGENTS * 2))
    drawn = await rig.team.sees_card(card, "has this", after)
    winner = next(agent for agent in AGENTS if f"{agent.capitalize()} has this" in (drawn.text or ""))

    def all_told() -> list[Entry] | None:
        told = [entry for entry in rig.history("slack", "response_url", after=after) if entry.thread or entry.chat]
        return told if len(told) >= 2 * len(AGENTS) - 1 else None

    told = await rig.until(all_told, "a private word to everybody but the winner's first click")
    await rig.quiet()
    assert rig.history("slack", "chat.postEphemeral", after=after) == []
    texts = Counter((entry.raw["user"], (entry.text or "").partition(" since ")[0]) for entry in told)
    lost = f"{winner.capitalize()} has had this conversation"
    assert texts == {
        **{(f"U0{agent.upper()}", lost): 2 for agent in AGENTS if agent != winner},
        (f"U0{winner.upper()}", "This conversation is yours already."): 1,
    }
    await rig.hears_next(customer, winner, card)
    assert [text for text in customer.heard if text.startswith("You are now")] == [
        f"You are now talking to {winner.capitalize()}."
    ]


async def test_of_fifty_one_wins_and_everybody_else_is_told_who(rig: Rig) -> None:
    await race(rig, "maria")


@pytest.mark.slow
async def test_twenty_races_of_fifty(rig: Rig) -> None:
    for number in range(20):
        await race(rig, f"customer{chr(97 + number)}")


async def test_a_claim_is_one_redraw_of_the_card_and_shows_the_owner(rig: Rig) -> None:
    after = rig.now
    _, card = await rig.claimed()
    drawn = await rig.team.sees_card(card, "Ana has this", after)
    buttons = [
        part["action_id"] for block in drawn.raw["blocks"] if block["type"] == "actions" for part in block["elements"]
    ]
    assert "handback" in buttons
    assert "claim" not in buttons


async def test_a_guest_s_click_changes_nothing(rig: Rig) -> None:
    _, card = await rig.waiting()
    after = rig.now
    await rig.team.clicks("gus", card, "claim")
    assert "Only members of this workspace" in ((await rig.told("gus", "Only members", after)).text or "")
    await rig.team.clicks("ben", card, "claim")
    await rig.team.sees_card(card, "Ben has this", after)


async def test_an_old_card_s_button_is_refused_when_there_is_a_newer_handoff(rig: Rig) -> None:
    customer, old = await rig.waiting()
    after = rig.now
    await rig.team.clicks("ana", old, "end")
    await customer.hears(lambda text: "has ended" in text, "the end")
    await customer.says("I want to talk to a human")
    new = await rig.team.card_of(customer.name, after)
    assert int(number_of(new)) == int(number_of(old)) + 1
    await rig.team.commands("ana", f"/handback #{number_of(old)}")
    told = await rig.told("ana", "is over", after)
    assert told.text == f"Handoff #{number_of(old)} is over; #{number_of(new)} is the newer one."


async def test_roles_hold_for_clicks_words_and_commands(rigs: Rigs, desk_with: Desk) -> None:
    roles = '[roles]\nadmins = ["U0CLEA"]\nresponders = ["U0ANA"]\n\n[texts]'
    async with rigs(BRIDGE_CONFIG=desk_with({"[texts]": roles})) as rig:
        customer, card = await rig.waiting()
        await rig.team.clicks("ben", card, "claim")
        await rig.told("ben", "Your role lets you watch.")
        await rig.types("ben", card, "Hello from Ben")
        held = await rig.told("ben", "Nobody has claimed this conversation")
        assert "held_send" not in str(held.raw["blocks"])
        await rig.team.commands("ben", "/takeover")
        await rig.until(lambda: told_twice(rig), "the second refusal")
        await rig.team.clicks("ana", card, "claim")
        assert "Hello from Ben" not in await rig.hears_next(customer, "ana", card)


async def test_who_leaves_the_user_group_may_not_claim_any_more(rigs: Rigs, desk_with: Desk) -> None:
    roles = '[roles]\nadmins = ["U0CLEA"]\nresponders = ["@agents"]\n\n[texts]'
    async with rigs(BRIDGE_CONFIG=desk_with({"[texts]": roles})) as rig:
        _, card = await rig.waiting()
        await rig.sandbox.act("slack", "clea", "change_group", "S0AGENTS", users=["U0BEN"])
        await rig.until(lambda: len(rig.history("slack", "usergroups.list")) > 1 or None, "a new look at the group")
        await rig.team.clicks("ana", card, "claim")
        await rig.told("ana", "Your role lets you watch.")
        after = rig.now
        await rig.team.clicks("ben", card, "claim")
        await rig.team.sees_card(card, "Ben has this", after)


async def test_a_desk_with_nobody_who_can_claim_says_so_at_the_start(rigs: Rigs, desk_with: Desk) -> None:
    roles = '[roles]\nadmins = ["@nobody"]\nresponders = ["@nobody"]\n\n[texts]'
    with capture_logs() as logs:
        async with rigs(BRIDGE_CONFIG=desk_with({"[texts]": roles})) as rig:
            said = "Nobody here can claim a conversation."

            def told() -> int:
                posts = rig.history("slack", "chat.postMessage")
                return len([it for it in posts if it.chat == "C0SUPPORT" and said in (it.text or "")])

            await rig.until(lambda: told() or None, "a word in the queue channel")
            await rig.waiting()
            await rig.stop()
            asked = len(rig.history("slack", "conversations.members"))
            await rig.start()
            await rig.until(lambda: len(rig.history("slack", "conversations.members")) > asked or None, "another look")
            await rig.quiet()
            assert told() == 1
    assert "nobody_can_claim" in [line["event"] for line in logs]


async def test_a_desk_on_which_nothing_calls_anybody_says_so_at_the_start(rigs: Rigs, desk_with: Desk) -> None:
    off = {"trigger_on_request = true": "trigger_on_request = false", "after_unsure = 2": "after_unsure = 0"}
    off['keywords = ["lawyer", "allergic reaction", "burned"]'] = "keywords = []"
    with capture_logs() as logs:
        async with rigs(BRIDGE_CONFIG=desk_with(off)) as rig:
            said = "Nothing that a customer writes can call a person"
            await rig.watch.entry(
                "slack", lambda it: it.kind == "chat.postMessage" and said in (it.text or ""), "a word in the channel"
            )
    assert "nothing_can_call_a_person" in [line["event"] for line in logs]


async def test_who_is_to_be_called_is_named_on_the_card_until_it_is_claimed(rigs: Rigs, desk_with: Desk) -> None:
    desk = desk_with({'bots = ["shop"]': 'bots = ["shop"]\ncall = ["S0AGENTS", "U0CLEA", "here"]'})
    async with rigs(BRIDGE_CONFIG=desk) as rig:
        _, card = await rig.waiting()
        called = card.raw["blocks"][0]["elements"][0]["elements"]
        named = [{key: value for key, value in it.items() if key != "type"} for it in called if it["type"] != "text"]
        assert [it for it in named if "timestamp" not in it] == [
            {"usergroup_id": "S0AGENTS"},
            {"user_id": "U0CLEA"},
            {"range": "here"},
        ]
        after = rig.now
        await rig.team.clicks("ana", card, "claim")
        claimed = await rig.team.sees_card(card, "Ana has this", after)
        assert "S0AGENTS" not in str(claimed.raw["blocks"])


async def test_what_is_refused_stands_in_the_log_without_a_word_of_anybody(rig: Rig) -> None:
    _, card = await rig.claimed()
    with capture_logs() as logs:
        await rig.types("ben", card, "!assign @clea SECRET")
        await rig.told("ben", "Only Ana or an admin can pass this conversation on.")
    (line,) = (line for line in logs if line["event"] == "event.refused")
    assert (line["agent"], line["what"]) == ("U0BEN", "typed")
    assert line["why"] == "Only {owner} or an admin can pass this conversation on."
    assert "SECRET" not in str(logs)


@pytest.mark.postgres
async def test_who_lost_a_role_is_told_to_every_process(rigs: Rigs, postgres: str) -> None:
    others, here = asyncio.Queue[str](), asyncio.Queue[str]()
    another = asyncio.create_task(signals.listen(postgres, {signals.PEOPLE: others.put_nowait}))
    async with asyncio.timeout(30), rigs(DATABASE_URL=postgres) as rig:
        assert await others.get() == ""  # from now on it listens
        await rig.sandbox.act("slack", "clea", "change_user", "U0ANA", is_restricted=True)
        assert await others.get() == "U0ANA"
        vars(rig.bridge.workspace.people)["changed"] = here.put_nowait
        await rig.bridge.store.write(lambda tx: signals.tell(tx, signals.PEOPLE, "U0BEN"))
        while await here.get() != "U0BEN":
            pass  # what it heard itself comes back to it, too
    another.cancel()
    await asyncio.wait([another])


def told_twice(rig: Rig) -> bool | None:
    told = [entry for entry in rig.history("slack", "response_url") if "Your role lets you" in (entry.text or "")]
    return True if len(told) == 2 else None
