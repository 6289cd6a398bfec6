"""Forms of the settings for mail that are filled in wrongly: said beside the field, and nothing is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from tests.accounts.adminforms import post
from tests.accounts.people import signed_in
from tests.factories import Cast, make_admin, make_compliance, make_supervisor
from tickets.forms.own_mail import OwnServerForm
from tickets.models import (
    ForwardingAddress,
    ImapAccount,
    MailPolicy,
    MailSettings,
    MailTemplate,
    OutgoingMail,
    SmtpAccount,
    Tag,
)

SETTINGS = "/admin/tickets/mailsettings/1/change/"
ADD = "/admin/tickets/{}/add/"
SERVER = {"host": "smtp.example", "port": "587", "security": "starttls", "username": "alice", "is_active": "on"}


@pytest.fixture
def ada(db: None, client: Client) -> Client:
    MailSettings.load()
    client.force_login(make_admin())
    return client


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size_limit_mb", 0),
        ("size_limit_mb", 201),
        ("attach_limit_mb", -1),
        ("attach_limit_mb", 101),
        ("undo_seconds", 121),
        ("reading_seconds", 3601),
        ("return_days", 0),
        ("return_days", 366),
        ("return_days", "soon"),
        ("recorded_text", "x" * 301),
        ("relay_domain", "x" * 201),
        ("relay_domain", "mail.exa\x00mple"),
    ],
)
def test_a_setting_out_of_its_bounds_is_not_kept(ada: Client, field: str, value: Any) -> None:
    before = MailSettings.objects.values().get()
    answer = post(ada, SETTINGS, **{field: value})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() == {field}
    assert MailSettings.objects.values().get() == before
    assert not AuditEntry.objects.filter(action__contains="mailsettings").exists()


@pytest.mark.parametrize(
    ("model", "facts", "field"),
    [
        ("forwardingaddress", {"address": "no address"}, "address"),
        ("forwardingaddress", {"address": "a@b.test\r\nBcc: x@y.test"}, "address"),
        ("mailpolicy", {"archive_address": "log"}, "archive_address"),
        ("mailpolicy", {"crm_address": "a@b.test, c@d.test"}, "crm_address"),
        ("mailpolicy", {"who_sees": "everybody"}, "who_sees"),
        ("smtpaccount", {"host": "", "port": 25}, "host"),
        ("smtpaccount", {"host": "a.test", "port": 0}, "port"),
        ("smtpaccount", {"host": "a.test", "port": 65536}, "port"),
        ("smtpaccount", {"host": "a.test", "port": 25, "security": "rot13"}, "security"),
        ("imapaccount", {"address": "x", "host": "a.test"}, "address"),
        ("mailtemplate", {"kind": "spam", "subject": "x", "body": "y"}, "kind"),
        ("mailtemplate", {"kind": "ack", "subject": "{a}", "body": "{text}"}, "subject"),
        ("mailtemplate", {"kind": "ack", "subject": "x", "body": "{text} {b.c}", "language": "xx"}, "language"),
        ("tag", {"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(ada: Client, model: str, facts: dict[str, Any], field: str) -> None:
    answer = post(ada, ADD.format(model), **facts)
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    rows = (ForwardingAddress, MailPolicy, SmtpAccount, ImapAccount, MailTemplate, Tag)
    assert not any(each._default_manager.exists() for each in rows)


def test_an_address_is_in_one_place_alone(ada: Client, cast: Cast) -> None:
    ForwardingAddress.objects.create(address="sales@mail.example", group=cast.sales)
    answer = post(ada, ADD.format("forwardingaddress"), address="sales@mail.example", group=cast.support.pk)
    assert "address" in answer.context["adminform"].form.errors
    assert ForwardingAddress.objects.get().group == cast.sales


@pytest.mark.parametrize(
    "query", ["kind=spam", "kind=ack&language=xx", "language=../../x", "kind=", "group=x", "kind=ack&language=ar"]
)
def test_a_new_template_opens_whatever_the_address_asks_for(ada: Client, query: str) -> None:
    page = ada.get(f"{ADD.format('mailtemplate')}?{query}")
    assert page.status_code == 200
    assert "Traceback" not in page.content.decode()


def test_two_templates_for_the_same_do_not_stand_beside_each_other(ada: Client) -> None:
    facts = {"kind": "ack", "language": "en", "subject": "x", "body": "y"}
    assert post(ada, ADD.format("mailtemplate"), **facts).status_code == 302
    assert post(ada, ADD.format("mailtemplate"), **facts).status_code == 200
    assert MailTemplate.objects.count() == 1


def test_a_trial_of_a_template_that_is_wrong_mails_nothing(ada: Client) -> None:
    row = MailTemplate.objects.create(kind="ack", language="en", subject="x", body="y")
    answer = post(ada, f"/admin/tickets/mailtemplate/{row.pk}/change/", _send_trial="1", body="{secret}")
    assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.body, OutgoingMail.objects.exists()) == ("y", False)


def test_a_key_is_not_made_from_a_page_that_is_wrong(ada: Client) -> None:
    assert post(ada, SETTINGS, _make_key="1", return_days=0).status_code == 200
    assert MailSettings.objects.get().dkim_key == ""


@pytest.mark.parametrize("person", ["operator", "supervisor", "compliance", "nobody"])
def test_others_set_nothing_up(cast: Cast, person: str) -> None:
    MailSettings.load()
    people = {"operator": lambda: cast.alice, "supervisor": make_supervisor, "compliance": make_compliance}
    client = signed_in(people[person]()) if person in people else Client()
    for path in (SETTINGS, "/admin/tickets/mailsettings/check/", ADD.format("smtpaccount"), ADD.format("mailpolicy")):
        for answer in (client.get(path), client.post(path, {"relay_domain": "evil.example", "_make_key": "1"})):
            assert answer.status_code in (302, 403, 404), path
    assert MailSettings.objects.get().relay_domain == ""
    assert not OutgoingMail.objects.exists()


# --- a person's own server -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("port", ["22", "80", "6379", "5432", "0", "-25", "65537", "25x", "٢٥x", ""])
def test_a_person_s_server_knocks_at_no_other_port(db: None, port: str) -> None:
    form = OwnServerForm({**SERVER, "port": port})
    assert not form.is_valid()
    assert "port" in form.errors


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"security": "none", "new_password": "open"}, "security"),
        ({"security": "x"}, "security"),
        ({"host": ""}, "host"),
        ({"host": "a\x00b"}, "host"),
        ({"new_password": "x" * 501}, "new_password"),
    ],
)
def test_what_is_wrong_with_it_is_said(db: None, facts: dict[str, str], field: str) -> None:
    form = OwnServerForm({**SERVER, **facts})
    assert not form.is_valid()
    assert field in form.errors


def test_a_password_is_kept_with_its_spaces(db: None) -> None:
    form = OwnServerForm({**SERVER, "new_password": "  pass word  "})
    assert form.is_valid(), form.errors
    form.save(commit=False)
    assert form.instance.password == "  pass word  "
