"""Strict look-alikes of Slack, Telegram, WhatsApp and OpenAI on loopback, and the page to use them by hand.

Imports nothing of the bridge: it is the far end, and the judge of what reached it.
"""
