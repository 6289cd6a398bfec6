"""The audit log on the settings pages: found by person, action, object, address and time; changed by nobody."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.audit import acting, record
from accounts.audit_search import PAGE, page_of, search
from accounts.audit_words import ACTIONS, in_words
from accounts.models import AuditEntry, User
from tests.accounts.people import signed_in
from tests.factories import make_group, make_operator, make_user
from tests.house.source import APPS, modules

pytestmark = pytest.mark.django_db
LOG = "/admin/accounts/auditentry/"


@pytest.fixture
def browser(ada: User) -> Client:
    return signed_in(ada)


def names(**wanted: Any) -> list[str]:
    return [row.object_name for row in search(wanted)]


@pytest.fixture
def history(ada: User) -> User:
    """Five rows: of ann from one address, of ada from another, a stranger's try."""
    ann = make_user("ann")
    with acting(ann, "192.0.2.7"):
        record("chat.take", name="one")
        record("chat.close", name="two")
    with acting(ada, "2001:db8::1"):
        record("setting.add", on=make_group("sales"))
        record("setting.change", on=ann, name="four")
    record("sign_in.refused", name="ann@desk.example")
    return ann


def test_by_person(history: User, ada: User) -> None:
    assert names(person="ANN@desk") == ["ann@desk.example", "two", "one"]
    assert names(person=f"#{history.pk}") == ["four", "two", "one"]
    assert names(person="Ada") == ["four", "Sales"]
    assert names(person="#999999") == names(person="nobody") == []


def test_by_action(history: User) -> None:
    assert names(action="chat.take") == ["one"]


def test_by_object(history: User) -> None:
    group = AuditEntry.objects.get(object_type="routing.group")
    assert names(object="sal") == ["Sales"]
    assert names(object=f"routing.Group#{group.object_id}") == ["Sales"]
    assert names(object="routing.group") == ["Sales"]
    assert names(object=f"accounts.user#{history.pk}") == ["four"]


def test_by_address(history: User) -> None:
    assert names(address="192.0.2.") == ["two", "one"]
    assert names(address="2001:db8::1") == ["four", "Sales"]


def test_by_day_both_ends_included() -> None:
    for day in (1, 2, 3):
        AuditEntry.objects.create(action="sign_in", object_name=str(day), at=datetime(2026, 3, day, 23, 59, tzinfo=UTC))
    with timezone.override(UTC):
        first, second = datetime(2026, 3, 1).date(), datetime(2026, 3, 2).date()  # noqa: DTZ001
        assert names(since=second) == ["3", "2"]
        assert names(until=second) == ["2", "1"]
        assert names(since=first, until=first) == ["1"]


def test_all_that_is_asked_for_must_fit(history: User) -> None:
    assert names(person="ann", action="chat.close", address="192") == ["two"]
    assert names(person="ann", action="chat.close", address="10.") == []


@pytest.mark.parametrize("written", ["'; DROP TABLE x; --", "#", "##", "#1e9", "%", "_", "\\", "#" + "9" * 40, "😀"])
def test_whatever_is_written_is_only_looked_for(history: User, written: str) -> None:
    for field in ("person", "object", "address", "action"):
        assert isinstance(names(**{field: written}), list)


def test_pages_follow_each_other_without_a_gap() -> None:
    AuditEntry.objects.bulk_create(AuditEntry(action="sign_in", object_name=str(n)) for n in range(PAGE * 2 + 1))
    seen, key = [], None
    for size in (PAGE, PAGE, 1):
        page = page_of(search({}), key)
        assert len(page.rows) == size
        seen += [int(row.object_name) for row in page.rows]
        key = page.next_key
    assert key is None
    assert seen == list(range(PAGE * 2, -1, -1))


@pytest.mark.parametrize("asked", [{"until": "9999-12-31"}, {"since": "0001-01-01"}])
def test_a_day_that_no_calendar_reaches_around_is_told(browser: Client, asked: dict[str, str]) -> None:
    assert "Ensure this value is" in browser.get(LOG, asked).content.decode()


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_and_searches(browser: Client, history: User) -> None:
    text = browser.get(LOG).content.decode()
    assert "192.0.2.7" in text
    assert "Ann &lt;ann@desk.example&gt;" in text
    text = browser.get(LOG, {"action": "chat.take"}).content.decode()
    assert "one" in text
    assert "2001:db8::1" not in text


def test_a_question_that_cannot_be_read_says_so(browser: Client, history: User) -> None:
    answer = browser.get(LOG, {"since": "yesterday", "action": "nonsense", "before": "-3"})
    assert answer.status_code == 200
    assert answer.content.decode().count('role="alert"') >= 2
    assert "result_list" not in answer.content.decode()


def test_older_rows_keep_the_question(browser: Client) -> None:
    AuditEntry.objects.bulk_create(AuditEntry(action="chat.take", object_name=f"chat {n}") for n in range(PAGE + 1))
    text = browser.get(LOG, {"action": "chat.take"}).content.decode()
    found = re.search(r'href="(\?[^"]+)" rel="next"', text)
    assert found
    older = browser.get(LOG + found[1].replace("&amp;", "&")).content.decode()
    assert "chat 0<" in older
    assert "chat 1<" not in older


def test_what_strangers_typed_is_text_on_the_page(browser: Client) -> None:
    record("sign_in.refused", name="<script>x</script>@\u202eevil", reason="<b>")
    text = browser.get(LOG).content.decode()
    assert "<script>x" not in text
    assert "&lt;script&gt;x&lt;/script&gt;@[U+202E]evil" in text


def test_one_row_can_be_read_whole(browser: Client, ada: User) -> None:
    row = record("setting.change", on=ada, before={"a": 1}, after={"a": 2}, reason="asked for")
    text = browser.get(reverse("admin:accounts_auditentry_change", args=[row.pk])).content.decode()
    assert "changed a setting (setting.change)" in text
    assert "asked for" in text
    assert 'name="_save"' not in text
    assert "deletelink" not in text


@pytest.mark.parametrize("path", ["add/", "{}/delete/", "{}/change/"])
@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_writes_in_it_not_even_a_superuser(client: Client, ada: User, path: str, superuser: bool) -> None:
    User.objects.filter(pk=ada.pk).update(is_superuser=superuser)
    client.force_login(ada, backend="accounts.backends.UserTypeBackend")
    row = record("sign_in", name="kept")
    answer = client.post(LOG + path.format(row.pk), {"post": "yes", "action": "nothing", "object_name": "changed"})
    assert answer.status_code == 403
    assert AuditEntry.objects.get(pk=row.pk).object_name == "kept"


def test_many_at_once_neither(browser: Client) -> None:
    row = record("sign_in", name="kept")
    browser.post(LOG, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert AuditEntry.objects.filter(pk=row.pk).exists()
    assert admin.site._registry[AuditEntry].get_actions(RequestFactory().get("/")) == {}


def test_only_who_opens_the_settings_reads_it(client: Client) -> None:
    assert client.get(LOG).status_code == 302
    client.force_login(make_operator("alice"), backend="accounts.backends.UserTypeBackend")
    assert client.get(LOG).status_code in (302, 403)
    assert b"sign" not in client.get(LOG).content or client.get(LOG).status_code != 200


# --- the words -------------------------------------------------------------------------------------------------------


def recorded() -> set[str]:
    """Every action that the source passes to `record`."""
    calls = (node for module in modules(*APPS) for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "record" and call.args)
    return {str(call.args[0].value) for call in named if isinstance(call.args[0], ast.Constant)}


def test_every_action_that_is_recorded_has_words() -> None:
    assert {"sign_in", "chat.take", "setting.delete"} <= recorded()
    assert recorded() - set(ACTIONS) == set()
    assert in_words("chat.take") == "took a chat"
    assert in_words("unheard.of") == "unheard.of"


def test_no_search_is_slower_on_its_last_page(django_assert_num_queries: Any) -> None:
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(action="sign_in", at=now - timedelta(days=n % 300), actor_name=f"P{n}") for n in range(500)
    )
    middle = AuditEntry.objects.order_by("pk")[120].pk
    with django_assert_num_queries(1):
        assert page_of(search({"person": "P"}), middle).rows
