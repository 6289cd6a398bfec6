"""The site's log: one order without gaps, whatever is written at once, and no change of what stands in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.emptying import emptying_refused
from transcripts.actions import logbook, lognodes
from transcripts.actions.logbook import Happening
from transcripts.models import LogLeaf, LogNode
from transcripts.proof import merkle


def close(number: int) -> LogLeaf:
    return logbook.append("conversation.closed", {"conversation": f"ref{number}", "count": number, "head": "00" * 32})


def stored_root(size: int) -> bytes:
    known = lognodes.read_ranges([(0, size)])
    return merkle.root(size, lambda level, position: known[level, position])


@pytest.mark.django_db
def test_a_leaf_says_what_happened_and_nothing_else(alice: User) -> None:
    close(1)
    leaf = logbook.append("export.finished", {"export": 4, "records": 12}, actor=alice)
    said = json.loads(leaf.data)
    assert (leaf.index, leaf.kind, leaf.about) == (1, "export.finished", "")
    assert said == {
        "actor": {"user": alice.pk},
        "at": said["at"],
        "body": {"export": 4, "records": 12},
        "index": 1,
        "kind": "export.finished",
        "v": 1,
    }
    assert datetime.fromisoformat(said["at"]) == leaf.at
    assert leaf.hash == merkle.leaf_hash(leaf.data.encode()).hex()
    assert alice.email not in leaf.data


@pytest.mark.django_db
def test_the_stored_nodes_give_the_root_of_every_size() -> None:
    leaves = [bytes.fromhex(close(number).hash) for number in range(20)]
    for size in range(1, 21):
        assert stored_root(size) == merkle.root(size, merkle.nodes_of(leaves))
    assert LogNode.objects.count() == 10 + 5 + 2 + 1


@pytest.mark.django_db
def test_many_at_once_are_as_many_one_by_one() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 6, UTC)
    close(0)
    leaves = logbook.append_all([Happening("hold.created", {"hold": each}, at=moment) for each in range(1000)])
    assert [leaf.index for leaf in leaves] == list(range(1, 1001))
    assert '"at":"2026-01-02T03:04:05.000006Z"' in leaves[0].data
    every = [bytes.fromhex(value) for value in LogLeaf.objects.order_by("index").values_list("hash", flat=True)]
    assert stored_root(1001) == merkle.root(1001, merkle.nodes_of(every))
    assert logbook.size() == 1001


@pytest.mark.django_db
def test_what_was_undone_leaves_no_gap() -> None:
    close(1)
    with transaction.atomic():
        close(2)
        transaction.set_rollback(True)
    assert close(3).index == 1


@pytest.mark.django_db
def test_writing_costs_the_same_however_long_the_log_is(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    logbook.append_all([Happening("hold.created", {"hold": each}) for each in range(700)])
    with django_assert_max_num_queries(8):
        close(1)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "body"), [("made.up", {}), ("hold.created", {"size": 2**60})])
def test_what_the_log_does_not_know_is_refused(kind: str, body: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"."):
        logbook.append(kind, body)
    assert not LogLeaf.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["transcripts_logleaf", "transcripts_lognode"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_log(table: str, statement: str) -> None:
    close(1)
    close(2)
    with emptying_refused(), pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert LogLeaf.objects.count() == 2
    assert LogNode.objects.count() == 1
