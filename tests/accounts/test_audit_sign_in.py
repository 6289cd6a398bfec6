"""Coming, being refused and going are written down, and what people change of themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from accounts.actions.first_admin import make_first_admin
from accounts.links import password_link
from accounts.models import AuditEntry, User
from accounts.receivers import NO_ADDRESS
from tests.accounts.people import NEW_PASSWORD, is_signed_in, password_page, sign_in, signed_in
from tests.factories import PASSWORD, make_group, make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return make_operator("alice", make_group("sales"))


def rows(*fields: str) -> list[Any]:
    return list(AuditEntry.objects.order_by("pk").values_list(*fields))


def test_a_sign_in_and_a_sign_out_are_recorded_with_the_address(client: Client, alice: User) -> None:
    sign_in(client, "Alice@Desk.example", REMOTE_ADDR="192.0.2.4")
    client.post("/accounts/logout/", REMOTE_ADDR="192.0.2.5")
    assert rows("action", "actor_id", "object_id", "address") == [
        ("sign_in", alice.pk, str(alice.pk), "192.0.2.4"),
        ("sign_out", alice.pk, str(alice.pk), "192.0.2.5"),
    ]


def test_signing_out_without_having_signed_in_is_no_deed(client: Client) -> None:
    client.post("/accounts/logout/")
    assert rows("action") == []


def test_a_refusal_names_the_account_that_was_tried_and_never_the_password(client: Client, alice: User) -> None:
    sign_in(client, "alice@desk.example", "wrong secret word", REMOTE_ADDR="192.0.2.4")
    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id, row.object_id) == ("sign_in.refused", None, str(alice.pk))
    assert (row.object_name, row.address) == (alice.email, "192.0.2.4")
    assert "wrong secret word" not in repr(AuditEntry.objects.values().get())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Nobody@Desk.example", "nobody@desk.example"), ("my secret pass phrase", NO_ADDRESS), ("x\r\ny@z", "x\r\ny@z")],
)
def test_a_strangers_name_is_kept_only_if_it_is_an_address(client: Client, typed: str, kept: str) -> None:
    sign_in(client, typed, "whatever")
    assert rows("action", "object_name", "object_type") == [("sign_in.refused", kept, "")]


def test_a_lock_is_recorded_once_and_hammering_on_fills_no_log(client: Client, alice: User) -> None:
    for _ in range(12):
        sign_in(client, alice.email, "wrong")
    refused = AuditEntry.objects.filter(action="sign_in.refused")
    assert refused.filter(reason__startswith="too many tries").count() == 1
    assert refused.count() <= 6


def test_a_sign_in_that_cannot_be_recorded_opens_nothing(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_facts: Any) -> None:
        raise DatabaseError("the log is full")

    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    client.raise_request_exception = False
    assert sign_in(client, alice.email).status_code == 500
    assert not is_signed_in(client)


def test_a_changed_password_is_recorded_without_the_password(alice: User) -> None:
    browser = signed_in(alice)
    facts = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert browser.post("/accounts/password/", facts).status_code == 302
    row = AuditEntry.objects.get(action="setting.change")
    assert (row.actor_id, row.object_id, row.after) == (alice.pk, str(alice.pk), {"password": "changed"})


def test_a_password_set_by_a_link_is_recorded(client: Client, alice: User) -> None:
    page = password_page(client, alice)
    assert password_link(alice)
    client.post(page, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}, REMOTE_ADDR="192.0.2.8")
    row = AuditEntry.objects.get(action="setting.change")
    assert (row.object_id, row.after, row.address) == (str(alice.pk), {"password": "set by a link"}, "192.0.2.8")


def test_a_changed_name_is_recorded_with_the_old_one(alice: User) -> None:
    signed_in(alice).post("/accounts/profile/", {"display_name": "Alice B."})
    row = AuditEntry.objects.get(action="setting.change")
    assert (row.before, row.after) == ({"display_name": "Alice"}, {"display_name": "Alice B."})


def test_a_name_that_stays_is_no_deed(alice: User) -> None:
    signed_in(alice).post("/accounts/profile/", {"display_name": "Alice"})
    assert not AuditEntry.objects.filter(action="setting.change").exists()


def test_the_first_admin_begins_the_log() -> None:
    admin = make_first_admin("ada@desk.example", "Ada", PASSWORD)
    assert rows("action", "actor_id", "object_name") == [("setting.add", admin.pk, "Ada")]
