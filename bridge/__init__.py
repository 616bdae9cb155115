"""Human takeover for chatbots: customers on Telegram, WhatsApp and the web, agents in Slack threads."""

__version__ = "0.1.0"
