"""Which queue channel a handoff belongs to, as a table."""

import pytest

from bridge.routing import Facts, Route, channel_for

ANYBODY = Facts("telegram", "en", (), "shop", ("I want to talk to a human",))


def said(*words: str, customer_channel: str = "telegram", language: str = "en", labels: tuple[str, ...] = ()) -> Facts:
    return Facts(customer_channel, language, labels, "shop", words)


FITS = [
    # route                                                 facts
    (Route("r", customer_channels=("telegram",)), ANYBODY),
    (Route("r", customer_channels=("web", "telegram")), ANYBODY),
    (Route("r", languages=("de",)), said(language="de")),
    (Route("r", languages=("de",)), said(language="de-AT")),
    (Route("r", languages=("DE",)), said(language="de_at")),
    (Route("r", languages=("pt-BR",)), said(language="pt-br")),
    (Route("r", languages=("es", "en")), ANYBODY),
    (Route("r", labels=("vip",)), said(labels=("new", "VIP"))),
    (Route("r", bots=("shop",)), ANYBODY),
    (Route("r", keywords=("refund",)), said("I want my REFUND!")),
    (Route("r", keywords=("refund",)), said("A person, please.", "refund")),
    (Route("r", keywords=("invoice", "refund")), said("my refund")),
    (Route("r", keywords=("Größe",)), said("falsche GRÖSSE")),
    (Route("r", keywords=("credit note",)), said("the Credit  Note is missing")),
    (Route("r", keywords=("возврат",)), said("Где мой ВОЗВРАТ?")),
    (Route("r", keywords=("返金",)), said("返金してください")),
    (Route("r", customer_channels=("telegram",), languages=("en",), keywords=("human",)), ANYBODY),
]
FITS_NOT = [
    (Route("r", customer_channels=("web",)), ANYBODY),
    (Route("r", languages=("de",)), ANYBODY),
    (Route("r", languages=("de-AT",)), said(language="de")),
    (Route("r", languages=("de",)), said(language="den")),
    (Route("r", languages=("de",)), said(language="")),
    (Route("r", labels=("vip",)), ANYBODY),
    (Route("r", bots=("knowledge",)), ANYBODY),
    (Route("r", keywords=("refund",)), said("refunded")),
    (Route("r", keywords=("fund",)), said("refund")),
    (Route("r", keywords=("refund",)), said()),
    (Route("r", customer_channels=("telegram",), languages=("de",), keywords=("human",)), ANYBODY),
]


@pytest.mark.parametrize(("route", "facts"), FITS)
def test_a_route_fits_when_every_condition_holds(route: Route, facts: Facts) -> None:
    assert channel_for([route], facts) == "r"


@pytest.mark.parametrize(("route", "facts"), FITS_NOT)
def test_a_route_does_not_fit_when_one_condition_does_not_hold(route: Route, facts: Facts) -> None:
    assert channel_for([route], facts) == ""


def test_the_first_route_that_fits_wins() -> None:
    routes = [Route("none", languages=("de",)), Route("first", bots=("shop",)), Route("second", bots=("shop",))]
    assert channel_for(routes, ANYBODY) == "first"


def test_without_routes_everything_goes_to_the_fallback() -> None:
    assert channel_for([], ANYBODY) == ""
