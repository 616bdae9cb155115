"""How the Slack look-alike says no."""

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """A call or an act that Slack refuses, with Slack's own word for it."""

    def __init__(self, error: str, *messages: str, status: int = 200, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.more = more
        self.messages = list(messages)

    def body(self) -> Json:
        """The answer as the Web API words it."""
        body: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
        return body


def missing(field: str) -> Refused:
    """The refusal of a call without a required argument."""
    return Refused("invalid_arguments", f"[ERROR] missing required field: {field}")
