"""How the web chat says no: in constant words."""

import math
from collections.abc import Generator
from contextlib import contextmanager

from aiohttp import web

PATIENCE = 10.0  # seconds in which a body must have arrived, or the next piece of a file


class Problem(Exception):
    """A refusal that the caller reads."""

    def __init__(self, status: int, code: str, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self._body = {"error": {"code": code, "message": message}}
        self.code = code
        self.status = status
        self._after = after

    def response(self) -> web.Response:
        """As HTTP."""
        headers = {"Retry-After": str(math.ceil(self._after))} if self._after else {}
        return web.json_response(self._body, status=self.status, headers=headers)


@contextmanager
def storing() -> Generator[None]:
    """What could not be stored or read is not acknowledged, whatever the store's reason."""
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        raise Problem(503, "unavailable", "Please try again in a moment.", after=1) from error
