"""Several queue channels: learned at the start, heard all of them, and told when one is lost."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bridge.errors import ChannelGone, DeliveryError, ThreadGone, TryLater, Undeliverable, WrongSetting
from bridge.ports import Closed, Erased, Ignored, Notice, Place, Retyped, Typed
from bridge.team_workspace import checks
from bridge.team_workspace.people import Roles
from bridge.team_workspace.slack import Slack, from_settings

from .conftest import CARD, SECRET, Rig

NOW = datetime.now(UTC)
BILLING, VIP = "C0BILLING", "C0VIPDESK"


def with_routes(
    rig: Rig, session: aiohttp.ClientSession, *routes: str, fallback: str = "support-queue", external: bool = False
) -> Slack:
    env = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_QUEUE_CHANNEL": fallback, "SLACK_SIGNING_SECRET": SECRET}
    env["SLACK_API_URL"] = f"{rig.url}/slack/api/"
    return from_settings(env, Roles(), session, lambda: NOW, routes, external=external)


async def made(rig: Rig) -> None:
    await rig.act("clea", "create_channel", "billing")
    await rig.act("clea", "create_channel", "vip-desk", private=True)


@pytest.fixture
async def routed(both_ways: Rig) -> Rig:
    """A port that works in three channels."""
    await made(both_ways)
    both_ways.slack.routed = ("billing", VIP)
    await both_ways.slack.start()
    return both_ways


# ------------------------------------------------------------------------------------------------------- at the start


async def test_channels_are_known_by_name_and_id(rig: Rig, session: aiohttp.ClientSession) -> None:
    await made(rig)
    port = with_routes(rig, session, "billing", VIP, "billing")
    await port.start()
    queues = port.queues
    assert [queues.id_of(route) for route in ("", "billing", VIP, "unknown")] == [
        "C0SUPPORT",
        BILLING,
        VIP,
        "C0SUPPORT",
    ]
    assert [queues.name_of(known) for known in (BILLING, VIP, "C0SUPPORT")] == [
        "#billing",
        "#vip-desk",
        "#support-queue",
    ]
    assert port.here.channels == {"C0SUPPORT", BILLING, VIP}
    assert queues.wrong == []


async def test_however_many_names_there_are_slack_s_list_is_read_once(rig: Rig, session: aiohttp.ClientSession) -> None:
    names = [f"queue-{number}" for number in range(30)]
    for name in names:
        await rig.act("clea", "create_channel", name)
    before = len(rig.history("conversations.list"))
    await with_routes(rig, session, *names).start()
    assert len(rig.history("conversations.list")) == before + 1


@pytest.mark.parametrize("how", ["missing", "archived", "not in it"])
async def test_a_wrong_route_is_noted_and_the_fallback_takes_it(
    rig: Rig, session: aiohttp.ClientSession, how: str
) -> None:
    await made(rig)
    target = "C0NOWHERE" if how == "missing" else BILLING
    if how == "archived":
        await rig.act("clea", "archive_channel", BILLING)
    if how == "not in it":
        await rig.act("clea", "remove_bot", BILLING)
    port = with_routes(rig, session, target, "vip-desk")
    await port.start()
    assert (port.queues.id_of(target), port.queues.id_of("vip-desk")) == ("C0SUPPORT", VIP)
    (wrong,) = port.queues.wrong
    assert wrong.startswith("[[routes]] in bridge.toml: ")
    assert target in wrong
    assert target not in port.here.channels


@pytest.mark.parametrize("external", [False, True])
async def test_where_another_company_reads_along_nothing_is_shown_unless_that_is_wanted(
    rig: Rig, session: aiohttp.ClientSession, external: bool
) -> None:
    await made(rig)
    await rig.act("clea", "share_channel", BILLING)
    port = with_routes(rig, session, "billing", external=external)
    await port.start()
    assert port.queues.id_of("billing") == (BILLING if external else "C0SUPPORT")
    assert [wrong[:61] for wrong in port.queues.wrong] == (
        [] if external else ["[[routes]] in bridge.toml: #billing is shared with another co"]
    )
    await rig.act("clea", "share_channel", "C0SUPPORT")
    if external:
        await port.start()
        assert not [finding for finding in await port.check(()) if "another company" in finding.mend]
    else:
        with pytest.raises(WrongSetting, match=r"^SLACK_QUEUE_CHANNEL: #support-queue is shared with another company"):
            await port.start()


async def test_a_wrong_fallback_stops_the_start(rig: Rig, session: aiohttp.ClientSession) -> None:
    await made(rig)
    with pytest.raises(WrongSetting, match=r"^SLACK_QUEUE_CHANNEL: there is no channel nowhere"):
        await with_routes(rig, session, "billing", fallback="nowhere").start()


async def test_slack_being_away_is_no_wrong_route(rig: Rig, session: aiohttp.ClientSession) -> None:
    await made(rig)
    rig.fault("conversations.info", "500")
    port = with_routes(rig, session, BILLING)
    with pytest.raises(TryLater):
        await port.start()


async def test_every_route_is_checked(rig: Rig, session: aiohttp.ClientSession) -> None:
    await made(rig)
    await rig.act("clea", "share_channel", VIP)
    findings = (await with_routes(rig, session, "billing", "vip-desk", "nowhere").check(()))[-4:]
    assert [(finding.what, finding.ok) for finding in findings] == [
        ("Slack: the bot is in #billing, for a route", True),
        ("Slack: the bot is in #vip-desk, for a route", True),
        ("Slack: the channel is yours alone", False),
        ("Slack: the route to #nowhere", False),
    ]
    assert findings[-1].mend.startswith(f"{checks.ROUTES}: there is no channel nowhere that the bot can see.")


# --------------------------------------------------------------------------------------------------- posted and heard


async def test_a_card_goes_to_its_channel_and_is_found_there(rig: Rig) -> None:
    await made(rig)
    thread = await rig.slack.open_thread(CARD, "k1", BILLING)
    assert thread.channel == BILLING
    assert await rig.slack.find(None, "k1", NOW, BILLING) == thread
    assert await rig.slack.find(None, "k1", NOW) is None


@pytest.mark.parametrize("channel", [BILLING, VIP])
async def test_people_are_heard_in_every_channel(routed: Rig, channel: str) -> None:
    thread = await routed.slack.open_thread(CARD, "k1", channel)
    target = f"{thread.channel}:{thread.ts}"
    ts = await routed.act("ana", "type", target, "Hello")
    place = Place(channel, ts)
    typed = await routed.desk.next(Typed)
    assert (typed.place, typed.thread, typed.text) == (place, thread, "Hello")
    await routed.act("ana", "edit", f"{channel}:{ts}", "Hello there")
    retyped = await routed.desk.next(Retyped)
    assert (retyped.place, retyped.thread) == (place, thread)
    await routed.act("ana", "delete", f"{channel}:{ts}")
    assert await routed.desk.next(Erased) == Erased(place)
    await routed.act("ana", "type", target, "a reply")
    await routed.act("clea", "delete", target)
    assert await routed.desk.next(Erased) == Erased(thread)


async def test_what_was_missed_in_a_channel_has_its_places(routed: Rig) -> None:
    thread = await routed.slack.open_thread(CARD, "k1", VIP)
    ts = await routed.act("ana", "type", f"{VIP}:{thread.ts}", "Hello")
    first = await routed.desk.next(Typed)
    missed = await routed.slack.missed(thread, thread.ts)
    assert [received.event for received in missed] == [first]
    assert first.place == Place(VIP, ts)
    assert missed[0].keys[0] in {key for received in routed.desk.stored for key in received.keys}


async def test_other_channels_are_heard_only_on_request(routed: Rig) -> None:
    await routed.act("clea", "create_channel", "old-queue")
    ts = await routed.act("ana", "type", "C0OLDQUEUE", "Hello")
    await routed.act("ana", "type", f"C0OLDQUEUE:{ts}", "nobody hears this")
    assert [type(await routed.desk.next()) for _ in range(2)] == [Ignored, Ignored]
    routed.slack.hear(["C0OLDQUEUE"])
    await routed.act("ana", "type", f"C0OLDQUEUE:{ts}", "but this")
    assert (await routed.desk.next(Typed)).text == "but this"


# --------------------------------------------------------------------------------------------------------------- lost


@pytest.mark.parametrize("channel", [BILLING, VIP, "C0SUPPORT"])
@pytest.mark.parametrize(
    ("action", "loss"), [("archive_channel", "archived"), ("delete_channel", "deleted"), ("remove_bot", "left")]
)
async def test_that_a_channel_is_lost_is_told(routed: Rig, channel: str, action: str, loss: Any) -> None:
    await routed.act("clea", action, channel)
    assert await routed.desk.next(Closed) == Closed(channel, loss)


async def test_that_somebody_leaves_is_no_loss(routed: Rig) -> None:
    await routed.act("ben", "leave", BILLING)
    assert await routed.desk.next() == Ignored("member_left_channel", routine=True)


async def test_the_end_of_a_channel_that_is_not_ours_is_no_loss(routed: Rig) -> None:
    await routed.act("clea", "create_channel", "random")
    await routed.act("clea", "archive_channel", "C0RANDOM")
    assert await routed.desk.next() == Ignored("elsewhere", routine=True)


REFUSED = [("archive_channel", "archived"), ("delete_channel", "deleted"), ("remove_bot", "left")]


@pytest.mark.parametrize(("action", "loss"), REFUSED)
async def test_what_a_lost_channel_refuses_says_how_it_was_lost(rig: Rig, action: str, loss: str) -> None:
    await made(rig)
    thread = await rig.slack.open_thread(CARD, "k1", BILLING)
    await rig.act("clea", action, BILLING)
    for call in (rig.slack.open_thread(CARD, "k2", BILLING), rig.slack.post(thread, Notice("hello"), "k3")):
        with pytest.raises(ChannelGone) as gone:
            await call
        assert gone.value.loss == loss


async def test_a_thread_that_is_gone_is_no_lost_channel(rig: Rig) -> None:
    with pytest.raises(ThreadGone):
        await rig.slack.post(Place("C0SUPPORT", "1700000000.000100"), Notice("hello"), "k2")


# ----------------------------------------------------------------------------------------------------- direct messages


async def test_somebody_is_written_to_and_nothing_in_it_is_live(rig: Rig) -> None:
    await rig.slack.write_to("U0CLEA", "#billing <@U0ANA> & @channel")
    (entry,) = rig.history("chat.postMessage")
    assert entry.chat == "D0CLEA"
    assert entry.text == "#billing &lt;@U0ANA&gt; &amp; @\u2060channel"
    assert not entry.raw["live"]


async def test_nobody_is_written_to_who_is_not_there(rig: Rig) -> None:
    with pytest.raises(Undeliverable):
        await rig.slack.write_to("U0NOBODY", "Hello")


@pytest.mark.parametrize("fault", ["500", "drop_after_accept", "429"])
async def test_a_direct_message_may_be_repeated(rig: Rig, fault: str) -> None:
    rig.fault("chat.postMessage", fault)
    with pytest.raises(DeliveryError) as wrong:
        await rig.slack.write_to("U0CLEA", "Hello")
    assert type(wrong.value) is TryLater
