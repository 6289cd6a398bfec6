"""The new words of a reply, exactly, as the mail programs of many countries write what stands around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tickets.reading.trimming import trim

pytestmark = pytest.mark.once

FOLDER = Path(__file__).parent / "replies"


def _told() -> list[tuple[str, str, str]]:
    told = []
    for path in sorted(FOLDER.glob("*.txt")):
        pieces = path.read_text().split("%%% ")[1:]
        for mail, shown in zip(pieces[::2], pieces[1::2], strict=True):
            name, _line, text = mail.partition("\n")
            told.append((f"{path.stem} {name}", text, shown.partition("\n")[2]))
    return told


SAMPLES = _told()


@pytest.mark.parametrize(("text", "shown"), [each[1:] for each in SAMPLES], ids=[each[0] for each in SAMPLES])
def test_a_reply_shows_its_new_words_alone(text: str, shown: str) -> None:
    assert trim(text).visible.split() == shown.split()
