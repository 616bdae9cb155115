"""Clicks, commands and whatever else is no event pass through Bolt, which knows all their shapes."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bridge.i18n import again, speaking
from bridge.ports import Stored
from bridge.team_workspace import views
from bridge.team_workspace.intake import Intake

# Their own lines carry customers' words.
_quiet = logging.getLogger("bridge.slack_bolt")
_quiet.setLevel(logging.CRITICAL)


class Clicks:
    """A Bolt app with one way in for everything.

    It stands before Bolt's authorization, which would acknowledge, and so lose, what comes while auth.test fails.
    Bolt answers when the event is committed, and not before: elsewhere it acknowledges first.
    """

    def __init__(self, intake: Intake, token: str, api: str) -> None:
        self.intake = intake
        self._app = AsyncApp(
            name="slack_bolt",  # else Bolt looks for one, which takes long; a logger of this name becomes as quiet
            client=AsyncWebClient(token, api, retry_handlers=[], logger=_quiet),
            logger=_quiet,
            before_authorize=self._take_in,
            process_before_response=True,
            request_verification_enabled=False,
        )

    async def dispatch(self, body: Mapping[str, Any]) -> BoltResponse:
        """Bolt's answer: 200 once it is committed. Raises what Bolt does when a body has a shape it cannot take."""
        # As over a socket: of a form, Bolt 1.30 would lose a command whose text has the word "payload" in it.
        request = AsyncBoltRequest(mode="socket_mode", body=dict(body))
        request.context["committed"] = self.intake.take(body)  # now: what comes next must not overtake it
        return await self._app.async_dispatch(request)

    async def _take_in(self, request: AsyncBoltRequest) -> BoltResponse:
        stored: Stored | None = await request.context["committed"]
        if stored is None:
            return BoltResponse(status=503, body="")
        if request.body.get("type") == "view_submission":
            with speaking(self.intake.listeners.people.locale(request.body["user"]["id"])):
                return BoltResponse(status=200, body=self._answer(request.body, stored))
        return BoltResponse(status=200, body="")

    def _answer(self, body: Mapping[str, Any], stored: Stored) -> dict[str, Any] | str:
        """What stands in a window that was sent off, or in its place; blank: it closes.

        The next window is in the answer itself: one that is drawn by itself may come before the answer, and is lost.
        """
        if stored.wrong:
            wrong = {name: again(why) for name, why in stored.wrong.items()}
            return {"response_action": "errors", "errors": views.wrong(wrong)}
        if stored.told:
            shown = views.sentence(body["view"]["title"]["text"], again(stored.told))
            return {"response_action": "update", "view": shown}
        if stored.shows:
            return {"response_action": "update", "view": views.modal(stored.shows, self.intake.listeners.here.link)}
        return ""
