"""Records leave as JSON Lines, all of them and once, whatever they hold, and can be checked without the desk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.utils import timezone

from chatdesk.models import Conversation
from tests.factories import Cast, make_guest
from tests.transcripts.exporting.archive import exported, manifest, parts, read, records, talked, texts, unpacked
from transcripts.models import Export, ExportItem, ExportState, LogLeaf, Record
from transcripts.verify.__main__ import main as verify

ODD = [
    'quote " and \\ back',
    "line\nfeed\r\ttab",
    "\x01\x02\x1f control",
    "=1+1",
    "\u2028 \ufffe þ ® \x14",
    "😀 שלום",
    "</script>]]>",
]


def test_every_record_leaves_once_in_order(cast: Cast) -> None:
    one = talked(cast, "first", "second", files=1, note="internal remark")
    two = talked(cast, "third", guest=cast.walt)
    export = exported()
    assert (export.state, export.conversations, export.warnings) == (ExportState.DONE, 2, 0)
    brought = [(line["frame"]["conversation"], line["frame"]["number"]) for line in records(export)]
    kept = Record.objects.order_by("conversation__closed_at", "conversation_id", "number")
    assert brought == list(kept.values_list("conversation__ref", "number"))
    assert {one.ref, two.ref} == {ref for ref, _number in brought}
    assert "internal remark" in texts(export)


@pytest.mark.parametrize("text", ODD)
def test_a_text_leaves_as_it_was_said(cast: Cast, text: str) -> None:
    talked(cast, text.replace("\x00", ""))
    export = exported()
    assert text in texts(export)
    for line in read(parts(export)[0], "records/records.jsonl").splitlines(keepends=True):
        value = json.loads(line)
        assert json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" == line


def test_a_finished_bundle_verifies_on_a_copy(cast: Cast, tmp_path: Path) -> None:
    for number, text in enumerate(ODD):
        talked(cast, text, guest=make_guest(), files=number % 2, note="n" * number)
    export = exported(formats=["jsonl", "html", "csv"])
    [part] = parts(export)
    assert verify([str(unpacked(part, tmp_path / "copy"))]) == 0


def test_a_changed_text_is_found_in_the_bundle(cast: Cast, tmp_path: Path) -> None:
    talked(cast, "what was said")
    [part] = parts(exported())
    folder = unpacked(part, tmp_path / "copy")
    lines = folder / "records/records.jsonl"
    lines.write_bytes(lines.read_bytes().replace(b"what was said", b"what was meant"))
    assert verify([str(folder)]) == 1


def test_everything_is_in_the_manifest(cast: Cast) -> None:
    talked(cast, "hello", files=2)
    export = exported(query="", reason="Audit of 2026", stream="archive")
    [part] = parts(export)
    said = manifest(part)
    assert (said["kind"], said["profile"], said["query"]) == ("chatdesk.export", "full", "")
    assert (said["export"], said["stream"], said["asked"]["purpose"]) == (export.ref, "archive", "Audit of 2026")
    assert said["volume"] == {"before": "", "is_last": True, "number": 1}
    assert said["records"] == Record.objects.count()
    [counted] = [json.loads(line) for line in read(part, "conversations.jsonl").splitlines()]
    assert (counted["first"], counted["last"], counted["records"]) == (
        1,
        Record.objects.count(),
        Record.objects.count(),
    )
    sums = read(part, "SHA256SUMS").decode()
    assert all(
        name in sums for name in ("records/records.jsonl", "conversations.jsonl", "head.json", "log/proofs.jsonl")
    )


def test_an_export_of_nothing_says_so(db: None) -> None:
    export = exported()
    [part] = parts(export)
    assert (export.state, export.conversations) == (ExportState.DONE, 0)
    assert read(part, "records/records.jsonl") == b""
    assert manifest(part)["positions"] == {"first": 1, "last": 0, "of": 0}


def test_c12_what_comes_after_the_set_was_fixed_is_another_exports(cast: Cast) -> None:
    open_one = talked(cast, "before", closed=False)
    export = exported()
    items = list(ExportItem.objects.filter(export=export).values_list("ref", "last"))
    talked(cast, "a new conversation", guest=cast.walt)
    assert items == [(open_one.ref, Record.objects.filter(conversation=open_one).count())]


def test_equal_times_leave_none_out(cast: Cast) -> None:
    made = [talked(cast, f"text {number}", guest=make_guest()) for number in range(12)]
    Conversation.objects.update(closed_at=timezone.now())
    export = exported(volume_bytes=1)
    assert len(parts(export)) == 12
    assert {line["frame"]["conversation"] for line in records(export)} == {each.ref for each in made}
    assert export.records == Record.objects.count() == len(list(records(export)))


def test_a_finished_export_is_in_the_sites_log(cast: Cast) -> None:
    talked(cast, "hello")
    export = exported()
    body = json.loads(LogLeaf.objects.get(kind="export.finished").data)["body"]
    assert body["manifest"] == export.manifest_sha256 == parts(export)[-1].manifest_sha256
    assert (body["export"], body["conversations"]) == (export.ref, 1)


def test_a_search_that_cannot_be_read_ends_its_export_alone(cast: Cast) -> None:
    talked(cast, "hello")
    good, bad = exported(query=""), exported(query="from:2026-13-77")
    assert (good.state, bad.state) == (ExportState.DONE, ExportState.FAILED)
    assert Export.objects.filter(state=ExportState.FAILED).count() == 1


def test_a_search_chooses_what_leaves(cast: Cast) -> None:
    talked(cast, "hello")
    other = talked(cast, "hello", guest=cast.walt, button=cast.support_button)
    export = exported(query="group:support")
    assert {line["frame"]["conversation"] for line in records(export)} == {other.ref}
