"""The misbehaviour that modes ask of the sandbox."""

from typing import Any

Fault = dict[str, Any]
PLATFORMS = ("slack", "telegram", "whatsapp")
SENDING = {  # what puts words before people; other calls may be repeated
    "slack": ("chat.postMessage", "chat.update", "reactions.add"),
    "telegram": ("sendMessage",),
    "whatsapp": ("messages",),
}


def sending(fault: str, rate: float, **more: Any) -> list[Fault]:
    """On the calls that put words before people."""
    return [
        {"platform": platform, "method": method, "fault": fault, "rate": rate, **more}
        for platform, methods in SENDING.items()
        for method in methods
    ]


def events(fault: str, rate: float, **more: Any) -> list[Fault]:
    """On what the platforms tell the bridge."""
    return [{"platform": it, "method": "events", "fault": fault, "rate": rate, **more} for it in PLATFORMS]


def away(platform: str) -> list[Fault]:
    """Every call is answered with 500, and whoever listens is thrown out."""
    every = [{"platform": platform, "method": "*", "fault": "500", "rate": 1.0}]
    return (
        [*every, {"platform": "slack", "method": "events", "fault": "disconnect", "rate": 1.0}]
        if platform == "slack"
        else every
    )
