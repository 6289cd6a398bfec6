"""Transcripts by mail: at the end to the owner's log or CRM, and to a visitor at a proven address alone (X-08)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy

from chatdesk.actions.conversations import close_by_visitor
from chatdesk.actions.erasing import erase
from chatdesk.actions.reopening import reopen
from chatdesk.permissions import VISITOR_COOKIE
from chatdesk.protocol import Refused
from tests.factories import make_group
from tests.mail.people import V, X
from tests.mail.sent import files_of, parsed, rows, said, states
from tests.mail.world import World
from tests.transcripts.pdf.stories import read
from tickets.actions import correspondents, outbox, pickup
from tickets.actions.outbox import queue_due
from tickets.models import Correspondent, MailSettings, OutgoingMail
from tickets.views.returning import tries
from transcripts.actions import checkcodes
from transcripts.models import Form, TranscriptRule

CRM = "inbox@crm.test"
Kind, State = OutgoingMail.Kind, OutgoingMail.State
ON = gettext_lazy("It goes on.")


@pytest.fixture(autouse=True)
def unhurried() -> None:
    for paces in (tries.openings, tries.codes, tries.copies):
        paces.clear()


def rule(**facts: object) -> TranscriptRule:
    known = {"name": "CRM", "address": CRM, "since": timezone.now() - timedelta(hours=1)}
    return TranscriptRule.objects.create(**known | facts)


def ends(world: World) -> None:
    close_by_visitor(world.conversation.pk)
    world.conversation.refresh_from_db()


def prove(world: World) -> Correspondent:
    Correspondent.objects.filter(pk=world.to_v.pk).update(is_proven=True)
    world.to_v.refresh_from_db()
    return world.to_v


def browser(world: World) -> Client:
    client = Client()
    client.cookies[VISITOR_COOKIE] = world.guest.token
    return client


def door(world: World) -> str:
    return f"/return/conversations/{world.conversation.ref}/mail/"


# --- by rule, at the end ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(Form))
def test_at_the_end_each_form_goes_to_the_owner_s_address(world: World, form: Form) -> None:
    rule(form=form)
    world.writes("Is it in stock?")
    ends(world)
    world.out()
    (mail,) = world.sink.to(CRM)
    [(name, data)] = files_of(mail.raw).items()
    assert name.startswith(f"chat-{world.conversation.mark}")
    if form == Form.PDF:
        assert "Is it in stock?" in read(data).pages[0].extract_text()
    else:
        assert b"Is it in stock?" in data
    assert V.address.encode() not in data
    assert checkcodes.code(world.conversation.ref) in said(mail.raw)
    assert states(Kind.TRANSCRIPT) == [State.SENT]
    assert parsed(mail.raw)["Auto-Submitted"] == "auto-generated"


def test_nothing_before_the_end_and_once_for_each_end(world: World) -> None:
    rule()
    world.writes("Is it in stock?")
    queue_due()
    assert rows(Kind.TRANSCRIPT) == []
    ends(world)
    for _again in range(3):
        queue_due()
    assert len(rows(Kind.TRANSCRIPT)) == 1
    reopen(world.conversation, ON)
    world.writes("One more thing")
    world.later(seconds=5)
    ends(world)
    for _again in range(3):
        queue_due()
    assert len(rows(Kind.TRANSCRIPT)) == 2


def test_a_rule_is_for_its_groups_and_from_its_beginning_on(world: World) -> None:
    other = rule(name="Other")
    other.groups.add(make_group("elsewhere"))
    rule(name="Later", since=timezone.now() + timedelta(hours=1))
    rule(name="Off", is_active=False)
    rule(name="Here").groups.add(world.group)
    ends(world)
    queue_due()
    [row] = rows(Kind.TRANSCRIPT)
    assert row.copy_for == f"rule{TranscriptRule.objects.get(name='Here').pk}"


def test_what_its_visitor_deleted_is_not_mailed(world: World) -> None:
    rule()
    ends(world)
    queue_due()
    erase(world.conversation)
    world.out()
    assert world.sink.to(CRM) == []
    assert states(Kind.TRANSCRIPT) == [State.CANCELLED]
    queue_due()
    assert len(rows(Kind.TRANSCRIPT)) == 1


def test_a_server_that_refuses_is_told_of_honestly(world: World) -> None:
    rule()
    ends(world)
    world.sink.refuse("rcpt", "550 5.1.1 nobody here", CRM)
    world.out()
    [row] = rows(Kind.TRANSCRIPT)
    assert (row.state, row.code) == (State.FAILED, 550)
    assert "does not exist" in row.reason
    assert CRM not in row.reason


# --- to the visitor --------------------------------------------------------------------------------------------------


def test_an_address_that_nobody_proved_gets_nothing(world: World) -> None:
    """X-08."""
    with pytest.raises(Refused, match="not proven"):
        outbox.mail_transcript(world.to_v, Form.PDF)
    assert rows(Kind.TRANSCRIPT) == []


def test_a_code_to_the_address_proves_it_and_then_the_transcript_goes(world: World) -> None:
    world.writes("Is it in stock?")
    client = browser(world)
    page = client.post(door(world), {"form": "pdf"}).content.decode()
    assert "We have sent a code" in page
    assert V.address not in page
    world.out()
    (mail,) = world.to(V)
    found = re.search(r"^(\d{6})\r?$", said(mail), re.MULTILINE)
    assert found is not None
    wrong = "000000" if found[1] != "000000" else "111111"
    assert client.post(door(world), {"form": "pdf", "code": wrong}).status_code == 403
    assert rows(Kind.TRANSCRIPT) == []
    page = client.post(door(world), {"form": "pdf", "code": found[1]}).content.decode()
    assert "It is on its way" in page
    world.out()
    mail = world.to(V)[-1]
    [(name, data)] = files_of(mail).items()
    assert name.endswith(".pdf")
    assert "Is it in stock?" in read(data).pages[0].extract_text()


def test_who_proved_once_is_not_asked_again_and_another_address_has_to_be_proven(world: World) -> None:
    prove(world)
    assert "It is on its way" in browser(world).post(door(world), {"form": "text"}).content.decode()
    pickup.living_box(world.conversation)
    row = pickup.box_of(world.conversation).row
    pickup.send_code(row)
    code = pickup.code_of(world.conversation)
    moved = correspondents.of_visitor(world.conversation, X.address)
    assert not moved.is_proven
    assert not pickup.check_code(row, code)  # it went to the other mailbox
    moved.refresh_from_db()
    assert not moved.is_proven


def test_a_thousand_requests_are_three_mails(world: World) -> None:
    """X-08: nobody is made to get mail by the hundred."""
    to = prove(world)
    for _each in range(3):
        outbox.mail_transcript(to, Form.TEXT)
    for _each in range(20):
        with pytest.raises(Refused, match="Too much"):
            outbox.mail_transcript(to, Form.TEXT)
    assert len(rows(Kind.TRANSCRIPT)) == 3
    world.later(hours=2)
    outbox.mail_transcript(to, Form.TEXT)
    assert len(rows(Kind.TRANSCRIPT)) == 4


def test_operators_and_strangers_have_no_door(world: World) -> None:
    prove(world)
    stranger = Client()
    assert stranger.post(door(world), {"form": "pdf"}).status_code == 404
    stranger.force_login(world.operator)
    assert stranger.post(door(world), {"form": "pdf"}).status_code == 404
    assert stranger.get(door(world)).status_code == 405
    assert rows(Kind.TRANSCRIPT) == []


def test_one_that_bounced_gets_no_more(world: World) -> None:
    to = prove(world)
    to.hard_bounces = 2
    with pytest.raises(Refused):
        outbox.mail_transcript(to, Form.PDF)


def test_one_too_large_to_mail_is_told_where_it_is(world: World) -> None:
    to = prove(world)
    MailSettings.objects.update(attach_limit_mb=0)
    outbox.mail_transcript(to, Form.PDF)
    world.out()
    (mail,) = world.to(V)
    assert files_of(mail) == {}
    assert "/return/" in said(mail)


def test_without_an_address_saving_is_offered(world: World) -> None:
    Correspondent.objects.filter(pk=world.to_v.pk).update(sealed_address="")
    page = browser(world).post(door(world), {"form": "pdf"})
    assert page.status_code == 422
    assert "save the conversation instead" in page.content.decode()
