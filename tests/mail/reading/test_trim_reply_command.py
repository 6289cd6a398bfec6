"""`manage.py trim_reply FILE`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.once

TEXT = "Yes, it suits me.\n\nOn 6 May 2024 at 10:12, Ann Lee <ann@x.test> wrote:\n> Does it suit you?\n"


def printed(*words: str) -> str:
    out = io.StringIO()
    call_command("trim_reply", *words, stdout=out)
    return out.getvalue()


def test_the_new_words_are_printed(tmp_path: Path) -> None:
    (tmp_path / "reply.txt").write_text(TEXT)
    assert printed(str(tmp_path / "reply.txt")) == "Yes, it suits me.\n"


def test_what_is_folded_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "reply.txt").write_text(TEXT)
    assert printed("--folded", str(tmp_path / "reply.txt")).splitlines()[-1] == "> Does it suit you?"


def test_other_charsets_are_read(tmp_path: Path) -> None:
    (tmp_path / "reply.txt").write_bytes("Grüße aus Köln\n".encode("cp1252"))
    assert printed(str(tmp_path / "reply.txt")) == "Grüße aus Köln\n"


def test_a_forwarding_subject_keeps_all(tmp_path: Path) -> None:
    (tmp_path / "reply.txt").write_text(TEXT)
    assert printed("--subject", "Fwd: it", str(tmp_path / "reply.txt")).split() == TEXT.split()


def test_the_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert printed("-") == "Yes, it suits me.\n"


def test_a_missing_file_is_named() -> None:
    with pytest.raises(CommandError, match=r"nowhere\.txt can't be read"):
        printed("nowhere.txt")
