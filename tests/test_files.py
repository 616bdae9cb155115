"""What a file is called and what it is: claims of whoever sent it, which nobody believes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.files import UNKNOWN, File, actual, described, kind_of, safe_name, sniffed, too_large, with_files

TYPES = ("image/jpeg", "image/png", "application/pdf", "text/plain", UNKNOWN, "")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("name", "mime", "safe"),
    [
        ("invoice.pdf", "application/pdf", "invoice.pdf"),
        ("Angebot für Łukasz 你好.PDF", "application/pdf", "Angebot für Łukasz 你好.PDF"),
        ("../../etc/passwd", UNKNOWN, "passwd"),
        ("C:\\Users\\Eve\\a.png", "image/png", "a.png"),
        ("a\u202egnp.exe", UNKNOWN, "agnp.exe"),
        ("evil.html", "image/png", "evil.html.png"),
        ("photo", "image/jpeg", "photo.jpg"),
        ("two\r\nlines\t\x00.txt", "text/plain", "two lines.txt"),
        ('a"b<c>|?*.pdf', "application/pdf", "abc.pdf"),
        ("...", UNKNOWN, "file"),
        ("", "image/png", "file.png"),
        (".htaccess", UNKNOWN, "htaccess"),
        ("half\ud83d.txt", "text/plain", "half\ufffd.txt"),
        ("report.final.version", "application/pdf", "report.final.version.pdf"),
    ],
)
def test_a_name_is_made_safe(name: str, mime: str, safe: str) -> None:
    assert safe_name(name, mime) == safe


@given(st.text(max_size=300), st.sampled_from(TYPES))
def test_no_name_leads_anywhere_or_hides_anything(name: str, mime: str) -> None:
    safe = safe_name(name, mime)
    assert 0 < len(safe) <= 110
    assert not set(safe) & set('/\\<>:"|?*\n\r\0')
    assert all(unicodedata.category(sign) not in ("Cc", "Cf", "Cs") for sign in safe)
    assert safe == safe.strip()
    assert not safe.startswith(".")
    assert safe_name(safe, mime) == safe
    safe.encode()


@pytest.mark.parametrize(
    ("head", "claimed", "mime"),
    [
        (b"\xff\xd8\xff\xe0", "", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav", UNKNOWN),
        (b"\0\0\0\x20ftypisom", "audio/mp4", "audio/mp4"),
        (b"\0\0\0\x20ftypisom", "text/html", "video/mp4"),
        (b"OggS", "audio/ogg; codecs=opus", "audio/ogg"),
        (b"PK\x03\x04", DOCX, DOCX),
        (b"PK\x03\x04", "application/java-archive", "application/zip"),
        (b"<html>", "image/png", UNKNOWN),
        (b"<svg onload='x'>", "image/svg+xml", UNKNOWN),
        (b"<html>", "text/html", UNKNOWN),
        (b"Dear Sir", "text/plain; charset=utf-8", "text/plain"),
        (b"\x7fELF\0\0", "text/plain", UNKNOWN),
        (b"a;b;c", "text/csv", "text/plain"),
        (b"", "image/png", UNKNOWN),
    ],
)
def test_the_first_bytes_say_what_it_is(head: bytes, claimed: str, mime: str) -> None:
    assert sniffed(head, claimed) == mime


@given(st.binary(max_size=64), st.text(max_size=40))
def test_no_claim_makes_anything_alive(head: bytes, claimed: str) -> None:
    for claim in (claimed, "text/html", "image/svg+xml", "application/xhtml+xml", "application/javascript"):
        found = sniffed(head, claim)
        assert not any(piece in found for piece in ("html", "svg", "script", "xml;"))
        assert "/" in found


def test_a_kind_counts_only_if_the_bytes_allow_it() -> None:
    assert actual("photo", "image/png") == "photo"
    assert actual("photo", UNKNOWN) == "file"
    assert actual("voice", "video/mp4") == "file"
    assert actual("file", "image/png") == "file"
    assert [kind_of(mime) for mime in ("image/png", "image/svg+xml", "audio/ogg", "video/mp4")] == [
        *("photo", "file", "voice", "video")
    ]


def test_a_file_in_words() -> None:
    file = File("file", "../a\u202e.pdf", "application/pdf", 9, "r")
    assert described(file) == "file: a.pdf"
    assert with_files("Look", [file, File("photo", "", "image/jpeg", 0, "r")]) == "Look\n[file: a.pdf]\n[photo]"
    assert with_files("", []) == ""
    assert too_large(file, 8, "Telegram").startswith("It is larger than the 0 MB")
    assert too_large(file, 9, "Telegram") == ""
