"""An admin says what is hidden: tried before it is used, and used at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, UserType
from chatdesk import sitelimits
from chatdesk.hiding import hidden
from chatdesk.models import SensitivePattern, SiteSettings
from tests.chatdesk.sensitive.numbers import VISA
from tests.factories import make_admin, make_operator, make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/chatdesk/sensitivepattern/add/"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    sitelimits.forget()
    yield
    sitelimits.forget()


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_admin())
    return client


def fields(**changes: Any) -> dict[str, Any]:
    given = {"name": "Customers", "pattern": r"KD-\d{6}", "replacement": "[customer]", "is_active": "on", "trial": ""}
    return {**given, **changes}


def page_of(pattern: SensitivePattern) -> str:
    return reverse("admin:chatdesk_sensitivepattern_change", args=[pattern.pk])


def test_a_new_pattern_works_at_once(ada: Client, django_capture_on_commit_callbacks: Any) -> None:
    assert hidden("KD-123456").text == "KD-123456"
    with django_capture_on_commit_callbacks(execute=True):
        assert ada.post(ADD, fields()).status_code == 302
    assert hidden("KD-123456").text == "[customer]"


def test_switched_off_and_deleted_it_no_longer_does(ada: Client, django_capture_on_commit_callbacks: Any) -> None:
    pattern = SensitivePattern.objects.create(name="Customers", pattern="KD", replacement="x")
    assert hidden("KD").text == "x"
    with django_capture_on_commit_callbacks(execute=True):
        ada.post(page_of(pattern), {**fields(pattern="KD", replacement="x"), "is_active": ""})
    assert hidden("KD").text == "KD"
    SensitivePattern.objects.update(is_active=True)
    sitelimits.forget()
    assert hidden("KD").text == "x"
    with django_capture_on_commit_callbacks(execute=True):
        ada.post(page_of(pattern).replace("change", "delete"), {"post": "yes"})
    assert hidden("KD").text == "KD"
    assert not SensitivePattern.objects.exists()


def test_several_deleted_at_once_no_longer_work(ada: Client, django_capture_on_commit_callbacks: Any) -> None:
    pattern = SensitivePattern.objects.create(name="Customers", pattern="KD", replacement="x")
    assert hidden("KD").text == "x"
    chosen = {"action": "delete_selected", "_selected_action": [pattern.pk], "post": "yes"}
    with django_capture_on_commit_callbacks(execute=True):
        ada.post(reverse("admin:chatdesk_sensitivepattern_changelist"), chosen)
    assert hidden("KD").text == "KD"


FAULTS = {
    "(a+)+$": "takes too long",
    r"(\w+\s?)+$": "takes too long",
    r"\d{100000000}": "takes too long",
    "(": "can be read",
    "a*": "matches where nothing stands",
    "x" * 501: "at most 500",
}


@pytest.mark.parametrize("pattern", FAULTS)
def test_what_could_stop_the_desk_is_refused(ada: Client, pattern: str) -> None:
    answer = ada.post(ADD, fields(pattern=pattern))
    assert answer.status_code == 200
    assert FAULTS[pattern] in answer.content.decode()
    assert not SensitivePattern.objects.exists()


def test_it_can_be_tried_on_a_text_that_is_stored_nowhere(ada: Client) -> None:
    answer = ada.post(ADD, fields(trial="I am KD-123456, honestly", _try=""), follow=True)
    assert answer.redirect_chain[-1][0] == page_of(SensitivePattern.objects.get())
    assert "This is left of your text: I am [customer], honestly" in answer.content.decode()
    again = ada.post(page_of(SensitivePattern.objects.get()), fields(trial="<b>KD-654321</b>", _try=""), follow=True)
    assert "&lt;b&gt;[customer]&lt;/b&gt;" in again.content.decode()
    assert "honestly" not in str(list(AuditEntry.objects.values()))


def test_each_change_is_on_record(ada: Client) -> None:
    ada.post(ADD, fields(trial="KD-123456"))
    row = AuditEntry.objects.get(action="setting.add")
    after = row.after or {}
    assert after["pattern"] == r"KD-\d{6}"
    assert "trial" not in after


def test_card_numbers_are_set_beside_the_other_limits(ada: Client, django_capture_on_commit_callbacks: Any) -> None:
    assert hidden(VISA).text == "411111••••••1111"
    page = reverse("admin:chatdesk_sitesettings_change", args=[SiteSettings.load().pk])
    limits = {
        "message_limit": 10_000,
        "file_limit_mb": 20,
        "accept_seconds": 30,
        "policy_text": "",
        "file_types": "pdf",
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert ada.post(page, {**limits, "masks_cards": "on", "card_digits": "last"}).status_code == 302
    assert hidden(VISA).text == "••••••••••••1111"
    with django_capture_on_commit_callbacks(execute=True):
        assert ada.post(page, {**limits, "card_digits": "last"}).status_code == 302
    assert hidden(VISA).text == VISA


def test_nobody_else_opens_the_page(client: Client) -> None:
    client.force_login(make_operator("olga"))
    assert client.get(ADD).status_code != 200
    kind = UserType.objects.create(name="Partial", opens_admin=True, admin_parts=["buttons"])
    client.force_login(make_user("pia", kind))
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, fields()).status_code == 403
    assert not SensitivePattern.objects.exists()


def test_the_page_leads_to_its_help(ada: Client) -> None:
    text = ada.get(ADD).content.decode()
    assert "admin/site#what-is-never-stored" in text or "admin/site/#what-is-never-stored" in text
