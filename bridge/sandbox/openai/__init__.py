"""A look-alike of OpenAI's chat completions: scripted answers, or sensible ones that are always the same."""

from bridge.sandbox.openai.completions import OpenAI

__all__ = ["OpenAI"]
