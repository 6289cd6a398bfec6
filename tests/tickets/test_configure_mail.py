"""An admin sets up mail: servers whose passwords nobody reads, a key, templates, and a page that tries everything."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from accounts.sealing import unseal
from tests.accounts.adminforms import post, save
from tests.factories import Cast, make_admin
from tickets.actions.drafting import wording
from tickets.composing.signing import dns_record
from tickets.models import (
    ForwardingAddress,
    ImapAccount,
    MailPolicy,
    MailSettings,
    MailTemplate,
    OutgoingMail,
    Security,
    SmtpAccount,
)

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/tickets/mailsettings/1/change/"
CHECK = "/admin/tickets/mailsettings/check/"
ADD = "/admin/tickets/{}/add/"


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_admin())
    return client


def settle(**facts: Any) -> MailSettings:
    own = MailSettings.load()
    for name, value in facts.items():
        setattr(own, name, value)
    own.save()
    return own


def make_server(**facts: Any) -> SmtpAccount:
    server = SmtpAccount(**{"host": "127.0.0.1", "port": 1, "username": "desk", "security": Security.NONE, **facts})
    server.password = "the old one"
    server.save()
    return server


def messages(client: Client, path: str) -> str:
    return client.get(path).content.decode()


# --- servers ---------------------------------------------------------------------------------------------------------


def test_a_password_is_kept_sealed_and_never_shown(ada: Client) -> None:
    facts = {"host": "smtp.example", "port": 587, "security": "starttls", "username": "desk", "is_active": True}
    save(ada, ADD.format("smtpaccount"), **facts, new_password="open sesame")
    server = SmtpAccount.objects.get()
    assert server.password == "open sesame"
    assert "open sesame" not in server.sealed
    assert "open sesame" not in messages(ada, f"/admin/tickets/smtpaccount/{server.pk}/change/")
    assert server.sealed not in messages(ada, f"/admin/tickets/smtpaccount/{server.pk}/change/")


def test_an_empty_password_keeps_the_old_one(ada: Client) -> None:
    server = make_server()
    save(ada, f"/admin/tickets/smtpaccount/{server.pk}/change/", is_active=False)
    server.refresh_from_db()
    assert not server.is_active
    assert server.password == "the old one"


@pytest.mark.parametrize(("name", "value"), [("host", "evil.example"), ("port", 26), ("username", "x")])
def test_a_password_does_not_go_elsewhere_by_itself(ada: Client, name: str, value: Any) -> None:
    server = make_server()
    answer = post(ada, f"/admin/tickets/smtpaccount/{server.pk}/change/", **{name: value})
    assert answer.status_code == 200
    assert "Type the password again" in answer.content.decode()
    server.refresh_from_db()
    assert server.host == "127.0.0.1"


def test_the_audit_log_knows_of_it_without_the_password(ada: Client) -> None:
    server = make_server()
    path = f"/admin/tickets/smtpaccount/{server.pk}/change/"
    save(ada, path, host="127.0.0.2", new_password="a new one")
    told = " ".join(f"{row.before} {row.after}" for row in AuditEntry.objects.all())
    assert "127.0.0.2" in told
    assert "a new one" not in told
    server.refresh_from_db()
    assert server.sealed not in told


@pytest.mark.parametrize("kind", ["smtpaccount", "imapaccount"])
def test_servers_are_tried_from_the_list(ada: Client, kind: str) -> None:
    if kind == "smtpaccount":
        number = make_server().pk
    else:
        mailbox = ImapAccount(host="127.0.0.1", port=1, security=Security.NONE, address="box@mail.example")
        mailbox.save()
        number = mailbox.pk
    chosen = {"action": "try_out", "_selected_action": [number]}
    answer = ada.post(f"/admin/tickets/{kind}/", chosen, follow=True)
    assert "127.0.0.1" in answer.content.decode()
    assert any(message.level_tag == "error" for message in answer.context["messages"])


# --- the desk's own settings -----------------------------------------------------------------------------------------


def test_the_list_leads_to_the_one_row(ada: Client) -> None:
    assert ada.get("/admin/tickets/mailsettings/")["Location"] == SETTINGS
    assert ada.get("/admin/tickets/mailsettings/add/").status_code == 403
    assert ada.get("/admin/tickets/mailsettings/1/delete/").status_code == 403


def test_a_key_is_made_sealed_and_its_record_shown(ada: Client) -> None:
    settle(relay_domain="mail.example")
    post(ada, SETTINGS, _make_key="1", undo_seconds=20)
    own = MailSettings.load()
    assert own.undo_seconds == 20, "what was typed beside the button is kept"
    key = unseal(own.dkim_key)
    page = messages(ada, SETTINGS)
    assert dns_record(key) in page
    assert "desk._domainkey.mail.example" in page
    assert "PRIVATE" not in page
    assert AuditEntry.objects.filter(action="mail.key").count() == 1


def test_a_second_key_takes_the_place_of_the_first(ada: Client) -> None:
    settle(relay_domain="mail.example", dkim_selector="mine")
    post(ada, SETTINGS, _make_key="1")
    first = MailSettings.load().dkim_key
    post(ada, SETTINGS, _make_key="1")
    own = MailSettings.load()
    assert own.dkim_selector == "mine"
    assert unseal(own.dkim_key) != unseal(first)


def test_everything_is_tried_on_one_page(ada: Client) -> None:
    settle(relay_domain="")
    assert "No relay domain is set" in messages(ada, CHECK)
    answer = ada.post(CHECK, follow=True)
    assert "Set the relay domain first" in answer.content.decode()
    assert not OutgoingMail.objects.exists()


def test_the_self_test_begins_with_a_button(ada: Client) -> None:
    settle(relay_domain="mail.example")
    ada.post(CHECK)
    assert OutgoingMail.objects.get().kind == OutgoingMail.Kind.TEST


# --- addresses and rules ---------------------------------------------------------------------------------------------


def test_an_address_and_its_rules_are_set(ada: Client, cast: Cast) -> None:
    save(ada, ADD.format("forwardingaddress"), address="sales@mail.example", group=cast.sales.pk)
    save(ada, ADD.format("mailpolicy"), group=cast.sales.pk, who_sees="none", allowed_addresses="@desk.example")
    assert ForwardingAddress.objects.get().group == cast.sales
    policy = MailPolicy.objects.get()
    assert policy.who_sees == "none"
    assert policy.allowed() == {"@desk.example"}


# --- templates -------------------------------------------------------------------------------------------------------


def test_a_new_template_begins_with_the_usual_words(ada: Client) -> None:
    page = ada.get(ADD.format("mailtemplate") + "?kind=ack").context["adminform"].form
    assert page["body"].value() == wording.usual("ack", "en").body


def test_a_template_that_asks_for_the_unknown_is_refused(ada: Client) -> None:
    answer = post(ada, ADD.format("mailtemplate"), subject="Hello {secret}", body="x {team.name}")
    assert "Nothing is known as {secret}" in answer.content.decode()
    assert not MailTemplate.objects.exists()


def test_html_without_a_place_for_the_words_is_refused(ada: Client) -> None:
    answer = post(ada, ADD.format("mailtemplate"), subject="Hello", body="{text}", html="<p>No words</p>")
    assert "The HTML needs {text}" in answer.content.decode()


def test_a_template_is_shown_filled_and_sent_to_its_writer(ada: Client) -> None:
    settle(relay_domain="mail.example", is_sending=True)
    save(ada, ADD.format("mailtemplate"), kind="ack", language="en", subject="For {name}", body="{team} has it")
    template = MailTemplate.objects.get()
    path = f"/admin/tickets/mailtemplate/{template.pk}/change/"
    assert "Sales has it" in messages(ada, path)
    post(ada, path, _send_trial="1", body="{team} <b>has</b> it now")
    mail = OutgoingMail.objects.get()
    assert unseal(mail.sealed_recipient) == "ada@desk.example"
    assert mail.facts["trial"]["body"] == "{team} <b>has</b> it now"
    assert "&lt;b&gt;" in messages(ada, path), "a preview runs nothing"


def test_without_a_relay_domain_nothing_is_sent(ada: Client) -> None:
    save(ada, ADD.format("mailtemplate"), kind="ack", language="en", subject="x", body="y")
    template = MailTemplate.objects.get()
    answer = ada.post(
        f"/admin/tickets/mailtemplate/{template.pk}/change/",
        {"kind": "ack", "language": "en", "subject": "x", "body": "y", "html": "", "group": "", "_send_trial": "1"},
        follow=True,
    )
    assert "Set the relay domain" in answer.content.decode()
    assert not OutgoingMail.objects.exists()
