"""Who a visitor is, as the site that embeds the chat vouches for it: a JSON Web Token, signed with a shared secret.

Only HS256: whoever else may choose the algorithm may choose none. (RFC 7519, and 3.1 of RFC 8725.)
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bridge.customer_channels.web.problem import Problem

LONGEST = 80  # of a name


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody whom the site knows. `id` is its own name for them, which never changes."""

    id: str
    name: str
    email: str


class _Header(BaseModel):
    alg: str


class _Claims(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    sub: str = Field(max_length=200, pattern=r"^[^\x00-\x1f]+$")
    exp: float
    nbf: float = 0
    name: str = ""
    email: str = Field(default="", max_length=254)


def identified(token: str, secret: str, now: datetime) -> Identity:
    """Whom the token names. Raises Problem when it is not the site's, or not good at this time."""
    try:
        signed, _, signature = token.encode("ascii").rpartition(b".")
        header, _, claims = signed.partition(b".")
        authentic = hmac.compare_digest(_plain(signature), hmac.digest(secret.encode(), signed, hashlib.sha256))
        if not (secret and authentic and _Header.model_validate_json(_plain(header)).alg == "HS256"):
            raise _refused()
        found = _Claims.model_validate_json(_plain(claims))
    except (UnicodeEncodeError, binascii.Error, ValidationError):
        raise _refused() from None
    if not found.nbf <= now.timestamp() < found.exp:
        raise Problem(401, "identity_expired", "The identity is not good at this time. Sign a new one.")
    return Identity(found.sub, printable(found.name)[:LONGEST], printable(found.email))


def printable(text: str) -> str:
    """In one line, without what nobody sees."""
    return "".join(filter(str.isprintable, text)).strip()


def _refused() -> Problem:
    return Problem(401, "identity", "The identity was not signed with this chat's secret.")


def _plain(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
