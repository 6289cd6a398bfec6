"""Redactions and the life of an export: marks made meanwhile, who may uncover, what counts as archived, the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from chatdesk.actions.erasing import erase
from chatdesk.models import Conversation
from tests.factories import Cast
from tests.transcripts.exporting.archive import exported, parts, records, talked, texts
from tests.transcripts.redaction.marking import in_documents, marked, number_of
from transcripts.actions.destroying.rows import delete_rows
from transcripts.actions.exporting import deciding, keeping, running, volumes, watermark
from transcripts.actions.exporting.asking import NotPossible
from transcripts.actions.exporting.running import run_due
from transcripts.models import Chain, Export, ExportState, LogLeaf, Record, Redaction, RedactionUse
from transcripts.verify.__main__ import main as verify


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    return talked(cast, "call zebra now", name="Vera Winter")


def covered(talk: Conversation, by: User) -> Redaction:
    return marked(talk, by, number=number_of(talk, "message"), field="body", start=5, end=10)


def test_what_was_used_is_kept_with_the_volume(talk: Conversation, cora: User) -> None:
    row = covered(talk, cora)
    export = exported(formats=["jsonl", "csv"])
    use = RedactionUse.objects.get()
    assert (use.export, use.part, use.redaction, use.number, use.field) == (export, 1, row, row.number, "body")
    assert (use.place, use.length) == (5, 5)
    leaf = json.loads(LogLeaf.objects.get(kind="export.finished").data)
    assert leaf["body"]["redactions"] == 1


def test_a_mark_of_what_is_not_in_the_export_is_not_used(talk: Conversation, cora: User) -> None:
    row = marked(talk, cora, number=number_of(talk, "message"), field="subject")
    exported(formats=["csv"])
    assert not row.uses.exists()


@pytest.mark.parametrize("only", ["jsonl", "csv"])
def test_what_is_marked_while_a_volume_is_written_is_in_it(
    talk: Conversation, cora: User, monkeypatch: pytest.MonkeyPatch, only: str
) -> None:
    """R-12: between the writing and the keeping; the volume is made again."""
    written: list[int] = []

    def slowly(export: Export, number: int, folder: Path, tick: Any) -> Any:
        made = running_write(export, number, folder, tick)
        if not written:
            covered(talk, cora)
        written.append(number)
        return made

    running_write = running.write
    monkeypatch.setattr(running, "write", slowly)
    export = exported(formats=[only])
    assert (written, export.state, export.parts.count()) == ([1, 1], ExportState.DONE, 1)
    assert RedactionUse.objects.count() == 1
    if only == "jsonl":
        assert "call zebra now" not in texts(export)


def test_a_mark_that_covers_nothing_there_does_not_hold_up(talk: Conversation, cora: User) -> None:
    marked(talk, cora, number=9999, field="body")
    assert exported(formats=["jsonl"]).state == ExportState.DONE


def test_a_later_volume_has_the_mark_and_the_finished_one_stays(
    cast: Cast, cora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks = [talked(cast, f"call zebra {number}") for number in range(2)]

    def then(export: Export, *facts: Any) -> None:
        keep(export, *facts)
        if not Redaction.objects.exists():
            for talk in talks:
                covered(talk, cora)

    keep = keeping.keep
    monkeypatch.setattr(running, "keep", then)
    export = exported(formats=["jsonl"], volume_bytes=1)
    assert export.parts.count() == 2
    assert "call zebra 0" in texts(export)
    assert "call zebra 1" not in texts(export)
    assert list(RedactionUse.objects.values_list("part", flat=True)) == [2]


def test_uncovering_waits_for_a_second_person_however_little(talk: Conversation, cora: User, carl: User) -> None:
    covered(talk, cora)
    export = exported(by=cora, formats=["jsonl"], with_redactions=False)
    assert export.state == ExportState.WAITING
    with pytest.raises(NotPossible):
        deciding.approve(export, cora)
    deciding.approve(export, carl)
    run_due()
    export.refresh_from_db()
    assert export.state == ExportState.DONE
    assert "call zebra now" in texts(export)
    assert not any("redacted" in line for line in records(export))
    assert not RedactionUse.objects.exists()


def test_covering_is_what_happens_if_nobody_says_anything(talk: Conversation, cora: User) -> None:
    covered(talk, cora)
    assert "call zebra now" not in texts(exported(by=cora))


def test_a_covered_copy_is_no_archive_of_the_whole(talk: Conversation, cora: User, cast: Cast) -> None:
    """Retention may destroy what a confirmed export holds: not what it held covered."""
    other = talked(cast, "nothing to cover")
    covered(talk, cora)
    export = exported()
    deciding.acknowledge(export, cora, export.manifest_sha256)
    assert watermark.not_exported([talk.pk, other.pk]) == {talk.pk}
    again = exported(with_redactions=False)
    deciding.acknowledge(again, cora, again.manifest_sha256)
    assert watermark.not_exported([talk.pk, other.pk]) == set()


def test_only_what_is_new_knows_covered_from_uncovered(talk: Conversation, cora: User) -> None:
    covered(talk, cora)
    export = exported(stream="archive")
    deciding.acknowledge(export, cora, export.manifest_sha256)
    assert exported(stream="archive", only_new=True).conversations == 0
    assert exported(stream="archive", only_new=True, with_redactions=False).conversations == 1


def test_the_command_covers_unless_it_is_told_not_to(talk: Conversation, cora: User, tmp_path: Path) -> None:
    covered(talk, cora)
    for name, options in (("covered", []), ("all", ["--without-redactions"])):
        call_command("export", "--format", "jsonl", "--format", "pdf", "--out", str(tmp_path / name), *options)
        said = (tmp_path / name / "records/records.jsonl").read_text() + "".join(in_documents(tmp_path / name))
        assert ("zebra" in said) == (name == "all")
        assert verify([str(tmp_path / name)]) == 0


def test_the_command_makes_a_volume_again_too(
    talk: Conversation, cora: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def then(*facts: Any) -> Any:
        if not Redaction.objects.exists():
            covered(talk, cora)
        return write(*facts)

    write = volumes.VolumeWriter._finish
    monkeypatch.setattr(volumes.VolumeWriter, "_finish", then)
    call_command("export", "--format", "jsonl", "--format", "csv", "--out", str(tmp_path / "out.zip"))
    assert verify([str(tmp_path / "out.zip")]) == 0
    assert Export.objects.get().state == ExportState.DONE
    assert RedactionUse.objects.count() == 1


def test_marks_go_with_their_conversation(talk: Conversation, cora: User) -> None:
    covered(talk, cora)
    export = exported()
    Record.objects.filter(conversation=talk).delete()
    Chain.objects.filter(conversation=talk).delete()
    delete_rows(talk)
    assert not Redaction.objects.exists()
    assert not RedactionUse.objects.exists()
    assert Export.objects.filter(pk=export.pk).exists()


def test_a_conversation_that_goes_while_its_volume_is_kept(
    talk: Conversation, cora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = covered(talk, cora)

    def then(*facts: Any) -> None:
        Redaction.objects.filter(pk=row.pk).delete()
        keep(*facts)

    keep = keeping.keep
    monkeypatch.setattr(running, "keep", then)
    assert exported(formats=["jsonl"]).state == ExportState.DONE
    assert not RedactionUse.objects.exists()


def test_withdrawn_between_writing_and_keeping_it_was_used_all_the_same(
    talk: Conversation, cora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = covered(talk, cora)

    def then(*facts: Any) -> None:
        Redaction.objects.filter(pk=row.pk).update(withdrawn_by=cora, withdrawn_at=timezone.now())
        keep(*facts)

    keep = keeping.keep
    monkeypatch.setattr(running, "keep", then)
    assert "call zebra now" not in texts(exported(formats=["jsonl"]))
    assert row.uses.count() == 1


def test_an_export_without_redactions_asks_for_no_marks(talk: Conversation, cora: User) -> None:
    covered(talk, cora)
    export = exported(with_redactions=False, formats=["csv"])
    assert export.state == ExportState.DONE
    assert parts(export)[0].manifest_sha256


def test_a_note_goes_when_the_visitor_has_their_words_deleted(talk: Conversation, cora: User) -> None:
    row = covered(talk, cora)
    Redaction.objects.update(note="about Vera")
    erase(talk)
    row.refresh_from_db()
    assert row.note == ""
    assert exported(formats=["jsonl", "html"]).state == ExportState.DONE
