"""A line of records that is not as it was committed to, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from transcripts.proof.canonical import canonical
from transcripts.proof.commitment import commitment, encoded
from transcripts.verify.lines import read_line

pytestmark = pytest.mark.once
SALT = b"s" * 16
SAID = {"body": commitment(SALT, "Hello")}


def line(content: dict[str, Any], salts: dict[str, str] | None = None, said: dict[str, str] | None = None) -> bytes:
    committed: Any = SAID if said is None else said
    frame = {"conversation": "c" * 22, "kind": "message", "number": 1, "said": committed, "v": 1}
    given = dict.fromkeys(content, encoded(SALT)) if salts is None else salts
    return canonical({"content": content, "frame": frame, "hash": "00" * 32, "salts": given}) + b"\n"


def test_what_was_said_is_right() -> None:
    assert read_line(line({"body": "Hello"})).wrong == ""
    assert read_line(line({})).withheld == 1


@pytest.mark.parametrize(
    ("content", "salts", "wrong"),
    [
        ({"body": "Hallo"}, None, "body"),
        ({"body": "Hello", "note": "x"}, None, "note"),
        ({"body": "Hello", "": "x"}, None, '""'),
        ({"body": "Hello"}, {}, "body"),
        ({}, {"body": encoded(SALT)}, "body"),
        ({"body": "Hello"}, {"body": encoded(b"t" * 16)}, "body"),
        ({"body": ["Hello"]}, None, "body"),
        ({"body": None}, None, "body"),
    ],
)
def test_the_wrong_field_is_named(content: dict[str, Any], salts: dict[str, str] | None, wrong: str) -> None:
    assert read_line(line(content, salts)).wrong == wrong


def test_a_field_without_a_name_that_was_changed_is_wrong_too() -> None:
    assert read_line(line({"": "x"}, said={"": commitment(SALT, "y")})).wrong == '""'
    assert read_line(line({"": "x"}, said={"": commitment(SALT, "x")})).wrong == ""
