"""The Cloud API's error codes: what each means for a delivery, in words that an agent understands."""

from typing import Any

from bridge.customer_channels._http import Reply
from bridge.errors import DeliveryError, NeedsAdmin, TooFast, TryLater, Uncertain, Undeliverable, WindowShut
from bridge.i18n import t

NOT_NOW = {1, 2, 4, 80007, 130429, 131000, 131016, 131056, 131057}
PAIR_LIMIT, PAIR_PAUSE = 131056, 6.0  # seconds between two messages to one customer
NOT_US = {0, 3, 10, 190, *range(200, 300)}  # token or permission: a person has to act
NOT_US_PAUSE = 60.0
SHUT = 131047
TEMPLATE_GONE = {132001, 132015, 132016}  # what we were told of the templates does not hold any more

LOCKED = t("WhatsApp has restricted or locked the business account.")
NOT_UNDERSTOOD = t("WhatsApp did not understand the message.")
DISTURBED = t("WhatsApp had a disturbance. Send it again.")
TOO_FAST = t("WhatsApp takes no more messages from us for a while. Send it again later.")
REFUSED = t("WhatsApp refuses our token, or what it may do. An admin has to renew WHATSAPP_TOKEN.")
VALUES = t("The template's values are not what WhatsApp expects of it.")
# Also those that are tried again as an answer: as a `failed` status they come after WhatsApp had taken the message.
WORDS = {
    **dict.fromkeys(NOT_US, REFUSED),
    **dict.fromkeys((1, 2, 131000, 131016, 131057), DISTURBED),
    **dict.fromkeys((4, 80007, 130429), TOO_FAST),
    100: NOT_UNDERSTOOD,
    368: LOCKED,
    130472: t("WhatsApp held it back: this customer takes part in one of its experiments."),
    130497: t("WhatsApp does not let us write to the customer's country."),
    131008: NOT_UNDERSTOOD,
    131009: NOT_UNDERSTOOD,
    131021: t("The customer's number is our own number."),
    131026: t("WhatsApp cannot deliver to this customer, who may have blocked us or left WhatsApp."),
    131030: t("The customer is not on the list of recipients of this test number."),
    131031: LOCKED,
    131037: t("WhatsApp has not approved our display name yet."),
    131042: t("The business account has a payment problem."),
    131045: t("Our number is not registered with WhatsApp."),
    SHUT: t(
        "More than 24 hours have passed since the customer last wrote. WhatsApp takes replies again when they "
        "write: send it again then, or reach them in another way."
    ),
    131048: t("WhatsApp restricts our number because customers reported messages as spam."),
    131049: t("WhatsApp held it back to protect the customer from too many messages."),
    131050: t("The customer does not want such messages any more."),
    131051: t("WhatsApp does not know this kind of message."),
    131052: t("WhatsApp could not fetch the file."),
    131053: t("WhatsApp does not take this file."),
    131056: t("Too many messages went to this customer in a short time. Send it again in a minute."),
    131062: t("WhatsApp needs the customer's phone number for this, and we do not have it."),
    131064: t("WhatsApp restricts how many customers we may write to."),
    # Templates.
    132000: t("The template has another number of blanks than were filled in."),
    132001: t("WhatsApp has no such template in this language, or has not approved it."),
    132005: t("The template is too long with what was filled in."),
    132007: t("WhatsApp does not allow what the template says."),
    132012: t("WhatsApp does not take what was filled into the template: each blank is one line of plain text."),
    132015: t("WhatsApp has paused this template because customers complained. Choose another one."),
    132016: t("WhatsApp has switched this template off because customers complained. Choose another one."),
    132008: VALUES,
    132068: t("The form in this template does not work."),
    132069: t("The form in this template was sent too often."),
    133016: t("Our number was registered with WhatsApp too often. It has to wait."),
    137000: t("The customer has WhatsApp on another phone now, and it has to be confirmed that they are the same."),
}


class TemplateGone(Undeliverable):
    """It was refused though we were told that it could be sent: that has to be asked again."""


def words(code: int) -> str:
    """What happened, for an agent."""
    return WORDS.get(code, t("WhatsApp could not deliver it (code {code}).", code=code))


def refusal(reply: Reply) -> DeliveryError:
    """What an answer other than success means."""
    error = reply.json().get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if not isinstance(code, int):
        return _without_code(reply)
    if code in NOT_US or reply.status == 401:
        return NeedsAdmin(t("WhatsApp refuses WHATSAPP_TOKEN (code {code}).", code=code), NOT_US_PAUSE)
    if code == PAIR_LIMIT:
        return TooFast(_later(code), reply.retry_after or PAIR_PAUSE)
    if code in NOT_NOW or reply.status == 429 or reply.status >= 500:
        return TryLater(_later(code), reply.retry_after)
    if code in TEMPLATE_GONE:
        return TemplateGone(words(code))
    return WindowShut(words(code)) if code == SHUT else Undeliverable(words(code))


def failure(errors: Any) -> str:
    """The reason in a `failed` status."""
    code = _first_code(errors)
    return words(code) if isinstance(code, int) else t("WhatsApp could not deliver it.")


def is_shut(errors: Any) -> bool:
    """Whether that was the reason."""
    return _first_code(errors) == SHUT


def _first_code(errors: Any) -> Any:
    first = errors[0] if isinstance(errors, list) and errors else {}
    return first.get("code") if isinstance(first, dict) else None


def _without_code(reply: Reply) -> DeliveryError:
    """Not the Cloud API's own answer. Below 500 it was turned away on the way there; above, nobody knows."""
    if 400 <= reply.status < 500:
        refused = t("Something between us and WhatsApp refused the call ({code}).", code=reply.status)
        return TryLater(refused, reply.retry_after)
    return Uncertain(t("WhatsApp's answer cannot be read ({code}).", code=reply.status))


def _later(code: int) -> str:
    if code in (4, 80007, 130429, PAIR_LIMIT):
        return t("WhatsApp asks us to slow down.")
    return t("WhatsApp has a disturbance (code {code}).", code=code)
