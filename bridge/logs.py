"""Logs: one line per action, with a conversation's id and never a customer's words. Tokens are struck out."""

import logging
import re
import sys
from typing import Any

import structlog

SECRET = re.compile(
    r"(xox[a-z]-|xapp-|xoxe[.-])[\w-]+|\b\d{5,}:[\w-]{20,}|(Bearer\s+)[\w.~+/=-]+|\bEAA\w{20,}|\bsk-[\w-]{16,}"
    r"|(postgres(?:ql)?(?:\+\w+)?://[^:@/\s]*:)[^@\s]+(?=@)"
)
QUIET = (
    "httpx",
    "httpcore",
    "aiohttp.access",
    "slack_bolt",
    "slack_sdk",
    "telegram",
    "openai",
    "alembic",
    "apscheduler",
    "asyncio",
)


def set_up(level: str, form: str) -> None:
    """Send everything, ours and the libraries', to stderr in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        strike_out,
    ]
    last = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=_colours())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=last, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:  # below this some of them log addresses with tokens, or what was said
        logging.getLogger(name).setLevel(logging.WARNING)


def strike_out(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace anything that looks like a token."""
    for key, value in event.items():
        if isinstance(value, str) and SECRET.search(value):
            event[key] = SECRET.sub(lambda found: f"{found[1] or found[2] or found[3] or ''}***", value)
    return event


def _colours() -> bool:
    return sys.stderr.isatty()
