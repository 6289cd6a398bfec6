"""Names that a mail gives its files: harmless, short enough for any disk, and each one once."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.mail.reading.makers import attached, mail, text
from tickets.reading.filenames import MAX_CHARS, ending_of, made_unique, shortened
from tickets.reading.message import read

pytestmark = pytest.mark.once

names = st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=300)
few_names = st.lists(st.sampled_from(["a.pdf", "A.PDF", "a (2).pdf", "a", "a (2)", "ſ", "s", ".x"]), max_size=12)


@given(names)
@example("a." + "b" * 400)
@example("\U0001f600" * 200 + ".pdf")
@example("." * 130)
def test_a_name_fits_every_disk(name: str) -> None:
    short = shortened(name)
    assert 0 < len(short) <= MAX_CHARS
    assert len(short.encode()) <= 240


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".p7m"])
def test_a_long_name_keeps_its_ending(ending: str) -> None:
    assert shortened("ü" * 500 + ending).endswith(f"ü{ending}")


def test_what_is_no_ending_is_cut_like_the_rest() -> None:
    assert shortened("a." + "x" * 300) == "a." + "x" * (MAX_CHARS - 2)


@given(few_names)
@example(["a.pdf", "a (2).pdf", "a.pdf"])
def test_no_two_files_of_a_mail_have_one_name(given_names: list[str]) -> None:
    """Also on a disk that takes big and small letters for the same."""
    unique = list(made_unique(given_names))
    assert len({name.casefold() for name in unique}) == len(given_names)
    assert [name for name, old in zip(unique, given_names, strict=True) if name == old][:1] == given_names[:1]


def test_the_second_of_a_name_has_its_number_before_the_ending() -> None:
    assert [*made_unique(["a.pdf", "a.pdf", "a.pdf", "b"])] == ["a.pdf", "a (2).pdf", "a (3).pdf", "b"]


def test_a_thousand_files_of_one_name_are_numbered_through() -> None:
    assert [*made_unique(["x.png"] * 1000)][-1] == "x (1000).png"


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("text/calendar", ".ics"), ("message/rfc822", ".eml"), ("image/png", ".png"), ("what/ever", ".bin"), ("", ".bin")],
)
def test_a_file_without_a_name_has_the_ending_of_its_kind(kind: str, ending: str) -> None:
    assert ending_of(kind) == ending


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"../../etc/passwd"', "passwd"),
        (r'"C:\\Users\\V\\offer.pdf"', "offer.pdf"),
        ('"=?utf-8?q?=2E=2E=2Fx=2Epdf?="', "x.pdf"),
        ('"cod\u202efdp.exe"', "codfdp.exe"),
        ('"a\tb.pdf"', "a b.pdf"),
    ],
)
def test_a_name_can_lead_nowhere(written: str, name: str) -> None:
    raw = mail(text("Hi"), attached(b"x", "application/pdf", f"attachment; filename={written}"))
    (file,) = read(raw).files
    assert file.name == name


@pytest.mark.parametrize(("subject", "name"), [("Q3/Q4 report", "Q3-Q4 report.eml"), ("", "mail-2.eml")])
def test_an_enclosed_mail_is_called_after_its_subject(subject: str, name: str) -> None:
    inner = f"From: x@y.test\r\nSubject: {subject}\r\n\r\nHello".encode()
    raw = mail(text("Hi"), attached(b"x", "image/png"), text(inner, "message/rfc822"))
    assert read(raw).files[-1].name == name
