"""What an agent sees of a reply: one mark."""

import pytest

from bridge.fate import mark_of


@pytest.mark.parametrize(
    ("state", "parts", "quick", "slow"),
    [
        ("held", [], "held", "held"),
        ("note", [], None, None),
        ("suppressed", [], None, None),
        ("pending", [], None, "slow"),
        ("pending", ["delivered"], None, "slow"),
        ("uncertain", ["uncertain"], None, "slow"),
        ("sent", ["sent"], None, "slow"),
        ("sent", ["delivered", "sent"], None, "slow"),
        ("sent", ["delivered", "read"], "delivered", "delivered"),
        ("sent", ["read", "read"], "read", "read"),
        ("failed", ["delivered", "failed"], "failed", "failed"),
    ],
)
def test_a_reply_has_the_mark_of_its_fate(state: str, parts: list[str], quick: str | None, slow: str | None) -> None:
    assert (mark_of(state, parts, slow=False), mark_of(state, parts, slow=True)) == (quick, slow)
