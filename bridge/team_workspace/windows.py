"""Opens and redraws windows, the app's own page and the board."""

from collections.abc import Mapping
from typing import Any

from bridge.i18n import speaking
from bridge.ports import NAMED, Form, Place, Whisper
from bridge.team_workspace import views
from bridge.team_workspace.reading import Whereabouts
from bridge.team_workspace.web_api import WebApi

WINDOW, TRIGGER = "view:", "trigger:"  # how an answer's address begins that is no response_url


class Windows:
    """What one person sees besides messages."""

    def __init__(self, api: WebApi, here: Whereabouts) -> None:
        self.api, self.here = api, here

    async def show(self, address: str, trigger: str, form: Form) -> bool:
        """Draw an open window anew, or open one; False when the trigger is too old (3 s) or was used."""
        with speaking(form.language):
            shown = views.modal(form, self.here.link)
        if which := _open_one(address):
            await self._update(which, shown)
            return True
        return await self._open(trigger, shown)

    async def tell(self, whisper: Whisper, language: str) -> bool:
        """A private word in a window, if that is its address. One that was closed meanwhile hears nothing."""
        with speaking(language):
            told, address = views.told(whisper, self.here.link), whisper.answer_to
        if which := _open_one(address):
            await self._update(which, told)
            return True
        if address.startswith(TRIGGER):
            await self._open(address.removeprefix(TRIGGER), told)
            return True
        return False

    async def show_home(self, agent_id: str, page: Form) -> None:
        """The app's own page."""
        with speaking(page.language):
            shown = {"user_id": agent_id, "view": views.home(page, self.here.link)}
        await self.api.call("views.publish", shown, repeatable=True)

    async def pin(self, place: Place) -> None:
        """Keep a message where people find it. What is pinned already is well; so is a channel that takes no more."""
        pinned = {"channel": place.channel, "timestamp": place.ts}
        fine = ("already_pinned", "not_pinnable", "permission_denied", "too_many_pins")
        await self.api.call("pins.add", pinned, repeatable=True, fine=fine)

    async def _open(self, trigger: str, view: Mapping[str, Any]) -> bool:
        fine = (
            "expired_trigger_id",
            "trigger_expired",
            "exchanged_trigger_id",
            "trigger_exchanged",
            "invalid_trigger_id",
        )
        return (
            await self.api.call("views.open", {"trigger_id": trigger, "view": view}, repeatable=True, fine=fine)
            is not None
        )

    async def _update(self, which: Mapping[str, str], content: Mapping[str, Any]) -> None:
        told = {**which, "view": content}
        await self.api.call("views.update", told, repeatable=True, fine=("not_found",))


def _open_one(address: str) -> dict[str, str]:
    """How Slack is told which open window is meant; empty: it is none."""
    for begins, argument in ((WINDOW, "view_id"), (NAMED, "external_id")):
        if address.startswith(begins):
            return {argument: address.removeprefix(begins)}
    return {}
