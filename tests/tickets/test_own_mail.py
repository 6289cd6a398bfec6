"""A person of the desk sets up their own mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from tests.factories import Cast
from tickets.models import OperatorMail, Security, SmtpAccount

PAGE = "/desk/mail/"
SERVER = {"host": "127.0.0.1", "port": 25, "security": Security.STARTTLS, "username": "alice", "is_active": "on"}


@pytest.fixture
def alice(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.alice)
    return client


def post(client: Client, **facts: Any) -> Any:
    return client.post(f"{PAGE}server/", SERVER | facts)


def test_mail_follows_who_wants_it(alice: Client, cast: Cast) -> None:
    assert not OperatorMail.objects.exists()
    alice.post(PAGE, {"wants_mail": "on", "signature": "Alice, Sales"})
    own = OperatorMail.objects.get()
    assert (own.user, own.wants_mail, own.signature) == (cast.alice, True, "Alice, Sales")
    assert "Alice, Sales" in alice.get(PAGE).content.decode()
    alice.post(PAGE, {"signature": ""})
    assert not OperatorMail.objects.get().wants_mail


def test_looking_stores_nothing(alice: Client) -> None:
    assert alice.get(PAGE).status_code == 200
    assert not OperatorMail.objects.exists()
    assert not SmtpAccount.objects.exists()


def test_the_own_server_is_kept_sealed_and_tried(alice: Client, cast: Cast) -> None:
    told = post(alice, port=2525, new_password="a word of mine")
    assert told.status_code == 302
    server = SmtpAccount.objects.get()
    assert (server.user, server.password) == (cast.alice, "a word of mine")
    page = alice.get(PAGE).content.decode()
    assert "be reached" in page
    assert "a word of mine" not in page
    assert server.sealed not in page


def test_nobody_knocks_at_other_ports(alice: Client) -> None:
    page = post(alice, port=6379, new_password="x").content.decode()
    assert "25, 465, 587, 2525" in page
    assert not SmtpAccount.objects.exists()


def test_a_password_is_not_sent_in_the_open(alice: Client) -> None:
    page = post(alice, security=Security.NONE, new_password="x").content.decode()
    assert "only sent over a protected connection" in page
    assert not SmtpAccount.objects.exists()


def test_a_changed_place_asks_for_the_password_again(alice: Client) -> None:
    post(alice, new_password="a word of mine")
    page = post(alice, host="evil.example").content.decode()
    assert "Type the password again" in page
    assert SmtpAccount.objects.get().host == "127.0.0.1"


def test_it_is_taken_away_again(alice: Client) -> None:
    post(alice, new_password="a word of mine")
    assert "leaves by the server of the group" in alice.post(f"{PAGE}server/remove/", follow=True).content.decode()
    assert not SmtpAccount.objects.exists()
    assert alice.post(f"{PAGE}server/remove/").status_code == 302


def test_nobody_touches_anothers(alice: Client, cast: Cast) -> None:
    theirs = SmtpAccount(host="smtp.example", user=cast.bob)
    theirs.save()
    post(alice, new_password="a word of mine")
    alice.post(f"{PAGE}server/remove/")
    assert SmtpAccount.objects.get() == theirs
    assert "smtp.example" not in alice.get(PAGE).content.decode()


def test_that_it_changed_is_noted_and_not_what_it_says(alice: Client, cast: Cast) -> None:
    post(alice, new_password="a word of mine")
    note = AuditEntry.objects.get(action="mail.own")
    assert note.actor_id == cast.alice.pk
    assert "a word of mine" not in f"{note.before} {note.after}"


def test_who_does_not_work_at_the_desk_has_none(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.charlie)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"wants_mail": "on"}).status_code == 403
    assert not OperatorMail.objects.exists()
