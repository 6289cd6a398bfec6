"""Rows that are stored by a statement kept ready are the rows that Django's own would have written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from accounts.rows import answers, at, change, stored
from chatdesk.models import Conversation, Visitor
from tests.factories import make_button, make_conversation, make_group
from tickets.models import IncomingMail, OutgoingMail

NOW = datetime(2026, 11, 22, 10, 11, 12, 131415, UTC)
SINCE = "SELECT id FROM tickets_incomingmail WHERE received_at > %s AND received_at <= %s"


def a_mail(digest: str = "d", **facts: object) -> IncomingMail:
    return IncomingMail(via="smtp", recipient="s@relay.test", raw=b"\x00\xff'%s", digest=digest, size=5, **facts)


def columns(row: models.Model) -> dict[str, object]:
    """As they stand in the database; bytes as bytes."""
    found = type(row)._default_manager.filter(pk=row.pk).values().get()
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in found.items()}


@pytest.mark.django_db
def test_a_row_reads_as_one_that_django_saved() -> None:
    facts = {"received_at": NOW, "due_at": NOW, "client_ip": "2001:db8::1", "facts": {"a": [1, None], "b": "\u00e4"}}
    ours, theirs = stored(a_mail("1", **facts)), a_mail("2", **facts)
    theirs.save()
    assert columns(ours) == columns(theirs) | {"id": ours.pk, "digest": "1"}
    assert ours.pk != theirs.pk


@pytest.mark.django_db
def test_the_row_is_no_new_one_any_more() -> None:
    mail = stored(a_mail())
    mail.error = "again"
    mail.save()
    assert IncomingMail.objects.get().error == "again"
    assert mail == IncomingMail.objects.get()


@pytest.mark.django_db
def test_it_points_at_the_rows_it_was_given() -> None:
    conversation = make_conversation(make_button("support", make_group("support")))
    mail = stored(OutgoingMail(kind="test", conversation=conversation, message_id="m", verp="v"))
    assert OutgoingMail.objects.get().conversation == conversation
    assert mail.conversation_id == conversation.pk


@pytest.mark.django_db
def test_what_may_be_there_once_is_there_once() -> None:
    stored(Visitor(token_hash="t"))
    with pytest.raises(IntegrityError), transaction.atomic():
        stored(Visitor(token_hash="t"))
    assert Visitor.objects.count() == 1


@pytest.mark.django_db
def test_a_row_without_what_it_needs_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        stored(Conversation(visitor=stored(Visitor(token_hash="t"))))
    assert not Conversation.objects.exists()


@pytest.mark.django_db
def test_each_row_is_one_statement() -> None:
    with CaptureQueriesContext(connection) as seen:
        stored(a_mail())
    assert len(seen) == 1


@pytest.mark.django_db
def test_a_change_touches_its_row_and_its_columns_alone() -> None:
    conversation = make_conversation(make_button("support", make_group("support")))
    mail, other = stored(a_mail("1")), stored(a_mail("2"))
    before = columns(other)
    assert change(IncomingMail, mail.pk, facts={"a": 1}, conversation_id=conversation.pk, due_at=NOW) == 1
    assert columns(other) == before
    mail.refresh_from_db()
    assert (mail.facts, mail.conversation, mail.due_at, mail.digest) == ({"a": 1}, conversation, NOW, "1")


@pytest.mark.django_db
def test_a_change_of_what_is_not_there_changes_nothing() -> None:
    assert change(IncomingMail, 4711, error="x") == 0


@pytest.mark.django_db
def test_a_change_of_an_unknown_column_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        change(IncomingMail, 1, nonsense=1)


@pytest.mark.django_db
def test_moments_are_compared_as_they_are_stored() -> None:
    mail = stored(a_mail(received_at=NOW))
    blink = timedelta(microseconds=1)
    assert answers(SINCE, (NOW - blink, NOW)) == [(mail.pk,)]
    assert answers(SINCE, (NOW, NOW + blink)) == []
    assert answers(SINCE, (NOW - timedelta(hours=1), NOW - blink)) == []


@pytest.mark.django_db
def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    vienna = NOW.astimezone().replace(tzinfo=None).astimezone()
    assert answers("SELECT %s = %s", (str(at(NOW)), str(at(vienna)))) in ([(1,)], [(True,)])


AWKWARD = [
    "",
    "'; DROP TABLE tickets_incomingmail; --",
    "%s %(a)s %%",
    "\U0001f600 ä \u202e",
    "a\nb\tc\\",
    '"',
    "x" * 500,
]


@pytest.mark.django_db
@pytest.mark.parametrize("words", AWKWARD)
def test_any_words_are_stored_and_changed_as_they_are(words: str) -> None:
    mail = stored(a_mail(helo=words[:255], facts={"said": words}))
    mail.refresh_from_db()
    assert (mail.helo, mail.facts) == (words[:255], {"said": words})
    assert change(IncomingMail, mail.pk, error=words[:80], facts=[words]) == 1
    mail.refresh_from_db()
    assert (mail.error, mail.facts) == (words[:80], [words])
    assert answers("SELECT helo FROM tickets_incomingmail WHERE helo = %s", (words[:255],)) == [(words[:255],)]


@pytest.mark.django_db
def test_nothing_given_back_is_left_in_the_database() -> None:
    """A row of a transaction that was given up is not there, whatever its object says."""
    with transaction.atomic():
        mail = stored(a_mail())
        assert change(IncomingMail, mail.pk, error="x") == 1
        transaction.set_rollback(True)
    assert not IncomingMail.objects.exists()
