"""The audit log: what a row says, and that nobody can change or remove one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.utils.functional import SimpleLazyObject

from accounts import audit
from accounts.audit import LONGEST, MOST_CHARS, acting, record
from accounts.middleware import acting_middleware
from accounts.models import AuditEntry, User, UserType
from tests.emptying import emptying_refused
from tests.factories import make_group, make_operator, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return make_user("ann")


def test_a_row_says_who_what_on_what_from_where_and_when(ann: User) -> None:
    kind = UserType.objects.create(name="Night shift")
    with acting(ann, "192.0.2.7"):
        record("setting.change", on=kind, before={"see": "own"}, after={"see": "all"}, reason="asked for")
    row = AuditEntry.objects.get()
    assert (row.actor_id, row.actor_name) == (ann.pk, "Ann <ann@desk.example>")
    assert (row.object_type, row.object_id, row.object_name) == ("accounts.usertype", str(kind.pk), "Night shift")
    assert (row.action, row.address, row.reason) == ("setting.change", "192.0.2.7", "asked for")
    assert (row.before, row.after) == ({"see": "own"}, {"see": "all"})
    assert abs((datetime.now(UTC) - row.at).total_seconds()) < 60
    assert str(row) == "setting.change Night shift"


def test_outside_a_request_nobody_acts() -> None:
    record("directory.sync", name="nightly")
    row = AuditEntry.objects.get()
    assert (row.actor_id, row.actor_name, row.address, row.object_type) == (None, "", "", "")
    assert (row.object_name, row.before, row.after) == ("nightly", None, None)


def test_an_actor_that_is_named_counts_before_who_acts(ann: User) -> None:
    other = make_user("bert")
    with acting(AnonymousUser(), "192.0.2.7"):
        record("sign_in", actor=other)
        record("sign_in.refused", name="stranger@desk.example")
    first, second = AuditEntry.objects.order_by("pk")
    assert (first.actor_id, first.address) == (other.pk, "192.0.2.7")
    assert (second.actor_id, second.object_name) == (None, "stranger@desk.example")


def test_acting_ends_with_its_block_and_nests(ann: User) -> None:
    bert = make_user("bert")
    with acting(ann, "a"):
        with acting(bert, "b"):
            record("chat.take")
        record("chat.close")
    record("chat.take")
    assert list(AuditEntry.objects.order_by("pk").values_list("actor_id", "address")) == [
        (bert.pk, "b"),
        (ann.pk, "a"),
        (None, ""),
    ]


def test_a_lazy_person_is_looked_up_only_when_something_is_recorded(ann: User) -> None:
    asked = []

    def look() -> User:
        asked.append(1)
        return ann

    with acting(SimpleLazyObject(look), "192.0.2.7"):  # type: ignore[arg-type]
        assert asked == []
        record("sign_out")
    assert asked == [1]
    assert AuditEntry.objects.get().actor_id == ann.pk


def test_facts_are_kept_as_json_knows_them_and_long_ones_are_cut() -> None:
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    record("setting.add", after={"at": moment, "price": Decimal("1.5"), "text": "x" * 9999, "list": [1, 2]})
    after = AuditEntry.objects.get().after
    assert after == {"at": "2026-01-02T03:04:00Z", "price": "1.5", "text": "x" * MOST_CHARS + "…", "list": [1, 2]}


@pytest.mark.parametrize(
    "typed", ["nul\x00byte", "lone \ud800 half", "x" * 5000, "line\r\nsecond line", "\u202egnp.exe"]
)
def test_whatever_a_stranger_typed_can_be_written_down(typed: str) -> None:
    record("sign_in.refused", name=typed, reason=typed)
    row = AuditEntry.objects.get()
    assert row.object_name
    assert "\x00" not in row.object_name
    assert len(row.object_name) <= LONGEST["object_name"]
    assert len(row.reason) <= LONGEST["reason"]


# --- append-only -----------------------------------------------------------------------------------------------------


def change() -> None:
    AuditEntry.objects.update(action="nothing")


def delete() -> None:
    AuditEntry.objects.all().delete()


def save_again() -> None:
    AuditEntry.objects.get().save()


def change_by_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_auditentry SET actor_name = 'somebody else'")


def delete_by_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditentry")


@pytest.mark.parametrize("deed", [change, delete, save_again, change_by_sql, delete_by_sql])
def test_the_database_refuses_to_change_or_delete_a_row(deed: Callable[[], None]) -> None:
    row = record("sign_in", name="first")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        deed()
    assert AuditEntry.objects.get().object_name == "first"
    assert AuditEntry.objects.get().pk == row.pk


@pytest.mark.django_db(transaction=True)
def test_emptying_the_database_is_refused_too() -> None:
    record("sign_in", name="first")
    with emptying_refused(), pytest.raises(CommandError, match="couldn't be flushed"):
        call_command("flush", interactive=False, verbosity=0)
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_guard_stands_after_the_tests_emptied_the_log() -> None:
    record("sign_in")
    call_command("flush", interactive=False, verbosity=0)
    assert AuditEntry.objects.count() == 0
    record("sign_in")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        delete()
    assert AuditEntry.objects.count() == 1


def test_a_person_who_is_deleted_keeps_the_name_in_the_log(ann: User) -> None:
    with acting(ann, "192.0.2.7"):
        record("chat.close")
    number = ann.pk
    ann.delete()
    row = AuditEntry.objects.get()
    assert (row.actor_id, row.actor_name) == (number, "Ann <ann@desk.example>")


# --- who acts in a request -------------------------------------------------------------------------------------------


def test_a_request_acts_for_who_is_signed_in(client: Client, rf: RequestFactory) -> None:
    alice = make_operator("alice", make_group("sales"))
    request = rf.get("/", REMOTE_ADDR="192.0.2.9")
    request.user = alice

    def view(_request: Any) -> Any:
        record("file.download")

    acting_middleware(view)(request)
    record("file.download")
    assert list(AuditEntry.objects.order_by("pk").values_list("actor_id", "address")) == [
        (alice.pk, "192.0.2.9"),
        (None, ""),
    ]


@pytest.mark.asyncio
async def test_the_same_on_the_event_loop(rf: RequestFactory) -> None:
    request = rf.get("/", REMOTE_ADDR="192.0.2.9")
    request.user = AnonymousUser()
    seen = []

    async def view(_request: Any) -> Any:
        seen.append(audit._acting.get().address)

    await acting_middleware(view)(request)
    assert seen == ["192.0.2.9"]
    assert audit._acting.get() == audit.NOBODY
