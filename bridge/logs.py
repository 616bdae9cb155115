"""Logs: one line per action, with a conversation's id and never a customer's words. Tokens are struck out."""

import logging
import re
import sys
from typing import Any

import structlog

SECRET = re.compile(
    r"(xox[a-z]-|xapp-|xoxe[.-])[\w-]+|(?<!\d)\d{5,}:[\w-]{20,}|(Bearer\s+)[\w.~+/=-]+|EAA\w{20,}|sk-[\w-]{16,}"
    r"|(postgres(?:ql)?(?:\+\w+)?://[^:@/\s]*:)[^@\s]+(?=@)"
    r"|(hooks\.slack\.com/)[\w/-]+|([?&](?:token|ticket)=)[\w.~%-]+"
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
    ]
    last = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=_colours())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    drawn = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last, strike_out]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=drawn, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:  # below this some of them log addresses with tokens, or what was said
        logging.getLogger(name).setLevel(logging.WARNING)


def strike_out(_logger: Any, _method: str, line: Any) -> str:
    """Replace anything that looks like a token, wherever in the finished line it stands."""
    return SECRET.sub(lambda found: f"{next(filter(None, found.groups()), '')}***", str(line))


def _colours() -> bool:
    return sys.stderr.isatty()
