"""Where else a customer can be reached, in what they wrote: a guess that rather finds nothing."""

import pytest

from bridge.address import address_in


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("maria@example.com", "maria@example.com"),
        ("Write to maria.lopez+tea@mail.example.co.uk, please!", "maria.lopez+tea@mail.example.co.uk"),
        ("+34 600 123 456", "+34 600 123 456"),
        ("my number is (0171) 234567", "(0171) 234567"),
        ("my number is 0171/234567, thanks", "0171/234567"),
        ("0049-171-2345678", "0049-171-2345678"),
        ("maria@localhost", ""),
        ("@maria", ""),
        ("Where is my order MK-20417?", ""),
        ("20417", ""),
        ("1234567890", ""),
        ("+12", ""),
        ("+1234567890123456789", ""),
        ("order 1 of 2: 0171 234567", ""),
        ("I ordered on the 3rd and my parcel with the number 0123456789 has not come yet", ""),
        ("", ""),
        ("a@" * 5000 + "0" * 5000, ""),
    ],
)
def test_an_address_is_found_where_there_is_one(text: str, address: str) -> None:
    assert address_in(text) == address
