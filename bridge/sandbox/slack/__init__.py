"""A strict look-alike of Slack: Web API, Events API, Socket Mode, interactivity, and the people who use it."""

from bridge.sandbox.slack.slack import Slack

__all__ = ["Slack"]
