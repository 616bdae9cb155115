"""JSON from outside, as it is read before anything is made of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.customer_channels._json import NoJson, parsed, written

strange = st.text(st.characters(codec=None, categories=None) | st.sampled_from("\0\ud800\udfff"))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | strange,
    lambda inner: st.lists(inner) | st.dictionaries(strange, inner),
    max_leaves=8,
)


@given(values)
def test_whatever_is_json_can_be_stored_by_any_database(value: Any) -> None:
    kept = written(parsed(json.dumps(value).encode())).decode()
    assert "\\u0000" not in kept.replace("\\\\", "")
    assert "\0" not in kept


def test_what_databases_refuse_is_taken_out() -> None:
    assert parsed(b'{"a\\u0000": "b\\u0000c\\ud800d \\ud83d\\ude00"}') == {"a": "bc�d \U0001f600"}
    assert parsed(b'[1%s, "\\ud800"]' % (b"0" * 30)) == ["1" + "0" * 30, "�"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'"\xff"', b'"\x00"', b"[" * 100_000, b"9" * 5000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(NoJson):
        parsed(body)


def test_what_is_nested_too_deep_to_be_meant_is_not_kept() -> None:
    value: Any = []
    for _ in range(500):
        value = [value]
    assert written(value) == b'"nested too deep"'
