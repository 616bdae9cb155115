"""Says what a conversation is about, and suggests replies: through a model where there is one, else without."""

from collections.abc import Mapping

from bridge.ports import Drafter, Summariser


def build(env: Mapping[str, str]) -> tuple[Summariser, Drafter] | None:
    """Both with a model behind them; None where the environment names none."""
    if not (env.get("OPENAI_API_KEY") or env.get("OPENAI_BASE_URL")):
        return None
    from bridge.summaries import drafter, llm  # the library takes a second to import, and only those need it

    client, model = llm.client_from(env)
    return llm.LlmSummariser(client, model), drafter.LlmDrafter(client, model)
