"""K3, K5: silent copies for the owner are mails of their own, and their trouble is nobody else's."""

from __future__ import annotations

import pytest

from accounts.sealing import unseal
from tests.factories import make_outsider
from tests.mail.letters import letter
from tests.mail.people import RELAY, O, V
from tests.mail.sent import files_of, parsed, rows, said
from tests.mail.world import World
from tickets.actions.copies import troubles
from tickets.actions.outbox import queue_due
from tickets.checking import check_mail
from tickets.composing.tokens import archived_conversation
from tickets.models import MailPolicy, OutgoingMail
from tickets.views.copies import render_alarm

ARCHIVE, CRM = "log@owner-archive.test", "inbox@crm.test"
Kind, State = OutgoingMail.Kind, OutgoingMail.State


@pytest.fixture
def copied(world: World) -> World:
    MailPolicy.objects.create(group=world.group, archive_address=ARCHIVE, crm_address=CRM)
    return world


def leave(world: World) -> None:
    """Copies wait until nothing more is being written."""
    world.later(seconds=20)
    world.out()


def test_k3_each_copy_is_a_mail_of_its_own(copied: World) -> None:
    copied.receives(letter(V, "Is it in stock?"), to=copied.t_v)
    copied.answers("It is.")
    leave(copied)
    for address in (ARCHIVE, CRM):
        (mail,) = copied.sink.to(address)
        assert parsed(mail.raw)["Bcc"] is None
        assert [each.addr_spec for each in parsed(mail.raw)["To"].addresses] == [address]
        assert "Is it in stock?" in said(mail.raw)
        assert "It is." in said(mail.raw)
    senders = [mail.sender for mail in copied.sink.taken]
    assert len(senders) == len(set(senders)) == 4


def test_k3_nobody_in_the_conversation_learns_of_them(copied: World) -> None:
    copied.receives(letter(V, "Is it in stock?"), to=copied.t_v)
    copied.answers("It is.")
    leave(copied)
    for raw in (*copied.to(V), *copied.to(O)):
        for secret in (b"archive", b"crm", b"owner-archive.test"):
            assert secret not in raw.lower()


def test_k3_an_answer_to_a_copy_goes_to_the_record(copied: World) -> None:
    copied.answers("Hello")
    leave(copied)
    (mail,) = copied.sink.to(CRM)
    address = parsed(mail.raw)["From"].addresses[0].addr_spec
    assert address.endswith(f"@{RELAY}")
    assert archived_conversation(address.partition("@")[0]) == copied.conversation.ref
    assert parsed(mail.raw)["Auto-Submitted"] == "auto-generated"


def test_k3_each_word_is_copied_once(copied: World) -> None:
    copied.answers("First")
    leave(copied)
    leave(copied)
    copied.answers("Second")
    leave(copied)
    texts = [said(mail.raw) for mail in copied.sink.to(ARCHIVE)]
    assert [text.count("First") for text in texts] == [1, 0]
    assert [text.count("Second") for text in texts] == [0, 1]


def test_k3_files_are_copied_too(copied: World) -> None:
    copied.writes("Here it is", files=[("list.txt", "text/plain", b"one\ntwo\n")])
    leave(copied)
    (mail,) = copied.sink.to(ARCHIVE)
    assert files_of(mail.raw) == {"list.txt": b"one\ntwo\n"}


def test_k3_without_addresses_nothing_is_copied(world: World) -> None:
    MailPolicy.objects.create(group=world.group)
    world.answers("Hello")
    leave(world)
    assert rows(Kind.COPY) == []


def test_k4_a_masked_copy_names_nobody(copied: World) -> None:
    copied.receives(letter(V, f"Write to {V.address}"), to=copied.t_v)
    leave(copied)
    (mail,) = copied.sink.to(CRM)
    assert V.address.encode() not in mail.raw
    assert "Write to" in said(mail.raw)


def test_k4_a_real_copy_names_both_if_the_admin_set_it_so(copied: World) -> None:
    MailPolicy.objects.update(crm_unmasked=True)
    for owner in ("V", "O"):
        copied.may_see(CRM, owner)
    copied.receives(letter(V, f"Write to {V.address}"), to=copied.t_v)
    leave(copied)
    (crm,) = copied.sink.to(CRM)
    assert said(crm.raw).count(V.address) == 2  # who it is, and what was written
    assert O.address in said(crm.raw)
    (archive,) = copied.sink.to(ARCHIVE)
    assert V.address.encode() not in archive.raw


def test_k5_a_crm_that_refuses_for_a_week_hurts_nobody_else(copied: World) -> None:
    copied.sink.refuse("rcpt", f"550 5.1.1 <{CRM}> unknown", recipient=CRM)
    for number in range(7):
        copied.receives(letter(V, f"Question {number}"), to=copied.t_v)
        copied.answers(f"Answer {number}")
        copied.later(hours=20)
        copied.out()
    assert len(copied.to(V)) == len(copied.to(O)) == 7
    assert len(copied.sink.to(ARCHIVE)) == 7
    failed = [row for row in rows(Kind.COPY) if row.copy_for == "crm"]
    assert {row.state for row in failed} == {State.FAILED}
    assert all(CRM not in row.reason and CRM in unseal(row.facts["sealed_words"]) for row in failed)


def test_k5_who_may_see_contacts_is_told(copied: World) -> None:
    copied.sink.refuse("rcpt", "550 5.1.1 unknown", recipient=CRM)
    for number in range(3):
        assert troubles(copied.supervisor) == []
        copied.answers(f"Answer {number}")
        leave(copied)
    (trouble,) = troubles(copied.supervisor)
    assert (trouble.group, trouble.purpose, trouble.count) == ("Support", "crm", 3)
    assert troubles(make_outsider()) == troubles(copied.operator) == []
    shown = render_alarm({"user": copied.supervisor})
    assert "Support, copies to the CRM" in shown
    assert "3 lost since" in shown
    assert CRM not in shown
    assert render_alarm({"user": copied.operator}) == render_alarm({"user": make_outsider("else")}) == ""
    assert [finding for finding in check_mail(lambda name, kind: []) if "CRM" in finding.about]


def test_k5_a_copy_that_arrives_ends_the_alarm(copied: World) -> None:
    copied.sink.refuse("rcpt", "550 5.1.1 unknown", recipient=CRM, times=3)
    for number in range(4):
        copied.answers(f"Answer {number}")
        leave(copied)
    assert troubles(copied.supervisor) == []
    assert render_alarm({"user": copied.supervisor}) == ""


def test_two_sweeps_at_once_copy_once(copied: World) -> None:
    copied.answers("Once")
    copied.later(seconds=20)
    queue_due()
    queue_due()
    assert len(rows(Kind.COPY)) == 2
