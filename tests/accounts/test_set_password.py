from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.actions.password_mails import ask_reset, invite, send_due
from accounts.links import password_link
from accounts.models import AuditEntry, PasswordMail, User
from accounts.outbox import MAX_TRIES
from accounts.tasks import send_password_mails
from tests.accounts.people import (
    NEW_PASSWORD,
    is_signed_in,
    password_page,
    path_of,
    sign_in,
    signed_in,
    text_of,
)
from tests.factories import PASSWORD, Cast

RESET = "/accounts/password/reset/"
BOTH = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}


def ask(email: str, **extra: str) -> Client:
    client = Client()
    client.post(RESET, {"email": email}, **extra)  # type: ignore[arg-type]
    return client


def link_in_mail() -> str:
    found = re.search(r"^https?://\S+$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found.group(0)


class BrokenBackend(BaseEmailBackend):
    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError


# --- change ----------------------------------------------------------------------------------------------------------


def change(client: Client, old: str = PASSWORD, new: str = NEW_PASSWORD, again: str | None = None) -> str:
    facts = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return text_of(client.post("/accounts/password/", facts, follow=True))


def test_a_change_needs_the_old_password(cast: Cast) -> None:
    client = signed_in(cast.alice)
    change(client, old="wrong")
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(PASSWORD)


def test_guessing_the_old_password_counts_as_at_the_door(cast: Cast) -> None:
    client = signed_in(cast.alice)
    facts = {"old_password": "wrong", "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    codes = [client.post("/accounts/password/", facts).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 200, 429]
    assert AuditEntry.objects.filter(action="sign_in.refused", object_id=str(cast.alice.pk)).count() == 5
    change(client)
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(PASSWORD)
    assert sign_in(Client(), cast.alice.email).status_code == 429


def test_a_change_ends_every_other_session_and_keeps_this_one(cast: Cast) -> None:
    here, elsewhere = signed_in(cast.alice), signed_in(cast.alice)
    before = here.session.session_key
    assert "Your password is changed" in change(here)
    assert is_signed_in(here)
    assert here.session.session_key != before
    assert not is_signed_in(elsewhere)


def test_the_new_password_works_and_the_old_one_does_not(cast: Cast) -> None:
    change(signed_in(cast.alice))
    old, new = Client(), Client()
    sign_in(old, cast.alice.email, PASSWORD)
    sign_in(new, cast.alice.email, NEW_PASSWORD)
    assert (is_signed_in(old), is_signed_in(new)) == (False, True)


def test_passwords_are_kept_as_argon2_hashes(cast: Cast) -> None:
    change(signed_in(cast.alice))
    cast.alice.refresh_from_db()
    assert cast.alice.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("new", "again"),
    [
        (NEW_PASSWORD, NEW_PASSWORD + "!"),
        ("short", "short"),
        ("password1234", "password1234"),
        ("alice@desk.example", "alice@desk.example"),
        ("", ""),
        ("x" * 513, "x" * 513),
        ("nul\0nul\0nul\0", "nul\0nul\0nul\0"),
    ],
)
def test_a_bad_new_password_changes_nothing(cast: Cast, new: str, again: str) -> None:
    client = signed_in(cast.alice)
    change(client, new=new, again=again)
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(PASSWORD)


def test_nobody_changes_a_password_signed_out(client: Client, cast: Cast) -> None:
    assert client.get("/accounts/password/").headers["Location"].startswith("/accounts/login/")


def test_djangos_own_page_for_it_leads_to_ours(cast: Cast) -> None:
    assert signed_in(cast.alice).get("/admin/password_change/").headers["Location"] == "/accounts/password/"


# --- reset -----------------------------------------------------------------------------------------------------------


def test_a_reset_sends_a_link_that_sets_the_password(cast: Cast) -> None:
    stolen = signed_in(cast.alice)
    ask("alice@desk.example")
    assert send_due() == 1
    assert mail.outbox[0].to == ["alice@desk.example"]
    client = Client()
    page = client.get(path_of(link_in_mail()), follow=True)
    assert "alice@desk.example" in text_of(page)
    assert "Your password is set" in text_of(client.post(page.request["PATH_INFO"], BOTH, follow=True))
    sign_in(client, "alice@desk.example", NEW_PASSWORD)
    assert is_signed_in(client)
    assert not is_signed_in(stolen)


@pytest.mark.parametrize("spelling", ["ALICE@DESK.EXAMPLE", " alice@desk.example "])
def test_a_reset_knows_an_email_in_any_spelling_and_writes_to_the_known_one(cast: Cast, spelling: str) -> None:
    ask(spelling)
    send_due()
    assert mail.outbox[0].to == ["alice@desk.example"]


def test_the_answer_is_the_same_for_people_and_strangers(cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    answers = [
        Client().post(RESET, {"email": email}, follow=True)
        for email in ("alice@desk.example", "nobody@desk.example", "bob@desk.example")
    ]
    assert len({text_of(answer) for answer in answers}) == 1
    assert "If the address belongs to somebody here" in text_of(answers[0])
    assert send_due() == 1


def test_asking_is_the_same_work_for_people_strangers_and_those_who_ask_again(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for email in ("alice@desk.example", "nobody@desk.example", "alice@desk.example"):
        with django_assert_num_queries(3):
            ask_reset(email)
    assert PasswordMail.objects.count() == 3
    assert send_due() == 1
    assert PasswordMail.objects.count() == 1


def test_a_desk_at_rest_writes_nothing(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        send_due()
    assert asked.captured_queries
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_asking_takes_the_same_time_because_nothing_is_sent_meanwhile(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.test_set_password.BrokenBackend"
    began = time.perf_counter()
    ask("alice@desk.example")
    assert time.perf_counter() - began < 1
    assert PasswordMail.objects.get().sent_at is None


def test_the_link_starts_with_the_sites_address_whatever_the_host_header(cast: Cast, settings: Settings) -> None:
    settings.SITE_URL = "https://desk.example"
    settings.ALLOWED_HOSTS = ["*"]
    ask("alice@desk.example", HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    send_due()
    assert link_in_mail().startswith("https://desk.example/accounts/password/set/")
    assert "evil" not in str(mail.outbox[0].message())


def test_a_foreign_host_header_is_refused(cast: Cast) -> None:
    assert Client().get(RESET, HTTP_HOST="evil.example").status_code == 400


def test_a_link_works_once(cast: Cast) -> None:
    link = password_link(cast.alice)
    first = Client()
    first.post(password_page(first, cast.alice), BOTH)
    assert "This link no longer works" in text_of(Client().get(path_of(link), follow=True))


def test_a_link_dies_with_the_next_sign_in(cast: Cast) -> None:
    link = password_link(cast.alice)
    sign_in(Client(), cast.alice.email)
    assert "This link no longer works" in text_of(Client().get(path_of(link), follow=True))


def test_a_link_dies_after_its_days(cast: Cast, settings: Settings) -> None:
    link = path_of(password_link(cast.alice))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link no longer works" in text_of(Client().get(link, follow=True))


@pytest.mark.parametrize("uid", ["MQ", "OTk5OTk5", "%00", "a" * 300, "..", "-"])
def test_a_forged_link_opens_nothing(cast: Cast, uid: str) -> None:
    token = password_link(cast.alice).rstrip("/").rpartition("/")[2]
    answer = Client().get(f"/accounts/password/set/{uid}/{token[:-1]}x/", follow=True)
    assert answer.status_code in (200, 404)
    assert "new_password1" not in answer.content.decode()


def test_a_link_of_one_person_sets_nobody_elses_password(cast: Cast) -> None:
    alices, bobs = password_link(cast.alice), password_link(cast.bob)
    uid_of_bob, token_of_alice = bobs.split("/")[-3], alices.split("/")[-2]
    answer = Client().get(f"/accounts/password/set/{uid_of_bob}/{token_of_alice}/", follow=True)
    assert "new_password1" not in answer.content.decode()


def test_the_page_behind_the_link_does_not_name_its_token(cast: Cast) -> None:
    token = password_link(cast.alice).split("/")[-2]
    client = Client()
    page = client.get(password_page(client, cast.alice))
    assert token not in page.request["PATH_INFO"]
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_asking_again_and_again_sends_one_mail(cast: Cast) -> None:
    for _ in range(3):
        ask("alice@desk.example")
    assert send_due() == 1
    PasswordMail.objects.update(asked_at=timezone.now() - timedelta(minutes=6))
    ask("alice@desk.example")
    assert send_due() == 1


# --- the mails themselves --------------------------------------------------------------------------------------------


def test_the_task_sends_what_is_due_and_only_once(cast: Cast) -> None:
    invite(cast.alice)
    assert send_password_mails() == 1
    assert send_password_mails() == 0
    assert len(mail.outbox) == 1


def test_an_invitation_says_where_and_as_whom(cast: Cast, settings: Settings) -> None:
    settings.SITE_URL = "https://desk.example"
    invite(cast.alice)
    send_due()
    body = str(mail.outbox[0].body)
    assert "https://desk.example." in body
    assert "alice@desk.example" in body
    assert "3 days" in body


def test_a_name_with_line_breaks_or_markup_stays_inside_the_text(cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(display_name="A<b>\r\nBcc: x@evil.example")
    invite(cast.alice)
    send_due()
    assert mail.outbox[0].recipients() == ["alice@desk.example"]
    assert "A<b>" in str(mail.outbox[0].body)
    assert "\n" not in mail.outbox[0].subject


def test_a_server_that_is_away_loses_no_mail(cast: Cast, settings: Settings) -> None:
    invite(cast.alice)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.accounts.test_set_password.BrokenBackend"
    assert send_due() == 0
    settings.EMAIL_BACKEND = working
    assert send_due() == 0
    PasswordMail.objects.update(due_at=F("due_at") - timedelta(minutes=3))
    assert send_due() == 1


def test_a_mail_that_never_goes_out_is_given_up(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.test_set_password.BrokenBackend"
    invite(cast.alice)
    for _ in range(MAX_TRIES + 2):
        PasswordMail.objects.update(due_at=timezone.now())
        send_due()
    assert PasswordMail.objects.get().tries == MAX_TRIES


def test_a_log_line_names_neither_link_nor_address(
    cast: Cast, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "tests.accounts.test_set_password.BrokenBackend"
    invite(cast.alice)
    send_due()
    assert "ConnectionRefusedError" in caplog.text
    assert "alice@" not in caplog.text
    assert "/accounts/password/set/" not in caplog.text


def test_who_was_switched_off_meanwhile_gets_no_mail(cast: Cast) -> None:
    invite(cast.alice)
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert send_due() == 0


def test_old_rows_are_swept_away(cast: Cast) -> None:
    invite(cast.alice)
    PasswordMail.objects.update(asked_at=timezone.now() - timedelta(days=8), sent_at=timezone.now())
    send_due()
    assert not PasswordMail.objects.exists()
