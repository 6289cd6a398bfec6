"""Every change on the settings pages is recorded with before and after, in the transaction of the change."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from accounts.audit_facts import HIDDEN, SECRET, facts_of_row
from accounts.audited import AuditedAdmin
from accounts.models import AuditEntry, User
from routing.models import Group, Membership
from tests.accounts.people import signed_in
from tests.factories import make_button, make_group, make_membership, make_operator, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(ada: User) -> Client:
    return signed_in(ada)


def entry(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


def written(browser: Client, url: str, **changes: Any) -> dict[str, Any]:
    """The page's form as it stands there, with changes: what a browser would post."""
    answer = browser.get(url)
    form = answer.context["adminform"].form
    facts = {form.add_prefix(name): form[name].value() for name in form.fields}
    for inline in answer.context["inline_admin_formsets"]:
        facts |= {f"{inline.formset.prefix}-{name}": inline.formset.management_form[name].value() for name in COUNTS}
        facts |= {
            row.add_prefix(name): row[name].value() for row in inline.formset.initial_forms for name in row.fields
        }
    facts |= changes
    return {name: value for name, value in facts.items() if value is not None and value is not False}


COUNTS = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")


def fail(**_facts: Any) -> None:
    raise DatabaseError("the log is full")


def test_every_page_of_the_settings_records() -> None:
    assert len(admin.site._registry) > 8
    assert [model for model, page in admin.site._registry.items() if not isinstance(page, AuditedAdmin)] == []


def test_a_new_row_is_recorded_with_what_it_says(browser: Client, ada: User) -> None:
    make_group("sales")
    url = reverse("admin:accounts_user_add")
    kind = ada.user_type_id
    answer = browser.post(
        url,
        written(browser, url, email="new@desk.example", display_name="Nina", user_type=kind, is_active="on"),
        REMOTE_ADDR="192.0.2.3",
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = entry("setting.add")
    assert (row.actor_id, row.object_type, row.object_name) == (ada.pk, "accounts.user", "Nina")
    assert row.address == "192.0.2.3"
    assert row.after is not None
    assert {"email": "new@desk.example", "display_name": "Nina", "user_type": "Admin"}.items() <= row.after.items()
    assert entry("setting.change").after == {"link": "to choose a password"}


def test_a_change_is_recorded_with_names_before_and_after(browser: Client) -> None:
    sales, support = make_group("sales"), make_group("support")
    button = make_button("shop", sales)
    url = reverse("admin:chatdesk_button_change", args=[button.pk])
    answer = browser.post(url, written(browser, url, group=support.pk, title="Ask us"))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = entry("setting.change")
    assert row.before is not None
    assert row.after is not None
    assert (row.before["group"], row.after["group"]) == ("Sales", "Support")
    assert (row.before["title"], row.after["title"]) == ("Shop", "Ask us")
    assert "label" not in row.after


def test_saving_without_a_change_is_no_deed(browser: Client) -> None:
    button = make_button("shop", make_group("sales"))
    url = reverse("admin:chatdesk_button_change", args=[button.pk])
    assert browser.post(url, written(browser, url)).status_code == 302
    assert not AuditEntry.objects.filter(action__startswith="setting").exists()


def test_rows_inside_a_page_are_recorded_with_it(browser: Client) -> None:
    sales = make_group("sales")
    alice, bob, carol = (make_operator(name) for name in ("alice", "bob", "carol"))
    kept, gone = make_membership(sales, alice, limit=4), make_membership(sales, bob)
    url = reverse("admin:routing_group_change", args=[sales.pk])
    prefix = Membership._meta.get_field("group").remote_field.get_accessor_name()
    facts = written(browser, url)
    place = {facts[f"{prefix}-{n}-id"]: n for n in range(2)}
    facts |= {
        f"{prefix}-TOTAL_FORMS": 3,
        f"{prefix}-{place[kept.pk]}-chat_limit": 2,
        f"{prefix}-{place[gone.pk]}-DELETE": "on",
        f"{prefix}-2-user": carol.pk,
        f"{prefix}-2-group": sales.pk,
        f"{prefix}-2-chat_limit": 1,
        f"{prefix}-2-priority": 0,
    }
    assert browser.post(url, facts).status_code == 302
    row = entry("setting.change")
    assert row.before is not None
    assert row.after is not None
    before, after = row.before["memberships"], row.after["memberships"]
    assert before["Alice · Sales"] == {"chat_limit": 4}
    assert after["Alice · Sales"] == {"chat_limit": 2}
    assert before["Bob · Sales"]["user"] == "Bob"
    assert after["Carol · Sales"]["chat_limit"] == 1
    assert "Bob · Sales" not in after


def test_a_deletion_is_recorded_with_what_is_lost(browser: Client) -> None:
    group = make_group("sales")
    key = str(group.pk)
    browser.post(reverse("admin:routing_group_delete", args=[group.pk]), {"post": "yes"})
    row = entry("setting.delete")
    assert (row.object_type, row.object_id, row.object_name) == ("routing.group", key, "Sales")
    assert row.before is not None
    assert row.before["slug"] == "sales"


def delete_many(browser: Client, *groups: Group) -> Any:
    chosen = {"action": "delete_selected", "_selected_action": [group.pk for group in groups], "post": "yes"}
    return browser.post(reverse("admin:routing_group_changelist"), chosen)


def test_each_of_many_deletions_is_recorded(browser: Client) -> None:
    groups = [make_group(name) for name in ("one", "two", "three")]
    delete_many(browser, *groups)
    rows = AuditEntry.objects.filter(action="setting.delete").values_list("object_name", flat=True)
    assert sorted(rows) == ["One", "Three", "Two"]
    assert not Group.objects.exists()


def test_a_deletion_that_cannot_be_recorded_is_undone(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = [make_group("one"), make_group("two")]
    browser.raise_request_exception = False
    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    one = browser.post(reverse("admin:routing_group_delete", args=[groups[0].pk]), {"post": "yes"})
    assert one.status_code == delete_many(browser, *groups).status_code == 500
    assert Group.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_deletions_none_is_done_if_the_last_cannot_be(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorded, then refused by the database: the rows of the log go with the deed that was not done."""
    groups = [make_group("one"), make_group("two")]
    browser.raise_request_exception = False
    page = admin.site._registry[Group]

    def delete_one_and_fail(_request: Any, queryset: Any) -> None:
        queryset.order_by("pk").first().delete()
        raise DatabaseError("cut")

    monkeypatch.setattr(page, "delete_queryset", delete_one_and_fail)
    assert delete_many(browser, *groups).status_code == 500
    assert Group.objects.count() == 2
    assert not AuditEntry.objects.filter(action="setting.delete").exists()


def test_a_change_that_cannot_be_recorded_is_undone(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    button = make_button("shop", make_group("sales"))
    url = reverse("admin:chatdesk_button_change", args=[button.pk])
    facts = written(browser, url, title="Changed")
    browser.raise_request_exception = False
    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    assert browser.post(url, facts).status_code == 500
    button.refresh_from_db()
    assert button.title == "Shop"


def test_lifting_a_lock_is_recorded(browser: Client) -> None:
    attempt = AccessAttempt.objects.create(
        username="alice@desk.example", ip_address="192.0.2.1", failures_since_start=5
    )
    browser.post(reverse("admin:axes_accessattempt_delete", args=[attempt.pk]), {"post": "yes"})
    row = entry("setting.delete")
    assert row.before is not None
    assert row.before["username"] == "alice@desk.example"


def test_no_hash_reaches_the_log() -> None:
    user = make_user("ann")
    facts = facts_of_row(user)
    assert facts["password"] == HIDDEN
    assert user.password not in repr(facts)
    assert facts["email"] == "ann@desk.example"


@pytest.mark.parametrize("name", ["password", "token_hash", "secret", "key", "private_key", "client_secret", "seed"])
def test_what_sounds_secret_is_not_shown(name: str) -> None:
    assert SECRET.search(name)


@pytest.mark.parametrize("name", ["monkey", "title", "networks", "keyword", "needs_second_factor"])
def test_what_does_not_is_shown(name: str) -> None:
    assert not SECRET.search(name)
