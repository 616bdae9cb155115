"""Says what a conversation is about: through a model where there is one, else from the words alone."""

from collections.abc import Mapping

from bridge.ports import Summariser


def build(env: Mapping[str, str]) -> Summariser | None:
    """The summariser with a model behind it; None where the environment names none."""
    if not (env.get("OPENAI_API_KEY") or env.get("OPENAI_BASE_URL")):
        return None
    from bridge.summaries import llm  # the library takes a second to import, and only those with an endpoint need it

    return llm.from_env(env)
