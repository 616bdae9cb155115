"""One line of the doctor's report, for people and for programs. No secret gets into either."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

SECRET_NAMES = ("_TOKEN", "_SECRET", "_KEY")


@dataclass(frozen=True, slots=True)
class Line:
    """What was looked at, whether it is right, what was seen, and what to do about it."""

    check: str
    ok: bool
    detail: str
    mend: str = ""


def written(line: Line, *, as_json: bool) -> str:
    """The line as it is printed."""
    if as_json:
        return json.dumps(asdict(line), ensure_ascii=False)
    said = ": ".join(part for part in (line.detail, line.mend) if part)
    return f"{'✓' if line.ok else '✗'} {line.check:10} {' '.join(said.split())}"


def without(secrets: Iterable[str], line: Line) -> Line:
    """The line with every secret struck out, whoever put it there."""
    detail, mend = line.detail, line.mend
    for secret in secrets:
        detail, mend = detail.replace(secret, "***"), mend.replace(secret, "***")
    return Line(line.check, line.ok, detail, mend)


def secrets_of(env: Mapping[str, str]) -> list[str]:
    """Every secret in the environment, the longest first: one may contain another."""
    named = [value for name, value in env.items() if name.endswith(SECRET_NAMES)]
    try:
        password = urlsplit(env.get("DATABASE_URL", "")).password or ""
    except ValueError:
        password = ""
    return sorted({secret for secret in [*named, password] if len(secret) > 3}, key=len, reverse=True)
