"""Asks step by step, as a YAML file says. Keeps nothing: where a customer is, and what they said, is in the Turn."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bridge.bots import Bots
from bridge.bots.flow_file import Flow, read_flow
from bridge.bots.options import Options, existing, read
from bridge.bots.steps import END, Step
from bridge.errors import WrongSetting
from bridge.language.courtesy import courtesy
from bridge.language.words import cut, fold, words
from bridge.ports import Answer, Bot, Turn
from bridge.texts import fill

_LONGEST = 500  # of an answer that is kept
_SKIPPED = frozenset(("skip", "-", "no", "none", "next"))


class Settings(Options):
    """`[bots.<name>]` with kind = "flow". `otherwise`: the bot that answers what does not belong to the flow."""

    file: str
    otherwise: str = ""


class FlowBot:
    """A bot that follows a flow."""

    def __init__(self, name: str, flow: Flow, otherwise: Bot | None = None) -> None:
        self.name = name
        self.names = flow.names
        self._flow = flow
        self._otherwise = otherwise

    async def answer(self, turn: Turn) -> Answer:
        """Go one question further, or let the other bot answer."""
        step = self._flow.steps.get(turn.stage)
        if target := self._commanded(turn.text):
            return self._arrive(target, turn, turn.answers)
        if step is None:
            return await self._idle(turn)
        if step.hand_off:  # a human was here and has given the conversation back
            return self._arrive(_follow(step, turn.answers), turn, turn.answers)
        given = understood(step, turn.text)
        if given is None:
            return await self._not_understood(step, turn)
        answers = {**turn.answers, step.store: given}
        return self._arrive(_follow(step, answers), turn, answers)

    async def close(self) -> None:
        """Nothing to let go of; the other bot is closed by who built it."""

    async def _idle(self, turn: Turn) -> Answer:
        if self._otherwise and not self._begins(turn.text):
            return await self._ask_other(self._otherwise, turn)
        if turn.answers and courtesy(turn.text) in ("thanks", "bye"):
            return Answer(self._flow.thanks, answers=turn.answers)
        return self._arrive(self._flow.first, turn, {})

    async def _not_understood(self, step: Step, turn: Turn) -> Answer:
        """Ask again; but first answer what the customer asked instead, if the other bot knows it."""
        question = fill(step.text, _values(turn, turn.answers))
        if self._otherwise and _is_aside(turn.text):
            aside = await self._otherwise.answer(replace(turn, stage=""))
            if not aside.unsure and not aside.human and not aside.stage:
                return Answer(f"{aside.text}\n\n{question}", step.id, turn.answers, choices=step.choices)
        told = fill(step.invalid, _values(turn, turn.answers)) or question
        return Answer(told, step.id, turn.answers, unsure=True, choices=step.choices)

    async def _ask_other(self, other: Bot, turn: Turn) -> Answer:
        """The other bot's stage is kept under its name, so that it is never taken for a step."""
        mark = f"{other.name}: "
        answer = await other.answer(replace(turn, stage=turn.stage.removeprefix(mark)))
        return replace(answer, stage=mark + answer.stage if answer.stage else "")

    def _arrive(self, target: str, turn: Turn, answers: Mapping[str, str]) -> Answer:
        """Say everything from this step on, up to the next question, hand-off point or the end."""
        said = list[str]()
        values = _values(turn, answers)
        while target != END:
            step = self._flow.steps[target]
            said.append(fill(step.text, values))
            text = "\n\n".join(filter(None, said))
            if step.asks:
                return Answer(text, step.id, answers, choices=step.choices)
            if step.hand_off:
                stage = "" if set(step.targets) == {END} else step.id
                return Answer(text, stage, answers, human=fill(step.hand_off, values))
            target = _follow(step, answers)
        return Answer("\n\n".join(filter(None, said)), "", answers)

    def _commanded(self, text: str) -> str:
        said = fold(text).strip(" .!")
        return next((target for words_, target in self._flow.commands.items() if fold(words_) == said), "")

    def _begins(self, text: str) -> bool:
        said = f" {' '.join(words(text))} "
        return any(f" {' '.join(words(phrase))} " in said for phrase in self._flow.begins)


def understood(step: Step, text: str) -> str | None:
    """The answer as it is kept, or nothing if it is no answer to this question."""
    said = cut(" ".join(text.split()), _LONGEST)
    if not said or (step.optional and fold(said) in _SKIPPED):
        return "" if step.optional else None
    if choice := _chosen(step.choices, said):
        return choice
    if not step.open:
        return None
    if step.check is None:
        return said
    match = step.check.search(said)
    return match[0] if match else None


def _is_aside(text: str) -> bool:
    """Whether it reads like a question or remark of its own, not like a mistyped answer."""
    return "?" in text or len(words(text)) >= 4 or bool(courtesy(text))


def _chosen(choices: tuple[str, ...], said: str) -> str:
    """The choice that is meant: by its words, its number, or because it is the only one named."""
    if said.strip(" .)").isdecimal() and 1 <= int(said.strip(" .)")) <= len(choices):
        return choices[int(said.strip(" .)")) - 1]
    spoken = f" {' '.join(words(said))} "
    labels = {choice: f" {' '.join(words(choice))} " for choice in choices}
    if exact := [choice for choice, label in labels.items() if label == spoken]:
        return exact[0]
    named = [choice for choice, label in labels.items() if label in spoken or (spoken in label and spoken.strip())]
    return named[0] if len(named) == 1 else ""


def _follow(step: Step, answers: Mapping[str, str]) -> str:
    return step.branches.get(fold(answers.get(step.by or step.store, "")), step.otherwise)


def _values(turn: Turn, answers: Mapping[str, str]) -> dict[str, str]:
    return {**answers, "customer.name": turn.customer}


def from_settings(name: str, table: Mapping[str, object], folder: Path, env: Mapping[str, str], bots: Bots) -> FlowBot:
    """Build from `[bots.<name>]`."""
    settings = read(Settings, name, table)
    flow = read_flow(existing(name, "file", folder / settings.file))
    if settings.otherwise and not flow.begins:
        raise WrongSetting(f"[bots.{name}] otherwise: {settings.file} needs begins, the words that start the flow.")
    return FlowBot(name, flow, bots(settings.otherwise) if settings.otherwise else None)
