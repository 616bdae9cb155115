"""Customers who are not like most: some call a person at once, some block the bot while an agent writes to them."""

import asyncio
from collections.abc import Callable
from dataclasses import fields

from bridge.sandbox.world import Entry
from chaos import reading
from chaos.people.crowd import Crowd
from chaos.people.life import Life
from chaos.reading import Card

Cast = Callable[[Crowd], None]


class Hasty(Life):
    """Calls a person at once: whoever waits for an answer of the bot that is in doubt waits for long."""

    async def _with_the_bot(self) -> None:
        pass


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


def cast(kind: type[Life], *channels: str) -> Cast:
    """Everybody on these channels is of this kind."""

    def change(crowd: Crowd) -> None:
        crowd.lives[:] = [_changed(life, kind) if life.channel in channels else life for life in crowd.lives]

    return change


def _changed(life: Life, kind: type[Life]) -> Life:
    return kind(**{field.name: getattr(life, field.name) for field in fields(Life)})
