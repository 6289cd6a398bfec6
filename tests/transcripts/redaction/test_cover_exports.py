"""C-10: what is marked is in no byte of any format of an export, everything else is, and the bundle is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.factories import Cast, make_compliance
from tests.transcripts.exporting.archive import exported, parts, records, talked, unpacked
from tests.transcripts.redaction.marking import marked, number_of, whole
from transcripts.actions.exporting.asking import format_names
from transcripts.models import ExportState
from transcripts.verify.__main__ import main as verify


def test_a_span_is_gone_from_every_format(cast: Cast, tmp_path: Path) -> None:
    made = talked(cast, "call zebra-planted now", "keep-this-one", files=1, note="the note stays")
    number = number_of(made, "message")
    marked(made, make_compliance(), number=number, field="body", start=5, end=18)
    export = exported(formats=format_names())
    assert export.state == ExportState.DONE
    found = whole(export, tmp_path)
    assert "zebra" not in found
    for kept in ("keep-this-one", "the note stays", "invoice-0.pdf", "call [redacted: Privacy] now"):
        assert kept in found


def test_a_bundle_with_redactions_is_whole_and_says_how_many(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = talked(cast, "call zebra-planted now", "other")
    marked(made, make_compliance(), number=number_of(made, "message"), field="body", start=5, end=18)
    export = exported(formats=["jsonl"])
    assert verify([str(unpacked(parts(export)[0], tmp_path))]) == 0
    assert "1 redacted" in capsys.readouterr().out
    line: dict[str, Any] = next(each for each in records(export) if "redacted" in each)
    assert line["content"] == line["salts"] == {}
    assert line["redacted"]["body"] == {
        "marks": [{"length": 13, "place": 5, "reason": "privacy"}],
        "text": "call [redacted: Privacy] now",
    }
