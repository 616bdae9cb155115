"""The Web API's methods, a file for each family. Importing the package registers them all."""

from bridge.sandbox.slack.call import METHODS
from bridge.sandbox.slack.methods import basics, chat, conversations, files, pins, reactions, users, views

__all__ = ["METHODS", "basics", "chat", "conversations", "files", "pins", "reactions", "users", "views"]
