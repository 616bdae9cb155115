"""A look-alike of the WhatsApp Cloud API: one business number, its customers, signed webhooks."""

from bridge.sandbox.whatsapp.cloud_api import WhatsApp

__all__ = ["WhatsApp"]
