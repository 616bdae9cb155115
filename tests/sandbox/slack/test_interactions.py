"""Buttons, commands, shortcuts and modals, against a real Bolt app."""

import asyncio
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from .conftest import CHANNEL, Sandbox, Seen, error


def button(action_id: str, value: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "value": value, "text": {"type": "plain_text", "text": value}}


CARD = [{"type": "actions", "block_id": "card", "elements": [button("claim", "1042"), button("end", "1042")]}]
MODAL = {
    "type": "modal",
    "callback_id": "note",
    "title": {"type": "plain_text", "text": "Note"},
    "submit": {"type": "plain_text", "text": "Save"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "note",
            "label": {"type": "plain_text", "text": "Note"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
        }
    ],
}


async def card(sandbox: Sandbox) -> str:
    return (await sandbox.client().chat_postMessage(channel=CHANNEL, text="card", blocks=CARD))["ts"]


async def test_a_click_carries_message_thread_and_value(sandbox: Sandbox):
    app = AsyncApp(client=sandbox.client())
    clicks = Seen[dict[str, Any]]()

    @app.action("claim")
    async def claim(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await clicks.put(body)

    await sandbox.bolt(app)
    root = await card(sandbox)
    reply = await sandbox.client().chat_postMessage(channel=CHANNEL, thread_ts=root, text="again", blocks=CARD)
    action_ts = await sandbox.act("ben", "click", f"{CHANNEL}:{reply['ts']}", action_id="claim", value="1042")
    body = await clicks.get()
    assert body["user"] == {"id": "U0BEN", "username": "ben", "name": "ben", "team_id": "T0SANDBOX"}
    assert body["message"]["thread_ts"] == body["container"]["thread_ts"] == root
    assert body["actions"][0] | {"text": None} == {
        "type": "button",
        "action_id": "claim",
        "block_id": "card",
        "value": "1042",
        "text": None,
        "action_ts": action_ts,
    }
    assert sandbox.history("no_ack") == []


async def test_a_click_on_what_is_not_there_is_refused(sandbox: Sandbox):
    ts = await card(sandbox)
    done = await sandbox.slack.act("ana", "click", f"{CHANNEL}:{ts}", action_id="reopen")
    assert done == {"ok": False, "id": None, "error": "action_not_found"}


async def test_a_click_without_acknowledgement_is_recorded_and_not_repeated(sandbox: Sandbox):
    sandbox.world.set_speed(600)
    sandbox.slack.grace = 0.05
    app = AsyncApp(client=sandbox.client())
    await sandbox.bolt(app)
    await sandbox.act("ana", "click", f"{CHANNEL}:{await card(sandbox)}", action_id="claim")
    await sandbox.until(lambda: sandbox.history("no_ack"))
    (entry,) = sandbox.history("no_ack")
    assert (entry.author, entry.raw["reason"]) == ("U0ANA", "timeout")


async def test_a_command_is_answered_in_the_acknowledgement_for_one_person_only(sandbox: Sandbox):
    app = AsyncApp(client=sandbox.client())

    @app.command("/queue")
    async def queue(ack: Any, body: dict[str, Any]) -> None:
        assert "thread_ts" not in body
        await ack(f"nothing for {body['text']}")

    await sandbox.bolt(app)
    await sandbox.act("ana", "command", CHANNEL, "/queue mine")
    await sandbox.until(lambda: sandbox.history("response_url"))
    (entry,) = sandbox.history("response_url")
    assert (entry.text, entry.raw["user"]) == ("nothing for mine", "U0ANA")
    (whisper,) = sandbox.slack.view()["ephemerals"]
    assert (whisper["user"], whisper["text"]) == ("U0ANA", "nothing for mine")


async def test_a_slash_command_cannot_be_typed_in_a_thread(sandbox: Sandbox):
    root = await sandbox.act("ana", "type", CHANNEL, "root")
    done = await sandbox.slack.act("ana", "type", f"{CHANNEL}:{root}", "/handback")
    assert done["error"] == "command_not_in_thread"


async def payload_of(sandbox: Sandbox, kind: str = "block_actions") -> dict[str, Any]:
    await sandbox.act("ana", "click", f"{CHANNEL}:{await card(sandbox)}", action_id="claim")
    return sandbox.history(kind)[-1].raw


async def test_a_trigger_opens_one_modal_once_and_only_soon(sandbox: Sandbox):
    client, trigger = sandbox.client(), (await payload_of(sandbox))["trigger_id"]
    opened = await client.views_open(trigger_id=trigger, view=MODAL)
    assert opened["view"]["state"]["values"] == {"note": {"text": {"type": "plain_text_input", "value": None}}}
    assert await error(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
    assert await error(client.views_open(trigger_id="1.2.3", view=MODAL)) == "invalid_trigger_id"
    sandbox.slack.grace = 0.0
    late = (await payload_of(sandbox))["trigger_id"]
    sandbox.world.set_speed(10_000)
    await sandbox.world.sleep(10)
    assert await error(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"


async def test_a_response_url_works_five_times(sandbox: Sandbox):
    hook = AsyncWebhookClient((await payload_of(sandbox))["response_url"])
    answers = [await hook.send(text=f"{n}", response_type="ephemeral") for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert "used_url" in answers[5].body
    assert [entry.raw["user"] for entry in sandbox.history("response_url")] == ["U0ANA"] * 5


async def test_a_response_url_dies_after_half_an_hour(sandbox: Sandbox):
    hook = AsyncWebhookClient((await payload_of(sandbox))["response_url"])
    sandbox.world.set_speed(100_000)
    await sandbox.world.sleep(1801)
    answer = await hook.send(text="late")
    assert (answer.status_code, "expired_url" in answer.body) == (404, True)


async def test_an_ephemeral_message_is_replaced_and_removed_only_through_its_own_buttons(sandbox: Sandbox):
    client = sandbox.client()
    ts = (await client.chat_postEphemeral(channel=CHANNEL, user="U0ANA", text="q", blocks=CARD))["message_ts"]
    assert await error(client.chat_update(channel=CHANNEL, ts=ts, text="x")) == "message_not_found"
    stranger = await sandbox.slack.act("ben", "click", f"{CHANNEL}:{ts}", action_id="claim")
    assert stranger["error"] == "message_not_found"
    await sandbox.act("ana", "click", f"{CHANNEL}:{ts}", action_id="claim")
    payload = sandbox.history("block_actions")[-1].raw
    assert (payload["container"]["is_ephemeral"], "message" in payload) == (True, False)
    hook = AsyncWebhookClient(payload["response_url"])
    await hook.send(text="done", replace_original=True)
    assert [each["text"] for each in sandbox.slack.view()["ephemerals"]] == ["done"]
    await hook.send(delete_original=True)
    assert sandbox.slack.view()["ephemerals"] == []


async def test_a_modal_answers_with_errors_and_then_closes(sandbox: Sandbox):
    app = AsyncApp(client=sandbox.client())
    closed = Seen[str]()

    @app.shortcut("note_it")
    async def open_modal(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("note")
    async def save(ack: Any, view: dict[str, Any]) -> None:
        text = view["state"]["values"]["note"]["text"]["value"]
        await (ack(response_action="errors", errors={"note": "too short"}) if text == "a" else ack())

    @app.view_closed("note")
    async def gone(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        await closed.put(view["id"])

    await sandbox.bolt(app)

    async def opened() -> str:
        await sandbox.act("ana", "shortcut", "", callback_id="note_it")
        views = await sandbox.until(lambda: sandbox.slack.view()["views"])
        return views[0]["id"]

    view_id = await opened()
    assert (await sandbox.slack.act("ben", "submit", view_id, values={}))["error"] == "view_not_found"
    assert (await sandbox.slack.act("ana", "submit", view_id, values={}))["error"] == "required: note"
    refused = await sandbox.slack.act("ana", "submit", view_id, values={"note": {"text": "a"}})
    assert "too short" in refused["error"]
    assert sandbox.slack.view()["views"][0]["errors"] == {"note": "too short"}
    await sandbox.act("ana", "submit", view_id, values={"note": {"text": "long enough"}})
    assert sandbox.slack.view()["views"] == []
    view_id = await opened()
    await sandbox.act("ana", "close", view_id)
    assert await closed.get() == view_id


@pytest.mark.parametrize("action", ["update", "push"])
async def test_the_next_view_may_be_in_the_answer_to_a_form(sandbox: Sandbox, action: str):
    app = AsyncApp(client=sandbox.client())

    @app.shortcut("note_it")
    async def note_it(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("note")
    async def save(ack: Any, view: dict[str, Any]) -> None:
        text = view["state"]["values"]["note"]["text"]["value"]
        await ack(response_action=action, view=MODAL | {"title": {"type": "plain_text", "text": text * 5}})

    await sandbox.bolt(app)
    await sandbox.act("ana", "shortcut", "", callback_id="note_it")
    view_id = (await sandbox.until(lambda: sandbox.slack.view()["views"]))[0]["id"]
    refused = await sandbox.slack.act("ana", "submit", view_id, values={"note": {"text": "Second"}})
    assert refused["error"] == "trouble_connecting"
    assert sandbox.history("rejected")[-1].raw["method"] == "ack"
    assert sandbox.history("view_response") == []
    await sandbox.act("ana", "submit", view_id, values={"note": {"text": "Next"}})
    shown = list(sandbox.slack.views.open_views.values())
    assert [it.view["title"]["text"] for it in shown] == ([] if action == "update" else ["Note"]) + ["Next" * 5]
    (shown,) = sandbox.history("view_response")
    assert (shown.id, shown.direction, shown.raw["user"]) == (view_id, "out", "U0ANA")


async def test_a_message_shortcut_names_the_message_and_its_thread(sandbox: Sandbox):
    root = await sandbox.act("ana", "type", CHANNEL, "root")
    reply = await sandbox.act("ana", "type", f"{CHANNEL}:{root}", "reply")
    await sandbox.act("ben", "shortcut", f"{CHANNEL}:{reply}", callback_id="handback_msg")
    payload = sandbox.history("message_action")[0].raw
    assert (payload["message"]["ts"], payload["message"]["thread_ts"]) == (reply, root)
    assert payload["callback_id"] == "handback_msg"


@pytest.mark.parametrize(("choose", "chosen"), [("b", "b"), ("Beta", "b")])
async def test_a_select_reports_the_chosen_option(sandbox: Sandbox, choose: str, chosen: str):
    options = [{"text": {"type": "plain_text", "text": t}, "value": v} for t, v in (("Alpha", "a"), ("Beta", "b"))]
    menu = {"type": "static_select", "action_id": "pick", "options": options}
    blocks = [{"type": "actions", "elements": [menu]}]
    ts = (await sandbox.client().chat_postMessage(channel=CHANNEL, text="x", blocks=blocks))["ts"]
    await sandbox.act("ana", "click", f"{CHANNEL}:{ts}", action_id="pick", value=choose)
    assert sandbox.history("block_actions")[0].raw["actions"][0]["selected_option"]["value"] == chosen


def menu() -> list[dict[str, Any]]:
    """A button, and a menu after it."""
    said = (("handback_form:1042", "Hand back with a note …"), ("transcript:1042", "Transcript"))
    options = [{"text": {"type": "plain_text", "text": text}, "value": value} for value, text in said]
    more = {"type": "overflow", "action_id": "more", "options": options}
    return [{"type": "actions", "block_id": "b", "elements": [button("end", "1042"), more]}]


@pytest.mark.parametrize(
    "choice",
    [
        {"action_id": "more", "value": "transcript:1042"},
        {"action_id": "more", "value": "Transcript"},
        {"action_id": "transcript"},
        {"action_id": "transcript", "value": "1042"},
    ],
)
@pytest.mark.parametrize("inside", [False, True])
async def test_a_menu_reports_the_chosen_option(sandbox: Sandbox, choice: dict[str, str], inside: bool):
    client = sandbox.client()
    if inside:
        home = {"type": "home", "blocks": menu()}
        target = (await client.views_publish(user_id="U0ANA", view=home))["view"]["id"]
    else:
        target = f"{CHANNEL}:{(await client.chat_postMessage(channel=CHANNEL, text='x', blocks=menu()))['ts']}"
    action_ts = await sandbox.act("ana", "click", target, **choice)
    payload = sandbox.history("block_actions")[0].raw
    assert payload["actions"] == [
        {
            "type": "overflow",
            "action_id": "more",
            "block_id": "b",
            "selected_option": {"text": {"type": "plain_text", "text": "Transcript"}, "value": "transcript:1042"},
            "action_ts": action_ts,
        }
    ]
    assert payload.get("state", {"values": {}}) == {"values": {}}


@pytest.mark.parametrize(
    ("choice", "refusal"),
    [
        ({"action_id": "more"}, "option_not_found"),
        ({"action_id": "more", "value": "labels:1042"}, "option_not_found"),
        ({"action_id": "more", "value": {"selected_option": {"value": "labels:1042"}}}, "option_not_found"),
        ({"action_id": "labels"}, "action_not_found"),
        ({"action_id": "transcript", "value": "1043"}, "action_not_found"),
        ({"action_id": "transcript:1042"}, "action_not_found"),
    ],
)
async def test_nothing_comes_of_a_menu_but_its_options(sandbox: Sandbox, choice: dict[str, Any], refusal: str):
    ts = (await sandbox.client().chat_postMessage(channel=CHANNEL, text="x", blocks=menu()))["ts"]
    done = await sandbox.slack.act("ana", "click", f"{CHANNEL}:{ts}", **choice)
    assert (done["ok"], done["error"]) == (False, refusal)
    assert sandbox.history("block_actions") == []


async def test_home_is_published_and_used(sandbox: Sandbox):
    home = {"type": "home", "blocks": CARD}
    view = (await sandbox.client().views_publish(user_id="U0ANA", view=home))["view"]
    assert sandbox.slack.view()["homes"]["U0ANA"]["id"] == view["id"]
    await sandbox.act("ana", "click", view["id"], action_id="end")
    payload = sandbox.history("block_actions")[0].raw
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    stale = sandbox.client().views_publish(user_id="U0ANA", view=home, hash="old")
    assert await error(stale) == "hash_conflict"


async def test_pushed_modals_stack_no_deeper_than_three(sandbox: Sandbox):
    client = sandbox.client()
    in_modal = MODAL | {"blocks": CARD, "submit": None}
    view = (await client.views_open(trigger_id=(await payload_of(sandbox))["trigger_id"], view=in_modal))["view"]
    for _ in range(2):
        await sandbox.act("ana", "click", view["id"], action_id="claim")
        trigger = sandbox.history("block_actions")[-1].raw["trigger_id"]
        view = (await client.views_push(trigger_id=trigger, view=in_modal))["view"]
    await sandbox.act("ana", "click", view["id"], action_id="claim")
    trigger = sandbox.history("block_actions")[-1].raw["trigger_id"]
    assert await error(client.views_push(trigger_id=trigger, view=in_modal)) == "push_limit_reached"


async def test_a_response_url_can_replace_or_delete_the_card_itself(sandbox: Sandbox):
    hook = AsyncWebhookClient((await payload_of(sandbox))["response_url"])
    await hook.send(text="taken", replace_original=True)
    (message,) = sandbox.slack.view()["messages"][CHANNEL]
    assert (message["text"], "blocks" in message) == ("taken", False)
    await hook.send(delete_original=True)
    assert sandbox.slack.view()["messages"][CHANNEL] == []


async def test_a_response_url_posts_for_all_with_in_channel(sandbox: Sandbox):
    hook = AsyncWebhookClient((await payload_of(sandbox))["response_url"])
    await hook.send(text="hear <!here>", response_type="in_channel")
    assert [message["text"] for message in sandbox.slack.view()["messages"][CHANNEL]] == ["card", "hear <!here>"]
    assert sandbox.history("response_url")[0].raw["live"] == ["<!here>"]
    assert (await hook.send(text="")).status_code == 400


async def test_an_updated_modal_keeps_what_was_filled_in(sandbox: Sandbox):
    client = sandbox.client()
    view = (await client.views_open(trigger_id=(await payload_of(sandbox))["trigger_id"], view=MODAL))["view"]
    done = asyncio.create_task(sandbox.slack.act("ana", "submit", view["id"], values={"note": {"text": "typed"}}))
    await sandbox.until(lambda: sandbox.history("view_submission"))
    changed = (await client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL))["view"]
    assert changed["state"]["values"]["note"]["text"]["value"] == "typed"
    assert await error(client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)) == "hash_conflict"
    assert await error(client.views_update(view_id="V0NONE", view=MODAL)) == "not_found"
    done.cancel()


async def test_what_was_recorded_of_an_interaction_does_not_change_later(sandbox: Sandbox):
    ts = await sandbox.act("ana", "type", CHANNEL, "before")
    await sandbox.act("ana", "shortcut", f"{CHANNEL}:{ts}", callback_id="x")
    await sandbox.act("ana", "edit", f"{CHANNEL}:{ts}", "after")
    await sandbox.act("ana", "react", f"{CHANNEL}:{ts}", emoji="eyes")
    message = sandbox.history("message_action")[0].raw["message"]
    assert (message["text"], "reactions" in message) == ("before", False)
