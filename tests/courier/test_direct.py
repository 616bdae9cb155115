"""Direct messages: never lost, whatever Slack says; given up only when there is nobody to tell."""

import pytest

from bridge.store import outbox

from ..conftest import Rig


async def tell(rig: Rig, who: str, text: str) -> None:
    now = rig.bridge.desk.house.clock()
    await rig.bridge.store.write(lambda tx: outbox.put(tx, f"direct:{who}", "direct", {"text": text}, text, now))


def told(rig: Rig, chat: str = "D0CLEA") -> list[str]:
    return [it.text or "" for it in rig.history("slack", "chat.postMessage") if it.chat == chat]


@pytest.mark.parametrize(("fault", "copies"), [("429", 1), ("500", 1), ("disconnect", 1), ("drop_after_accept", 2)])
async def test_a_direct_message_arrives(rig: Rig, fault: str, copies: int) -> None:
    rig.fault("slack", "chat.postMessage", fault, seconds=0.1)
    await tell(rig, "U0CLEA", "First")
    await tell(rig, "U0CLEA", "Second")
    await rig.until(lambda: "Second" in told(rig) or None, "the second message")
    await rig.quiet()
    assert told(rig) == ["First"] * copies + ["Second"]


async def test_who_is_not_there_keeps_nobody_waiting(rig: Rig) -> None:
    await tell(rig, "U0NOBODY", "Hello")
    await rig.quiet()
    assert await rig.read(lambda tx: tx.all("SELECT lane FROM outbox")) == []
