"""The verifier on bundles with redactions: whole as they are, and every change is found, at the right record."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from tests.factories import Cast
from tests.transcripts.exporting.archive import exported, parts, talked, unpacked
from tests.transcripts.redaction.marking import marked, number_of
from transcripts.proof.canonical import canonical
from transcripts.verify.lines import read_line

Line = dict[str, Any]


@pytest.fixture
def bundle(cast: Cast, cora: User, tmp_path: Path) -> Path:
    talk = talked(cast, "call zebra now", "other", name="Vera Winter", question="where?")
    marked(talk, cora, number=number_of(talk, "message"), field="body", start=5, end=10)
    marked(talk, cora, number=number_of(talk, "opened"), field="question")
    return unpacked(parts(exported(formats=["jsonl"]))[0], tmp_path)


def lines(bundle: Path) -> list[Line]:
    return [json.loads(line) for line in (bundle / "records/records.jsonl").read_bytes().splitlines()]


def covered(bundle: Path, field: str) -> Line:
    return next(line for line in lines(bundle) if field in line.get("redacted", {}))


def read(line: Line) -> Any:
    return read_line(canonical(line) + b"\n")


def test_each_line_is_read_and_counted(bundle: Path) -> None:
    read_lines = [read(line) for line in lines(bundle)]
    assert sum(line.redacted for line in read_lines) == 2
    assert sum(line.withheld for line in read_lines) == 0
    assert {line.wrong for line in read_lines} == {""}


def as_shown(line: Line) -> None:
    line["redacted"]["body"]["text"] = "call nobody"


def other_reason(line: Line) -> None:
    line["redacted"]["body"]["marks"][0]["reason"] = "other"


def not_redacted(line: Line) -> None:
    del line["redacted"]


def no_hash(line: Line) -> None:
    del line["redacted_sha256"]


@pytest.mark.parametrize("change", [as_shown, other_reason, no_hash])
def test_what_is_shown_instead_can_not_be_changed(bundle: Path, change: Any) -> None:
    line = covered(bundle, "body")
    change(line)
    with pytest.raises(ValueError, match="can't be read as a record"):
        read(line)


def test_a_redaction_taken_out_is_no_longer_counted(bundle: Path) -> None:
    """The signed list of hashes finds that the file was changed; the line by itself says that something is withheld."""
    line = covered(bundle, "body")
    not_redacted(line)
    assert (read(line).withheld, read(line).redacted) == (1, 0)


def test_a_text_under_a_redaction_is_wrong(bundle: Path) -> None:
    line = covered(bundle, "body")
    line["content"]["body"] = "call giraffe now"
    line["salts"]["body"] = "A" * 22
    assert read(line).wrong == "body"


def test_a_field_that_was_never_said_can_not_be_redacted(bundle: Path) -> None:
    line = rehashed(covered(bundle, "body"), "invented")
    assert read(line).wrong == "invented"


def test_a_field_is_not_shown_and_redacted_at_once(bundle: Path) -> None:
    line = rehashed(covered(bundle, "question"), "name")
    assert "name" in line["content"]
    assert read(line).wrong == "name"


def test_a_field_without_a_name_is_named(bundle: Path) -> None:
    assert read(rehashed(covered(bundle, "body"), "")).wrong == '""'


def rehashed(line: Line, name: str) -> Line:
    """As somebody would write it who knows the format: with a hash that fits."""
    line["redacted"][name] = {"marks": [], "text": "x"}
    line["redacted_sha256"] = hashlib.sha256(canonical(line["redacted"])).hexdigest()
    return line
