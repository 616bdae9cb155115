"""Where else a customer can be reached: an e-mail address or a phone number in what they wrote. Pure; no identity."""

import re

LONGEST = 200  # characters of a message in which a number may be an address
MOST_WORDS = 6  # beside it: "my number is ..., thanks"

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-zA-Z]{2,24}(?![\w-])")
_PHONE = re.compile(r"(?<![\w+#-])\(?(?:\+|0)\d[\d ()/.\-]{5,20}\d(?![\w-])")
_DIGITS = range(7, 16)  # of a phone number: E.164 has fifteen at most


def address_in(text: str) -> str:
    """The first e-mail address; else a phone number, if the message is hardly about anything else; else nothing."""
    if mail := _MAIL.search(text):
        return mail[0]
    phone = _PHONE.search(text) if len(text) <= LONGEST else None
    if phone is None or sum(map(str.isdigit, phone[0])) not in _DIGITS:
        return ""
    besides = f"{text[: phone.start()]} {text[phone.end() :]}"
    alone = len(besides.split()) <= MOST_WORDS and not any(map(str.isdigit, besides))
    return " ".join(phone[0].split()) if alone else ""
