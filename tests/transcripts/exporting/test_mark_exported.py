"""How far an archive outside has confirmed what it received; and exports of only what is new, by that mark."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from chatdesk.actions.entries import post_entry
from chatdesk.models import Conversation
from tests.factories import Cast, make_guest, make_participant
from tests.transcripts.exporting.archive import exported, records, talked
from transcripts.actions.exporting import deciding, exported_through, not_exported
from transcripts.models import Export


def confirmed(**wanted: Any) -> Export:
    export = exported(**wanted)
    deciding.acknowledge(export, None, export.manifest_sha256)
    return export


def refs(export: Export) -> set[str]:
    return {line["frame"]["conversation"] for line in records(export)}


def test_nothing_is_confirmed_before_somebody_confirms(cast: Cast) -> None:
    made = talked(cast, "one")
    export = exported()
    assert exported_through(cast.sales.pk) is None
    assert not_exported([made.pk]) == {made.pk}
    deciding.acknowledge(export, None, export.manifest_sha256)
    through = exported_through(cast.sales.pk)
    assert through is not None
    assert made.closed_at is not None
    assert through >= made.closed_at
    assert not_exported([made.pk]) == set()


def test_a_later_conversation_is_not_confirmed_with_an_earlier(cast: Cast) -> None:
    first = talked(cast, "one")
    confirmed()
    later = talked(cast, "two", guest=cast.walt)
    assert not_exported([first.pk, later.pk]) == {later.pk}
    assert exported_through(cast.sales.pk) == first.closed_at


def test_of_two_closed_at_once_the_missing_one_counts(cast: Cast) -> None:
    first = talked(cast, "one")
    confirmed()
    later = talked(cast, "two", guest=cast.walt)
    now = timezone.now()
    Conversation.objects.update(closed_at=now)
    through = exported_through(cast.sales.pk)
    assert through is None or through < now
    assert later.pk in not_exported([first.pk, later.pk])


def test_a_copy_that_leaves_things_out_confirms_nothing(cast: Cast) -> None:
    made = talked(cast, "one")
    confirmed(profile="external")
    assert not_exported([made.pk]) == {made.pk}
    assert exported_through(cast.sales.pk) is None


def test_only_what_is_new_leaves_out_what_arrived(cast: Cast) -> None:
    first = talked(cast, "one")
    confirmed(stream="archive")
    later = [talked(cast, f"text {number}", guest=make_guest()) for number in range(3)]
    Conversation.objects.update(closed_at=first.closed_at)
    second = exported(stream="archive", only_new=True)
    assert refs(second) == {each.ref for each in later}


def test_what_was_brought_and_not_confirmed_is_brought_again(cast: Cast) -> None:
    made = talked(cast, "one")
    exported(stream="archive")
    assert refs(exported(stream="archive", only_new=True)) == {made.ref}


def test_another_streams_exports_do_not_count(cast: Cast) -> None:
    made = talked(cast, "one")
    confirmed(stream="archive")
    assert refs(exported(stream="lawyers", only_new=True)) == {made.ref}


def test_what_went_on_since_is_brought_again_whole(cast: Cast) -> None:
    made = talked(cast, "one")
    confirmed(stream="archive")
    Conversation.objects.filter(pk=made.pk).update(closed_at=None)
    made.refresh_from_db()
    post_entry(made, make_participant(made), "one more thing", "late")
    again = exported(stream="archive", only_new=True)
    said = [line["content"].get("body") for line in records(again)]
    assert {"one", "one more thing"} <= set(said)
