"""Told by mail that an answer is there: once, only if it is needed, and with nothing of what was said."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.outbox import MAX_TRIES
from chatdesk.actions.conversations import take
from chatdesk.actions.waiting import choose, send_due_notices
from chatdesk.models import Conversation, MailNotice
from tests.factories import Cast, make_conversation, make_entry

SECRET = "The blue lamp costs 40"


@pytest.fixture
def asked(cast: Cast) -> Conversation:
    conversation = make_conversation(cast.sales_button, cast.vera, name="Vera")
    make_entry(conversation, "What does the blue lamp cost?")
    choose(conversation.pk, "mail", "vera@example.com")
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def answered(asked: Conversation, alice: User) -> Conversation:
    take(alice, asked.ref)
    asked.refresh_from_db()
    make_entry(asked, SECRET, alice)
    return asked


def after(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def standing() -> tuple[str, str]:
    notice = MailNotice.objects.get()
    return notice.state, notice.address


def test_nothing_goes_out_before_an_answer(asked: Conversation, alice: User) -> None:
    assert send_due_notices(after(3600)) == 0
    take(alice, asked.ref)
    assert send_due_notices(after(3600)) == 0
    assert (mail.outbox, standing()) == ([], ("waiting", "vera@example.com"))


def test_one_mail_and_the_address_is_gone(answered: Conversation, settings: Settings) -> None:
    assert send_due_notices(after(30)) == 0  # who is still there reads it in the page
    assert send_due_notices(after(61)) == 1
    assert send_due_notices(after(120)) == 0
    (sent,) = mail.outbox
    assert sent.to == ["vera@example.com"]
    assert f"{settings.SITE_URL}/chat/sales/" in sent.body
    assert standing() == ("sent", "")


def test_the_mail_says_nothing_of_the_chat(answered: Conversation) -> None:
    send_due_notices(after(61))
    whole = str(mail.outbox[0].message())
    for word in (SECRET, "blue lamp", "Vera", "Alice", answered.ref):
        assert word not in whole
    assert "Auto-Submitted: auto-generated" in whole


def test_what_was_read_needs_no_mail(answered: Conversation) -> None:
    answered.participants.filter(user=None).update(read_seq=answered.last_seq)
    assert send_due_notices(after(61)) == 0
    assert (mail.outbox, standing()) == ([], ("not_needed", ""))


def test_it_speaks_the_visitor_s_language(answered: Conversation) -> None:
    MailNotice.objects.update(language="ar")
    assert send_due_notices(after(61)) == 1
    assert len(mail.outbox) == 1


def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", refuse)


def test_a_server_that_is_down_is_tried_again(answered: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as down:
        broken(down)
        assert send_due_notices(after(61)) == 0
    assert standing() == ("waiting", "vera@example.com")
    assert send_due_notices(after(70)) == 0  # not at once
    assert send_due_notices(after(400)) == 1


def test_it_gives_up_and_says_so(answered: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch)
    for attempt in range(MAX_TRIES):
        send_due_notices(after(3600 * (attempt + 1)))
    assert standing() == ("failed", "")


def test_an_address_is_not_kept_for_ever(asked: Conversation) -> None:
    send_due_notices(after(31 * 86_400))
    assert standing() == ("failed", "")


def test_the_desk_sees_how_it_stands_and_no_address(asked: Conversation, alice: User, client: Any) -> None:
    client.force_login(alice, backend="accounts.backends.UserTypeBackend")
    page = client.get(f"/desk/conversations/{asked.ref}/").content.decode()
    assert "waiting for an answer" in page
    assert "vera@example.com" not in page
