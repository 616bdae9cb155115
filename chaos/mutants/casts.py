"""Customers who are not like most: who call a person at once, block the bot, or close the page again and again."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields

import aiohttp

from bridge.sandbox.world import Entry
from chaos import reading
from chaos.people.crowd import Crowd
from chaos.people.life import Life
from chaos.people.visitor import Visitor
from chaos.reading import Card

THINKING = 0.3  # seconds: by then the bot has been asked
STAYS = (0.2, 0.8)  # seconds
Cast = Callable[[Crowd], None]


class Hasty(Life):
    """Calls a person at once: whoever waits for an answer of the bot that is in doubt waits for long."""

    async def _with_the_bot(self) -> None:
        pass


class Impatient(Hasty):
    """Asks the bot, and calls a person while it still thinks."""

    async def _calls_for_a_person(self) -> Card:
        await self._says("What about {}?", answered=None)
        await asyncio.sleep(THINKING)
        return await super()._calls_for_a_person()


class Unreachable(Life):
    """Blocks the bot. Their agent is told, and clicks "Send again" twice. On Telegram, which refuses at once."""

    async def _with(self, owner: str, card: Card) -> None:
        """One text that is refused, and sent again."""
        await self._until(lambda: self._hears("handover", ""), "the words that say who has it")
        await self.far.act(self.channel, self.name.lower(), "block")
        await self._types(owner, card, sent=True)
        said = f"a{self.name[1:]}n{self.replied:03d}"
        place = await self._until(lambda: self._told_of(said), f"a word about {said}")
        await self.far.act(self.channel, self.name.lower(), "unblock")
        await asyncio.gather(self._press(owner, place, "again"), self._press(owner, place, "again"))
        await self._until(self._all_there, said)

    def _told_of(self, said: str) -> str:
        """Where the thread says that this text did not arrive, and offers to send it again."""
        return next((f"{it.chat}:{it.id}" for it in reversed(self.far.history) if _offers(it, said)), "")


def _offers(entry: Entry, said: str) -> bool:
    about = reading.notice(entry)
    return bool(about and about.id == said and "again" in reading.buttons(entry))


class Restless(Visitor):
    """Closes the page and comes back all the time."""

    async def _read(self) -> None:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with asyncio.timeout(self._dice.uniform(*STAYS)):
                    await self._follow(self.events[-1]["seq"] if self.events else 0)
            await asyncio.sleep(self._dice.uniform(*STAYS))


def restless(crowd: Crowd) -> None:
    """Every visitor is."""
    for life in crowd.lives:
        if it := life.visitor:
            life.visitor = Restless(it._urls, it._session, it.name, it._dice)
            life.visitor.seen = it.seen


def cast(kind: type[Life], *channels: str) -> Cast:
    """Everybody on these channels is of this kind."""

    def change(crowd: Crowd) -> None:
        crowd.lives[:] = [_changed(life, kind) if life.channel in channels else life for life in crowd.lives]

    return change


def _changed(life: Life, kind: type[Life]) -> Life:
    return kind(**{field.name: getattr(life, field.name) for field in fields(Life)})
