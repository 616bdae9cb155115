"""The Cloud API's errors (platform facts 3.5)."""

from typing import Any

from aiohttp import web

WINDOW_SHUT = (
    131047,
    "Re-engagement message",
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
)
UNDELIVERABLE = (131026, "Message undeliverable", "Unable to deliver message.")
THROUGHPUT = (
    130429,
    "Rate limit hit",
    "Message failed to send because there were too many messages sent from this phone number in a short period of time",
)
PAIR_LIMIT = (
    131056,
    "(Business Account, Consumer Account) pair rate limit hit",
    "Message failed to send because there were too many messages sent from this phone number to the same phone number "
    "in a short period of time.",
)
UNAVAILABLE = (131016, "Service unavailable", "Something went wrong.")
INVALID_VALUE = "Parameter value is not valid"

Kind = tuple[int, str, str]


class Refused(Exception):
    """The Cloud API says no."""

    def __init__(self, status: int, code: int, title: str, details: str = "") -> None:
        super().__init__(title)
        self.status, self.code, self.title, self.details = status, code, title, details

    def answer(self) -> web.Response:
        """As HTTP."""
        error: dict[str, Any] = {"message": f"(#{self.code}) {self.title}", "type": "OAuthException", "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return web.json_response({"error": {**error, "fbtrace_id": "ASandboxTrace000000000"}}, status=self.status)


def refused(kind: Kind, status: int = 400) -> Refused:
    """One of the known errors."""
    return Refused(status, *kind)


def invalid(what: str, code: int = 100) -> Refused:
    """A parameter is wrong (100 and 131009) or missing (131008)."""
    return Refused(400, code, what if code == 100 else INVALID_VALUE, what)


def in_status(kind: Kind) -> dict[str, Any]:
    """As in `errors` of a failed status."""
    code, title, details = kind
    return {"code": code, "title": title, "message": title, "error_data": {"details": details}}
