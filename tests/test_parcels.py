"""How a message is cut into what goes to a customer: what goes as one, and where the words are."""

import pytest

from bridge.files import FileKind
from bridge.parcels import Came, Parcel, parcels, together
from bridge.ports import Limit

PHOTOS_AND_PAPERS = Limit(length=20, caption=10, together=(("photo", "video"), ("file",)), album=3)
ONE_BY_ONE = Limit(length=20, caption=10)


def came(*kinds: FileKind) -> list[Came]:
    return [Came(number, kind) for number, kind in enumerate(kinds, start=1)]


@pytest.mark.parametrize(
    ("kinds", "runs"),
    [
        (("photo", "video", "photo"), [(1, 2, 3)]),
        (("photo", "file", "photo"), [(1,), (2,), (3,)]),
        (("photo", "photo", "file", "file", "video"), [(1, 2), (3, 4), (5,)]),
        (("photo",) * 7, [(1, 2, 3), (4, 5, 6), (7,)]),
        (("voice", "voice", "sticker"), [(1,), (2,), (3,)]),
        ((), []),
    ],
)
def test_files_in_a_row_that_are_shown_as_one_go_as_one(kinds: tuple[FileKind, ...], runs: list[tuple[int]]) -> None:
    assert together(came(*kinds), PHOTOS_AND_PAPERS) == runs
    assert together(came(*kinds), ONE_BY_ONE) == [(number,) for number in range(1, len(kinds) + 1)]


@pytest.mark.parametrize(
    ("text", "kinds", "limit", "cut"),
    [
        ("Words", ("photo", "photo"), PHOTOS_AND_PAPERS, [Parcel("Words", (1, 2))]),
        ("Words", ("photo", "photo"), ONE_BY_ONE, [Parcel("Words"), Parcel("", (1,)), Parcel("", (2,))]),
        ("Words", ("photo", "file"), PHOTOS_AND_PAPERS, [Parcel("Words"), Parcel("", (1,)), Parcel("", (2,))]),
        ("More than ten", ("photo",), ONE_BY_ONE, [Parcel("More than ten"), Parcel("", (1,))]),
        ("Words", ("voice",), ONE_BY_ONE, [Parcel("Words"), Parcel("", (1,))]),
        (" ", ("photo",), ONE_BY_ONE, [Parcel("", (1,))]),
        ("One text and another one", (), ONE_BY_ONE, [Parcel("One text and"), Parcel("another one")]),
        ("", (), ONE_BY_ONE, []),
    ],
)
def test_words_are_a_caption_where_all_files_go_as_one_and_it_fits(
    text: str, kinds: tuple[FileKind, ...], limit: Limit, cut: list[Parcel]
) -> None:
    assert parcels(text, came(*kinds), limit) == cut
