"""A database with eighty days behind it: conversations, what was said, and what is kept of the last eight days."""

import re
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.slack import AGENT, CHANNEL
from bench.telegram import FIRST_CHAT
from bridge.store.migrate import migrate

ROWS = Path(__file__).with_suffix(".sql")
COMMENT = re.compile("^--.*$", re.MULTILINE)
INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''"
FIRST_NUMBER = 1001  # of a handoff
DAYS, KEPT = 80, 8
DAY = 24 * 3600 * 1_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class History:
    """How much there is. The first `open` customers are talking to an agent; the others have done so once."""

    conversations: int
    messages: int
    open: int

    def thread(self, customer: int) -> bytes:
        """Where a customer's thread stands in Slack."""
        return b"1700000000.%06d" % customer

    def fill(self, path: Path) -> None:
        """Create the database. Indexes are built at the end, in one transaction with all rows."""
        migrate(f"sqlite:///{path}")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cache_size = -200000")
            connection.execute("BEGIN")
            indexes = connection.execute(INDEXES).fetchall()
            for name, _ in indexes:
                connection.execute(f"DROP INDEX {name}")
            values = self._values()
            for statement in COMMENT.sub("", ROWS.read_text(encoding="utf-8")).split(";"):
                connection.execute(statement, values)
            for _, sql in indexes:
                connection.execute(sql)
            connection.execute("COMMIT")

    def _values(self) -> dict[str, object]:
        step = DAYS * DAY // self.messages
        return {
            "conversations": self.conversations,
            "messages": self.messages,
            "open": self.open,
            "recent": self.messages * KEPT // DAYS,
            "began": time.time_ns() // 1000 - self.messages * step,
            "step": step,
            "first_chat": FIRST_CHAT,
            "first_number": FIRST_NUMBER,
            "agent": AGENT,
            "channel": CHANNEL,
        }
