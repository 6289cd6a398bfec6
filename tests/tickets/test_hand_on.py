"""Mail that a provider hands on: kept once, for who knows the secret and signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from chatdesk.bodylimit import MAIL_BYTES, limit_for
from tests.mail.office import SUPPORT, Office, a_mail, files, of, said, token
from tickets.actions.processing import process_due
from tickets.models import IncomingMail

SECRET = "mail:a long secret"
KEY = "signing-key"


@pytest.fixture
def office(db: None, settings: Settings) -> Office:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    return Office()


def basic(secret: str = SECRET) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Basic {base64.b64encode(secret.encode()).decode()}"}


def worked_off() -> IncomingMail:
    """The one mail, after the sweep."""
    assert process_due() == 1
    return IncomingMail.objects.get()


def postmark(raw: bytes, number: str = "m-1", to: str = SUPPORT, secret: str = SECRET) -> HttpResponse:
    told = {
        "MessageID": number,
        "OriginalRecipient": to,
        "RawEmail": raw.decode("utf-8", "surrogateescape"),
        "Headers": [{"Name": "Return-Path", "Value": "<v.real@home.test>"}],
    }
    return post("postmark", json.dumps(told), content_type="application/json", **basic(secret))


def post(provider: str, data: Any, **more: Any) -> HttpResponse:
    answer = Client(raise_request_exception=False).post(f"/mail/webhooks/{provider}/", data, **more)
    assert isinstance(answer, HttpResponse)
    return answer


def mailgun(raw: bytes, key: str = KEY, number: str = "t-1") -> HttpResponse:
    stamp = str(int(time.time()))
    signature = hmac.new(key.encode(), f"{stamp}{number}".encode(), hashlib.sha256).hexdigest()
    fields = {"timestamp": stamp, "token": number, "signature": signature, "body-mime": raw.decode()}
    fields |= {"sender": "v.real@home.test", "recipient": SUPPORT}
    return post("mailgun", fields, **basic())


def test_a_mail_with_a_file_becomes_a_conversation(office: Office) -> None:
    assert postmark(a_mail(files={"a.txt": b"paper"})).status_code == 200
    assert IncomingMail.objects.get().state == "stored"
    mail = worked_off()
    assert (mail.via, mail.recipient, mail.envelope_from) == ("webhook", SUPPORT, "v.real@home.test")
    assert mail.source_key == "Postmark:m-1"
    assert said(of(mail)) == ["Hello, my lamp does not light."]
    assert files(of(mail)) == ["a.txt"]


def test_told_twice_it_is_one(office: Office) -> None:
    for _n in range(2):
        assert postmark(a_mail()).status_code == 200
    assert IncomingMail.objects.count() == 1


def test_the_bytes_are_those_that_came(office: Office) -> None:
    raw = b"Message-ID: <[odd]@home.test>\r\n" + a_mail()
    postmark(raw)
    assert bytes(IncomingMail.objects.get().raw) == raw


def test_it_goes_where_the_envelope_says(office: Office) -> None:
    talk, vera = office.talk()
    postmark(a_mail(to="somebody@else.test"), to=token(vera))
    worked_off()
    assert said(talk) == ["Hello, my lamp does not light."]


@pytest.mark.parametrize("secret", ["mail:wrong", ":", "mail"])
def test_without_the_secret_nothing_is_kept(office: Office, secret: str) -> None:
    assert postmark(a_mail(), secret=secret).status_code == 400
    assert post("postmark", "{}", content_type="application/json").status_code == 400
    assert not IncomingMail.objects.exists()


def test_a_desk_without_a_secret_has_no_such_door(office: Office, settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}
    assert postmark(a_mail()).status_code == 404
    assert not IncomingMail.objects.exists()


def test_a_provider_we_do_not_know_has_no_door(office: Office) -> None:
    assert post("pigeon", "{}", content_type="application/json", **basic()).status_code == 404


def test_a_signed_form_is_taken(office: Office) -> None:
    """Multipart, and larger than Django would take of a form."""
    raw = a_mail(text="a long line of words\n" * 80_000)
    assert mailgun(raw).status_code == 200
    mail = worked_off()
    assert mail.size > 1_000_000
    assert mail.recipient == SUPPORT
    assert mail.state == "done"


def test_a_forged_signature_is_refused(office: Office) -> None:
    assert mailgun(a_mail(), key="another").status_code == 400
    assert not IncomingMail.objects.exists()


def test_without_a_key_no_signature_can_be_right(office: Office, settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert mailgun(a_mail()).status_code == 404


def test_parsed_fields_make_a_mail_too(office: Office) -> None:
    told = {
        "MessageID": "m-2",
        "FromFull": {"Name": "Vera", "Email": "v.real@home.test"},
        "ToFull": [{"Email": SUPPORT}],
        "Subject": "Lamp",
        "TextBody": "In parts: äöü",
        "Attachments": [{"ContentType": "text/plain", "Name": "n.txt", "Content": base64.b64encode(b"n").decode()}],
    }
    answer = post("postmark", json.dumps(told), content_type="application/json", **basic())
    assert answer.status_code == 200
    mail = worked_off()
    assert mail.recipient == SUPPORT
    assert said(of(mail)) == ["In parts: äöü"]
    assert files(of(mail)) == ["n.txt"]


def test_what_can_not_be_stored_is_an_error_and_comes_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_what: object) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr("tickets.webhook_receivers.keep", broken)
        assert postmark(a_mail()).status_code == 500
    assert postmark(a_mail()).status_code == 200
    assert IncomingMail.objects.count() == 1


def test_nothing_is_read_by_a_get(office: Office) -> None:
    assert Client().get("/mail/webhooks/postmark/", **basic()).status_code == 405  # type: ignore[arg-type]


async def test_whole_mails_pass_the_limit_of_bodies() -> None:
    assert await limit_for("/mail/webhooks/postmark/") == MAIL_BYTES
