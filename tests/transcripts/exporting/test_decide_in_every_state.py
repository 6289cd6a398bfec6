"""Every decision about an export in every state it can be in, and everything that can be asked for wrongly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from accounts.models import AuditEntry, User
from transcripts.actions.exporting import deciding
from transcripts.actions.exporting.asking import NotPossible, Wanted, ask, format_names
from transcripts.actions.exporting.numbering import may_count
from transcripts.models import Export, ExportRules, ExportState, Matter, Profile

pytestmark = pytest.mark.django_db
S = ExportState
MANIFEST = "ab" * 32


def make(by: User, state: ExportState, **facts: object) -> Export:
    return Export.objects.create(requested_by=by, state=state, manifest_sha256=MANIFEST, **facts)


def refuse(export: Export, by: User) -> None:
    deciding.refuse(export, by, "no")


def acknowledge(export: Export, by: User) -> None:
    deciding.acknowledge(export, by, f"  {MANIFEST.upper()}\n")


# What each leads to, by the state before; what is not here is refused.
LEADS: dict[Callable[[Export, User], None], dict[ExportState, tuple[ExportState, str]]] = {
    deciding.approve: {S.WAITING: (S.QUEUED, "")},
    refuse: {S.WAITING: (S.REFUSED, "")},
    deciding.pause: {S.QUEUED: (S.PAUSED, ""), S.RUNNING: (S.RUNNING, "pause")},
    deciding.resume: {S.PAUSED: (S.QUEUED, ""), S.FAILED: (S.QUEUED, "")},
    deciding.cancel: {
        **dict.fromkeys((S.WAITING, S.PAUSED, S.QUEUED, S.FAILED, S.SELECTING), (S.CANCELLED, "")),
        S.RUNNING: (S.RUNNING, "cancel"),
    },
    acknowledge: {state: (state, "") for state in (S.DONE, S.WARNED, S.EXPIRED)},
}


@pytest.mark.parametrize("decide", LEADS, ids=lambda each: each.__name__)
def test_a_decision_is_taken_where_it_means_something_and_refused_elsewhere(
    cora: User, carl: User, decide: Callable[[Export, User], None]
) -> None:
    for state in ExportState:
        export = make(cora, state)
        before = AuditEntry.objects.count()
        if state in LEADS[decide]:
            decide(export, carl)
            wanted, written = LEADS[decide][state], 1
        else:
            with pytest.raises(NotPossible):
                decide(export, carl)
            wanted, written = (state, ""), 0
        export.refresh_from_db()
        assert (export.state, export.wish) == wanted, state
        assert AuditEntry.objects.count() - before == written, state


@pytest.mark.parametrize("decide", LEADS, ids=lambda each: each.__name__)
def test_of_two_who_decide_at_once_one_is_told(cora: User, carl: User, decide: Callable[[Export, User], None]) -> None:
    """Both have read the row as it was."""
    state = next(each for each in LEADS[decide] if each != S.RUNNING)
    export = make(cora, state)
    stale = Export.objects.get(pk=export.pk)
    decide(export, carl)
    with pytest.raises(NotPossible, match="moved on"):
        decide(stale, carl)


def test_a_wish_to_pause_is_taken_back_before_it_is_heard(cora: User) -> None:
    export = make(cora, S.RUNNING)
    deciding.pause(export, cora)
    deciding.resume(export, cora)
    export.refresh_from_db()
    assert (export.state, export.wish) == (S.RUNNING, "")


def test_a_wish_to_cancel_is_not_taken_back(cora: User) -> None:
    export = make(cora, S.RUNNING)
    deciding.cancel(export, cora)
    with pytest.raises(NotPossible):
        deciding.resume(export, cora)


@pytest.mark.parametrize("said", ["", "ab", "cd" * 32, MANIFEST + "0", "0x" + MANIFEST])
def test_another_hash_confirms_nothing(cora: User, said: str) -> None:
    export = make(cora, S.DONE)
    with pytest.raises(NotPossible):
        deciding.acknowledge(export, cora, said)
    export.refresh_from_db()
    assert export.acknowledged_at is None


def test_an_export_of_no_volume_has_no_receipt(cora: User) -> None:
    export = make(cora, S.DONE)
    Export.objects.update(manifest_sha256="")
    export.refresh_from_db()
    with pytest.raises(NotPossible):
        deciding.acknowledge(export, cora, "")


WRONG = [
    {"formats": []},
    {"formats": ["jsonl", "exe"]},
    {"formats": ["JSONL"]},
    {"formats": [""]},
    {"formats": ["../jsonl"]},
    {"profile": ""},
    {"profile": "everything"},
    {"profile": "FULL"},
    {"profile": Profile.TRAINING, "formats": ["html", "jsonl"]},
    {"bates_prefix": "abc"},
    {"bates_prefix": "A B"},
    {"bates_prefix": "A" * 21},
    {"bates_prefix": "ABC\n"},
    {"bates_prefix": "=CMD"},
    {"bates_prefix": "Ä"},
    {"bates_prefix": "../A"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_can_not_be_is_refused_and_leaves_no_row(cora: User, wrong: dict[str, object]) -> None:
    with pytest.raises(NotPossible) as refused:
        ask(Wanted(**wrong), cora)  # type: ignore[arg-type]
    assert str(refused.value)
    assert not Export.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="transcripts.export").exists()


def test_every_format_can_be_asked_for_once(cora: User) -> None:
    export = ask(Wanted(formats=[*format_names(), *format_names()], bates_prefix="A-1_B"), cora)
    assert export.formats == format_names()
    assert export.formats[0] == "jsonl"
    assert (export.state, export.bates_prefix) == (S.SELECTING, "A-1_B")


def test_the_rules_say_how_large_a_volume_is_unless_the_asker_does(cora: User) -> None:
    ExportRules.load()
    ExportRules.objects.update(volume_mb=7)
    assert ask(Wanted(), cora).volume_bytes == 7_000_000
    assert ask(Wanted(volume_bytes=11), cora).volume_bytes == 11


def test_the_trail_names_the_reason_and_nothing_of_the_search(cora: User) -> None:
    ask(Wanted(query="vera@home.test torn", reason="Review of May"), cora)
    row = AuditEntry.objects.get(action__startswith="transcripts.export")
    assert row.reason == "Review of May"
    assert "vera@home.test" not in f"{row.before} {row.after} {row.reason}"


class TestNumbers:
    """Bates numbers of one matter and prefix: nobody counts while another is half counted."""

    def matter(self, cora: User) -> Matter:
        return Matter.objects.create(name="Case", number="12", created_by=cora)

    @pytest.mark.parametrize("state", list(ExportState))
    def test_only_one_that_is_half_counted_is_waited_for(self, cora: User, state: ExportState) -> None:
        matter = self.matter(cora)
        begun = datetime(2026, 1, 1, tzinfo=UTC)
        make(cora, state, matter=matter, bates_prefix="A", bates_next=41, started_at=begun)
        mine = make(cora, S.QUEUED, matter=matter, bates_prefix="A")
        is_free = state not in (S.RUNNING, S.PAUSED, S.FAILED)
        assert may_count(mine) is is_free
        assert mine.bates_next == (41 if is_free else 1)

    def test_one_that_has_begun_keeps_its_numbers(self, cora: User) -> None:
        matter, begun = self.matter(cora), datetime(2026, 1, 1, tzinfo=UTC)
        make(cora, S.DONE, matter=matter, bates_prefix="A", bates_next=41, started_at=begun)
        mine = make(cora, S.RUNNING, matter=matter, bates_prefix="A", bates_next=9, started_at=begun)
        assert may_count(mine)
        assert mine.bates_next == 9

    def test_without_a_prefix_each_counts_for_itself(self, cora: User) -> None:
        make(cora, S.RUNNING, bates_next=41, started_at=datetime(2026, 1, 1, tzinfo=UTC))
        mine = make(cora, S.QUEUED)
        assert may_count(mine)
        assert mine.bates_next == 1

    def test_without_a_matter_a_prefix_goes_on_too(self, cora: User) -> None:
        make(cora, S.DONE, bates_prefix="A", bates_next=41, started_at=datetime(2026, 1, 1, tzinfo=UTC))
        mine = make(cora, S.QUEUED, bates_prefix="A")
        assert may_count(mine)
        mine.refresh_from_db()
        assert mine.bates_next == 41
