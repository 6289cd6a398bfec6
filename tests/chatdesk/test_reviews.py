"""The coverage page and the yearly review: what is found, with the page that mends it, for admins alone."""

from __future__ import annotations

from datetime import time, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import AuditEntry, LoginWindow, Scope, User, UserType
from chatdesk.findings import SHOWN, Chapter
from chatdesk.review import USES, review
from chatdesk.usual import make_usual_types, user_type
from routing.models import Group
from tests.factories import Cast, make_admin, make_button, make_group, make_membership, make_operator, make_user

pytestmark = pytest.mark.django_db
COVERAGE, REVIEW = "/admin/coverage/", "/admin/review/"


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(make_admin(), backend="accounts.backends.UserTypeBackend")
    return client


def findings(title: str) -> list[str]:
    return [found.text for chapter in review() if chapter.title.startswith(title) for found in chapter.findings]


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_index_leads_to_both(browser: Client) -> None:
    text = page(browser, "/admin/")
    assert f'href="{COVERAGE}"' in text
    assert f'href="{REVIEW}"' in text


@pytest.mark.parametrize("path", [COVERAGE, REVIEW])
def test_only_who_opens_accountability_reads_them(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(make_operator("alice"), backend="accounts.backends.UserTypeBackend")
    assert client.get(path).status_code in (302, 403)
    ada = make_admin()
    client.force_login(ada, backend="accounts.backends.UserTypeBackend")
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 405
    UserType.objects.filter(users=ada).update(admin_parts=["buttons"])
    assert client.get(path).status_code == 403


def test_coverage_names_the_hour_and_the_group(browser: Client) -> None:
    kind = UserType.objects.create(name="mornings", zone="UTC")
    for day in range(7):
        LoginWindow.objects.create(user_type=kind, weekday=day, start=time(0), end=time(16, 30))
    billing = make_group("billing")
    make_membership(billing, make_user("ann", kind))
    text = page(browser, COVERAGE)
    assert "Friday 16:30: Billing has nobody, until Saturday 00:00 (UTC)." in text
    assert f'href="/admin/routing/group/{billing.pk}/change/"' in text


def test_coverage_names_what_leads_nowhere(browser: Client) -> None:
    closed = make_group("old", is_active=False)
    button = make_button("choice")
    button.choices.add(closed)
    make_group("lonely")
    text = page(browser, COVERAGE)
    assert "The button “choice” offers only groups that are switched off." in text
    assert "Nobody can answer for Lonely" in text
    assert "Lonely: set an alarm" in text


@pytest.mark.parametrize("facts", [{"answer": Scope.NONE}, {"counts_for_presence": False}, {"opens_dashboard": False}])
def test_members_who_could_not_be_given_a_chat_are_none(browser: Client, facts: dict[str, Any]) -> None:
    make_membership(make_group("lonely"), make_user("rita", UserType.objects.create(name="Reader", **facts)))
    assert "Nobody can answer for Lonely" in page(browser, COVERAGE)


def test_a_superuser_is_somebody(browser: Client) -> None:
    make_membership(make_group("lonely"), make_user("root", is_superuser=True))
    assert "Nobody can answer for Lonely" not in page(browser, COVERAGE)


def test_good_news_is_said(browser: Client, cast: Cast) -> None:
    Group.objects.update(alarm_minutes=5)
    text = page(browser, COVERAGE)
    assert text.count("Nothing to mend.") == 3


def test_accounts_that_nobody_used(cast: Cast) -> None:
    long_ago = timezone.now() - timedelta(days=31)
    User.objects.filter(pk=cast.alice.pk).update(last_login=long_ago, date_joined=long_ago)
    User.objects.filter(pk=cast.bob.pk).update(date_joined=long_ago)
    User.objects.filter(pk=cast.charlie.pk).update(date_joined=long_ago, is_active=False)
    found = findings("Accounts")
    assert any(text.startswith("Alice, last signed in:") for text in found)
    assert any(text == "Bob, last signed in: never" for text in found)
    assert len(found) == 2


def test_permissions_that_nobody_used(cast: Cast) -> None:
    UserType.objects.filter(name="Operator").update(export=Scope.ALL, monitor=Scope.NONE)
    AuditEntry.objects.create(action="chat.take", actor_id=cast.alice.pk)
    old = timezone.now() - timedelta(days=366)
    AuditEntry.objects.create(action="chat.close", actor_id=cast.bob.pk, at=old)
    [found] = [text for text in findings("Permissions") if text.startswith("Operator")]
    named = found.removeprefix("Operator: ").split(", ")
    assert "export transcripts" in named
    assert "close chats" in named
    assert "take chats" not in named
    assert "monitor chats" not in named


def test_every_judged_permission_is_one_and_every_other_is_known_not_to_be() -> None:
    fields = {field.name for field in UserType._meta.get_fields()}
    assert set(USES) <= fields
    recorded = {action for actions in USES.values() for action in actions}
    assert all("." in action for action in recorded)


def test_people_without_a_second_factor(cast: Cast) -> None:
    TOTPDevice.objects.create(user=cast.alice, confirmed=True)
    TOTPDevice.objects.create(user=cast.bob, confirmed=False)
    found = findings("People without")
    assert "Bob (Operator)" in found
    assert not any(text.startswith("Alice") for text in found)


def test_types_that_open_everything(cast: Cast) -> None:
    make_usual_types()
    user_type("Admin")
    make_admin()
    make_user("root", is_superuser=True)
    found = findings("User types that open")
    assert "Admin: Ada" in found
    assert any(text.startswith("Root is a superuser") for text in found)
    assert not any(text.startswith("Operator") for text in found)
    UserType.objects.filter(name="Admin").update(admin_parts=["buttons"])
    assert "Admin: Ada" not in findings("User types that open")


def test_types_without_people() -> None:
    UserType.objects.create(name="Nobody's")
    assert "Nobody's" in findings("User types without")


def test_long_chapters_are_cut() -> None:
    for n in range(SHOWN + 3):
        UserType.objects.create(name=f"Type {n}")
    [chapter] = [each for each in review() if each.title.startswith("User types without")]
    assert (len(chapter.shown), chapter.more) == (SHOWN, 3)
    assert Chapter("a", "b").more == 0


def test_the_page_says_it_in_words(browser: Client) -> None:
    UserType.objects.create(name="<b>Unused</b>")
    text = browser.get(REVIEW).content.decode()
    assert "&lt;b&gt;Unused&lt;/b&gt;" in text
    assert "Permissions nobody used for a year" in text
