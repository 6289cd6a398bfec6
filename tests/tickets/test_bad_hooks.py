"""What comes to the doors of mail providers that no provider sends: refused, kept by nobody, and no error of ours."""

from __future__ import annotations

import json

import pytest

from tests.mail.office import SUPPORT, Office, a_mail
from tests.tickets.test_hand_on import SECRET, basic, office, post, postmark, worked_off
from tickets.models import IncomingMail
from tickets.views.webhooks import PROVIDERS

__all__ = ["office"]  # the fixture of the desk that gets mail

FORM = "multipart/form-data; boundary=b"
BODIES = [
    ("", "application/json"),
    ("{", "application/json"),
    ("[]", "application/json"),
    ("null", "application/json"),
    ('{"MessageID": null}', "application/json"),
    ("[" * 5000, "application/json"),
    ("--b\r\n", FORM),
    ("--b\r\n\r\nx\r\n--b--", FORM),
    ('--b\r\nContent-Disposition: form-data; name="a\x00"\r\n\r\n\x00\r\n--b--', FORM),
    ("x", "multipart/form-data"),
    ("a=%00&b=%ff", "application/x-www-form-urlencoded"),
]


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
@pytest.mark.parametrize(("body", "kind"), BODIES)
def test_without_the_secret_nothing_is_read_of_it(office: Office, provider: str, body: str, kind: str) -> None:
    assert post(provider, body, content_type=kind).status_code == 400
    assert post(provider, body, content_type=kind, **basic("mail:guess")).status_code == 400
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !!!", "Bearer x", "Basic bWFpbA==", f"Basic {SECRET}", "x" * 5000]
)
def test_a_secret_that_can_not_be_read_is_none(office: Office, header: str) -> None:
    told = json.dumps({"MessageID": "1", "OriginalRecipient": SUPPORT, "RawEmail": "From: a@b.test\r\n\r\nx"})
    assert post("postmark", told, content_type="application/json", HTTP_AUTHORIZATION=header).status_code == 400
    assert not IncomingMail.objects.exists()


@pytest.mark.parametrize("provider", ["", "nobody", "postmark%00", "POSTMARK", "postmark/tracking", "..", "a" * 300])
def test_no_other_provider_has_a_door(office: Office, provider: str) -> None:
    assert post(provider, "{}", content_type="application/json", **basic()).status_code == 404


@pytest.mark.parametrize(
    "recipient", ["nobody@relay.test", "support@else.test", "", "not an address", "\x00@relay.test"]
)
def test_a_mail_for_nobody_here_is_no_conversation(office: Office, recipient: str) -> None:
    answer = postmark(a_mail(), to=recipient)
    assert answer.status_code < 500
    assert not IncomingMail.objects.filter(conversation__isnull=False).exists()


@pytest.mark.parametrize("text", ["مرحبا، المصباح لا يعمل", "ランプがつきません", "שלום 🙂", "a\u202eb"])
def test_words_of_any_alphabet_come_through(office: Office, text: str) -> None:
    assert postmark(a_mail(text=text, proven=True)).status_code == 200
    mail = worked_off()
    assert mail.conversation is not None
    entry = mail.conversation.entries.filter(kind="message").get()
    assert entry.body.strip() == text
