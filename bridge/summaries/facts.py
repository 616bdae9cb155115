"""Finds what an agent would look up: order numbers, e-mail addresses, phone numbers, amounts, dates. Pure.

Customers choose the text, so every pattern takes time in proportion to it: repetitions are bounded, and begin only
where a word does.
"""

import re

from bridge.i18n import joined, t

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NUMBERED = re.compile(
    r"(?i)\b(order|ordr|tracking|invoice|booking|ticket|case|reference|ref|return|refund|customer|account"
    r"|pedido|bestellung"
    r"|commande|ordine|encomenda|bestelling|zamowienie|sipari[sş]|заказ)(?:\s*(?:id|no|nr|number|num|numbr|code"
    r"|numero|nummer"
    r"|n°|№|is|was)){0,5}\W{0,4}\s?"
    r"((?=[\w/-]{0,30}\d)[A-Z0-9](?:[A-Z0-9]|[-/](?=[A-Z0-9])){3,29})"
)
_HASHED = re.compile(r"#\s?((?=[\w-]{0,30}\d)[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){2,29})")
_CODED = re.compile(r"\b([A-Z]{2,5}-?\d{4,20}|\d{3}-\d{7}-\d{7})\b")
_CURRENCY = r"(?:[$€£¥₹₽₺₩]|usd|eur|gbp|inr|rs\.?|rupees?|dollars?|euros?|pounds?|chf|zł|pln|kr|₹)"
_AMOUNT = re.compile(
    rf"(?i)(?<![\w.,-])(?:{_CURRENCY}\s?\d[\d.,]*\d(?:\s?(?:k|lakhs?|million)\b)?|{_CURRENCY}\s?\d"
    rf"|\d[\d.,]*\s?{_CURRENCY}(?!\w))"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"(?i)\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd"
    rf"|th)?(?: of)? {_MONTH}\b(?:,? \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?)"
)
_PHONE = re.compile(r"(?<![\w-])(?:\+\d{1,3}[\s-]?)(?:\(?\d{1,5}\)?[\s-]?){2,5}\d{2,4}(?!\w)|(?<![\w-])\d{10}(?![\w-])")
_DIGITS = re.compile(r"\d")
_MOST = 8

ORDER, NUMBER, EMAIL, PHONE, AMOUNT, DATE = t("order"), t("number"), t("e-mail"), t("phone"), t("amount"), t("date")
REFERENCE = t("reference")
KNOWN = {
    it: it
    for it in (
        *(t("tracking"), t("invoice"), t("booking"), t("ticket"), t("case"), t("return"), t("refund")),
        *(t("customer"), t("account"), REFERENCE),
    )
} | {"ref": REFERENCE}


def facts(text: str) -> tuple[str, ...]:
    """Each with its kind in front, in order, without repeats. Card numbers are left out."""
    text = _without_cards(text)
    emails = _EMAIL.findall(text)
    text = _EMAIL.sub(" ", text)
    numbered = list(dict.fromkeys((match[1].lower(), match[2]) for match in _NUMBERED.finditer(text)))[:_MOST]
    numbers = [number for _, number in numbered]
    found = [(KNOWN.get(kind, ORDER), number) for kind, number in numbered]
    found += [(NUMBER, code) for code in _HASHED.findall(text) + _CODED.findall(text) if code not in numbers]
    rest = text
    for number in numbers:
        rest = rest.replace(number, " ")
    found += [(EMAIL, email) for email in emails]
    found += [(PHONE, phone.strip()) for phone in _PHONE.findall(rest)]
    found += [(AMOUNT, amount.strip(" .,")) for amount in _AMOUNT.findall(rest)]
    found += [(DATE, date) for date in _DATE.findall(rest)]
    return tuple(joined(fact) for fact in list(dict.fromkeys(found))[:_MOST])


def _without_cards(text: str) -> str:
    return re.sub(
        r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])", lambda match: " " if _is_card(match[0]) else match[0], text
    )


def _is_card(number: str) -> bool:
    """Luhn's check, which every payment card number passes."""
    digits = [int(digit) for digit in reversed(_DIGITS.findall(number))]
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
