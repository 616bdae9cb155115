"""What only one person reads: an answer to what they did, or a direct message. Said in their language."""

import aiohttp

from bridge.i18n import again, speaking
from bridge.ports import Whisper, is_person
from bridge.team_workspace import posts
from bridge.team_workspace.answers import answer, replaces_for_all
from bridge.team_workspace.inert import SHORT_TEXT, WHISPER_TEXT, escaped
from bridge.team_workspace.people import People
from bridge.team_workspace.posting import PLAIN, QUIET
from bridge.team_workspace.settings import SlackSettings
from bridge.team_workspace.web_api import WebApi
from bridge.team_workspace.windows import TRIGGER, Windows


class Private:
    """Tells one person. `language`: of what everybody sees, and for whomever Slack knows no other."""

    def __init__(
        self,
        settings: SlackSettings,
        session: aiohttp.ClientSession,
        api: WebApi,
        people: People,
        windows: Windows,
        language: str,
    ) -> None:
        self.settings, self.session, self.api = settings, session, api
        self.people, self.windows, self.language = people, windows, language

    async def tell(self, whisper: Whisper) -> None:
        """Answer the click or command itself; when that is too late, or there was none, by an ephemeral message."""
        for_all = whisper.replaces and replaces_for_all(whisper.answer_to)
        language = self.language if for_all else await self._language_of(whisper)
        with speaking(language):
            whisper = again(whisper)
        if await self.windows.tell(whisper, language):
            return
        told = posts.told(whisper, WHISPER_TEXT)
        api, replaces = self.settings.api_url, whisper.replaces
        if whisper.answer_to and await answer(self.session, whisper.answer_to, told, api, replaces=replaces):
            return
        if replaces:
            return  # the question is too old to be taken away, and its answer is seen elsewhere
        where = {"channel": whisper.channel, "user": whisper.agent_id, "thread_ts": whisper.thread or None}
        said = {**where, "text": told.text, "blocks": told.blocks, **PLAIN}
        await self.api.call("chat.postEphemeral", said, repeatable=False)

    async def write_to(self, person: str, text: str) -> None:
        """A direct message. Their id as channel is enough for that (docs.slack.dev, chat.postMessage)."""
        with speaking((is_person(person) and await self.people.reads(person)) or self.language):
            text = again(text)
        told = {"channel": person, "text": escaped(text, SHORT_TEXT), **QUIET}
        await self.api.call("chat.postMessage", told, repeatable=True)

    async def _language_of(self, whisper: Whisper) -> str:
        """Asked for where it is not known, but not where a window must open within three seconds."""
        if whisper.answer_to.startswith(TRIGGER):
            return self.people.locale(whisper.agent_id) or self.language
        return await self.people.reads(whisper.agent_id) or self.language
