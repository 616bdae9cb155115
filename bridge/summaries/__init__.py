"""Says what a conversation is about, and suggests replies: through a model where there is one, else without."""

from collections.abc import Mapping

from bridge.ports import Drafter, Summariser


def build(env: Mapping[str, str]) -> Summariser | None:
    """The summariser with a model behind it; None where the environment names none."""
    if not (env.get("OPENAI_API_KEY") or env.get("OPENAI_BASE_URL")):
        return None
    from bridge.summaries import llm  # the library takes a second to import, and only those with an endpoint need it

    return llm.from_env(env)


def build_drafter(env: Mapping[str, str]) -> Drafter | None:
    """The drafter with a model behind it; None where the environment names none."""
    if not (env.get("OPENAI_API_KEY") or env.get("OPENAI_BASE_URL")):
        return None
    from bridge.summaries import drafter, llm

    return drafter.LlmDrafter(*llm.client_from(env))
