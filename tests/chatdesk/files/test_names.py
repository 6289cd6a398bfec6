"""The names people see: harmless anywhere, and ending in what the file is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.filetypes import MEDIA_TYPES, display_name
from chatdesk.filetypes.catalog import ENDINGS

pytestmark = pytest.mark.once

NAMES = [
    ("../../etc/passwd", "txt", "passwd.txt"),
    ("..\\..\\boot.txt", "txt", "boot.txt"),
    ("/abs/report.pdf", "pdf", "report.pdf"),
    ("C:\\x.pdf", "pdf", "x.pdf"),
    ("C:x.pdf", "pdf", "C_x.pdf"),
    ("x\0.pdf", "pdf", "x.pdf"),
    ("", "pdf", "file.pdf"),
    (".", "txt", "file.txt"),
    ("..", "txt", "file.txt"),
    ("CON", "txt", "_CON.txt"),
    ("nul.tar.pdf", "pdf", "_nul.tar.pdf"),
    (".htaccess", "txt", "htaccess.txt"),
    ("trailing. . ", "pdf", "trailing.pdf"),
    ("a.txt:$DATA", "txt", "a.txt_$DATA.txt"),
    ("x.pdf.exe", "pdf", "x.pdf.exe.pdf"),
    ("x.exe%00.png", "png", "x.exe%00.png"),
    ("x.pHp", "txt", "x.pHp.txt"),
    ("photo\u202egpj.exe", "jpeg", "photogpj.exe.jpg"),
    ("photo\uff0eexe", "jpeg", "photo\uff0eexe.jpg"),
    ("photo.PNG", "jpeg", "photo.jpg"),
    ("photo.JPEG", "jpeg", "photo.JPEG"),
    ("prices.csv", "txt", "prices.csv"),
    ("holiday in Peru.jpg", "jpeg", "holiday in Peru.jpg"),
    ("v1.2 notes", "txt", "v1.2 notes.txt"),
    ("فاتورة.pdf", "pdf", "فاتورة.pdf"),
    ("Gru\u0308ße.pdf", "pdf", "Grüße.pdf"),
    ('"><img src=x onerror=alert(1)>.png', "png", "___img src=x onerror=alert(1)_.png"),
    ('a"; filename="evil.exe', "pdf", "a_; filename=_evil.exe.pdf"),
    ("a\r\nSet-Cookie: x=1.pdf", "pdf", "aSet-Cookie_ x=1.pdf"),
    ("line\u2028break.pdf", "pdf", "line break.pdf"),
    ("\ud800.pdf", "pdf", "file.pdf"),
]


@pytest.mark.parametrize(("called", "kind", "shown"), NAMES)
def test_names_are_made_harmless(called: str, kind: str, shown: str) -> None:
    assert display_name(called, kind) == shown


@pytest.mark.parametrize("letter", ["a", "你", "🙂", "a\u0301"])
def test_long_names_are_cut_and_keep_their_ending(letter: str) -> None:
    shown = display_name(letter * 300 + ".pdf", "pdf")
    assert len(shown) <= 100
    assert len(shown.encode()) <= 240
    assert shown.endswith(".pdf")


@settings(max_examples=300, deadline=None)
@given(called=st.text(max_size=200), kind=st.sampled_from(sorted(MEDIA_TYPES)))
def test_any_name_is_short_printable_and_ends_in_its_kind(called: str, kind: str) -> None:
    shown = display_name(called, kind)
    assert 0 < len(shown) <= 100
    assert shown.rpartition(".")[2].lower() in ENDINGS[kind]
    assert not set(shown) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in "\u202e\u2066\u200f" for c in shown)
    assert display_name(shown, kind) == shown
