"""WhatsApp: one business number, through Meta's Cloud API."""

import re
from collections.abc import Mapping

from bridge.customer_channels._http import is_address
from bridge.customer_channels.whatsapp.channel import BUSINESS, NEEDED, Account, WhatsApp
from bridge.errors import WrongSetting
from bridge.ports import Kit

__all__ = ["WhatsApp", "from_settings"]


def from_settings(env: Mapping[str, str], kit: Kit) -> WhatsApp | None:
    """The channel, if there is an account."""
    given = {name: env.get(name, "").strip() for name in NEEDED}
    if not any(given.values()):
        return None
    for name, mend in NEEDED.items():
        if not given[name]:
            raise WrongSetting(f"{name} is missing: {mend}.")
    if not re.fullmatch(r"[!-~]+", given["WHATSAPP_TOKEN"]):
        raise WrongSetting(f"WHATSAPP_TOKEN holds characters that no token has: {NEEDED['WHATSAPP_TOKEN']}.")
    api = (env.get("WHATSAPP_API_URL") or "https://graph.facebook.com").rstrip("/")
    version = env.get("WHATSAPP_API_VERSION") or "v26.0"
    if not is_address(api):
        raise WrongSetting("WHATSAPP_API_URL is not a web address: start it with https://, or leave it out.")
    if not re.fullmatch(r"v\d+\.\d+", version, re.ASCII):
        raise WrongSetting("WHATSAPP_API_VERSION is not a version like v26.0: mend it, or leave it out.")
    if not re.fullmatch(r"\d+", given["WHATSAPP_PHONE_NUMBER_ID"], re.ASCII):
        mend = NEEDED["WHATSAPP_PHONE_NUMBER_ID"]
        raise WrongSetting(f"WHATSAPP_PHONE_NUMBER_ID is not a number of digits only: {mend}.")
    business = env.get("WHATSAPP_BUSINESS_ID", "").strip()
    if not re.fullmatch(r"\d*", business, re.ASCII):
        raise WrongSetting(f"WHATSAPP_BUSINESS_ID is not a number of digits only: {BUSINESS}.")
    account = Account(*given.values(), url=f"{api}/{version}", business=business)
    return WhatsApp(account, kit.session, kit.clock)
