"""Reports and absence notes as many servers write them. The first word of a file's name is what it is."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))
AWAY = [name for name in NAMES if name.startswith("away-")]
REPORTS = [name for name in NAMES if not name.startswith("away-")]
WITHOUT_WORDS = "hard-no-words"  # only its return path says what it is


def returned(name: str, *, message_id: str = "<a@relay.test>", to: str = "b-x@relay.test") -> bytes:
    """The report about the mail of ours that has this Message-ID, sent to `to`."""
    text = (FOLDER / f"{name}.eml").read_text()
    return text.replace("{id}", message_id).replace("{to}", to).replace("\n", "\r\n").encode()


def kind_of(name: str) -> str:
    return name.partition("-")[0]
