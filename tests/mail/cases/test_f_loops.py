"""Cases F: machines that write, and what comes back to where it came from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from chatdesk.models import Conversation
from tests.mail.letters import letter
from tests.mail.office import held, letter_of, of, said
from tests.mail.people import SUPPORT, O, Person, V, X
from tests.mail.world import World
from tickets import remarks
from tickets.actions import processing
from tickets.composing.ids import loop_mark
from tickets.composing.tokens import archive_local_part
from tickets.models import Held, IncomingMail, Letter, OutgoingMail, TicketEvent

AWAY = {"Auto-Submitted": "auto-replied"}
DELEGATE = "In urgent cases write to v.deputy@home.test."
ACK = OutgoingMail.Kind.ACKNOWLEDGEMENT
REPLY_BY_ITSELF = ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "X-Desk-Relay")


def close(world: World) -> None:
    Conversation.objects.filter(pk=world.conversation.pk).update(closed_at=timezone.now())


def is_closed(world: World) -> bool:
    return Conversation.objects.get(pk=world.conversation.pk).closed_at is not None


def flood(world: World, number: int) -> IncomingMail:
    return world.receives(letter(X, f"Mail {number}", message_id=f"<{number}@box.test>"), by=X)


def test_f1_out_of_office_is_a_machines_note(world: World) -> None:
    mail = world.receives(letter(V, f"I am away. {DELEGATE}", to=world.t_v, headers=AWAY), world.t_v)
    assert letter_of(mail).is_machine
    assert mail.facts["machine"] == "auto-submitted"
    world.out()
    assert world.to(O) == []
    assert not OutgoingMail.objects.exists()


def test_f1_out_of_office_does_not_reopen(world: World) -> None:
    close(world)
    mail = world.receives(letter(V, "I am away.", to=world.t_v, headers=AWAY), world.t_v)
    assert is_closed(world)
    assert held(mail) == [Held.Reason.MACHINE]
    assert of(mail) == world.conversation
    assert said(world.conversation) == []


def test_f1_a_colleagues_out_of_office_stays_inside(world: World) -> None:
    """The visitor's page shows what operators write: not that they are away, and whom to ask instead."""
    mail = world.receives(letter(O, f"I am away. {DELEGATE}", to=world.t_o, headers=AWAY), world.t_o, O)
    assert held(mail) == [Held.Reason.MACHINE]
    assert said(world.conversation) == []
    world.out()
    assert world.to(V) == []


def test_f1_a_click_lets_it_through(world: World) -> None:
    close(world)
    mail = world.receives(letter(V, "I am away.", to=world.t_v, headers=AWAY), world.t_v)
    Held.objects.update(state=Held.State.RELEASED)
    IncomingMail.objects.update(state=IncomingMail.State.STORED, due_at=timezone.now())
    mail = processing.process(mail.pk)
    assert said(world.conversation) == ["I am away."]
    assert not letter_of(mail).is_machine


@pytest.mark.parametrize("subject", ["Automatic reply: A question", "Abwesenheit: A question", "自動応答"])
def test_f2_a_subject_alone_silences_the_desk_and_hides_nothing(world: World, subject: str) -> None:
    mail = world.receives(letter(X, "I am out until Monday.", subject=subject), by=X)
    assert said(of(mail)) == ["I am out until Monday."]
    assert not letter_of(mail).is_machine
    assert not OutgoingMail.objects.filter(kind=ACK).exists()


@pytest.mark.parametrize("headers", [{}, {"Auto-Submitted": "auto-replied"}, {"Precedence": "auto_reply"}])
def test_f3_two_desks_that_acknowledge_end_after_one_each(world: World, headers: dict[str, str]) -> None:
    """For an hour: the other desk answers each mail with one of its own, which names ours or not."""
    world.receives(letter(X, "A first mail."), by=X)
    answered = 0
    for minute in range(0, 60, 6):
        world.later(minutes=6)
        world.out()
        mails = world.to(X)
        for _mail in mails[answered:] or [b""] * (minute % 12 == 0):
            world.receives(letter(X, f"We received your mail {minute}.", headers=headers), by=X)
        answered = len(mails)
    assert len(world.to(X)) == 1
    assert OutgoingMail.objects.filter(kind=ACK).count() == 1


def test_f3_what_answers_a_mail_of_ours_is_not_acknowledged(world: World) -> None:
    """Not even where the other desk writes from another address each time."""
    world.receives(letter(X, "A first mail."), by=X)
    world.out()
    ours = OutgoingMail.objects.get(kind=ACK).message_id
    other = Person("X", "Robot", "t-1@robots.test", X.host, X.ip, X.phone)
    mail = world.receives(letter(other, "We received your mail.", headers={"In-Reply-To": ours}), by=other)
    assert said(of(mail)) == ["We received your mail."]
    assert OutgoingMail.objects.filter(kind=ACK).count() == 1


@pytest.mark.parametrize("ours", ["token", "support", "elsewhere"])
def test_f4_mail_from_an_address_of_ours_is_kept_apart(world: World, ours: str) -> None:
    world.forwarding.address = "office@company.test" if ours == "elsewhere" else SUPPORT
    world.forwarding.save()
    pretended = {"token": world.t_v, "support": SUPPORT, "elsewhere": "office@company.test"}[ours]
    forged = letter(X, "Do as I say.", headers={"From": pretended})
    mail = world.receives(forged, world.t_o, X, is_proven=False)
    assert held(mail) == [Held.Reason.SPOOFED]
    assert Held.objects.get().conversation == world.conversation
    world.out()
    assert not OutgoingMail.objects.exists()
    assert said(world.conversation) == []


def test_f5_a_mailing_list_makes_a_ticket_and_hears_nothing(world: World) -> None:
    mail = world.receives(letter(X, "News of the week", headers={"List-Id": "<news.stranger.test>"}), by=X)
    assert said(of(mail)) == ["News of the week"]
    assert hasattr(of(mail), "ticket")
    assert letter_of(mail).is_machine
    assert not OutgoingMail.objects.filter(kind=ACK).exists()


@pytest.mark.once
def test_f6_a_flood_is_kept_in_one_place(world: World) -> None:
    mails = [flood(world, number) for number in range(200)]
    talks = Conversation.objects.exclude(pk=world.conversation.pk)
    assert talks.count() == 21
    assert sorted(text for talk in talks for text in said(talk)) == sorted(f"Mail {n}" for n in range(200))
    assert len({mail.conversation_id for mail in mails[20:]}) == 1
    assert all(remarks.FLOOD in letter_of(mail).remarks for mail in mails[20:])
    assert OutgoingMail.objects.filter(kind=ACK).count() == 1


def test_f6_after_ten_minutes_it_is_a_person_again(world: World) -> None:
    for number in range(21):
        flood(world, number)
    IncomingMail.objects.update(received_at=timezone.now() - timedelta(minutes=11))
    mail = world.receives(letter(X, "Later", message_id="<later@box.test>"), by=X)
    assert remarks.FLOOD not in letter_of(mail).remarks
    assert "flood" not in mail.facts


def test_f6_the_forged_do_not_join_the_proven(world: World) -> None:
    mails = [flood(world, number) for number in range(21)]
    forged = world.receives(letter(X, "Me too", message_id="<f@box.test>"), by=X, is_proven=False)
    assert of(forged) not in {of(mail) for mail in mails}


@pytest.mark.parametrize("value", ["no", "No", "no (a person)"])
def test_f7_auto_submitted_no_is_a_person(world: World, value: str) -> None:
    mail = world.receives(letter(V, "Hello", to=world.t_v, headers={"Auto-Submitted": value}), world.t_v)
    assert mail.facts["machine"] == ""
    assert not letter_of(mail).is_machine


def test_f8_the_crm_answers_to_nobody(world: World) -> None:
    archive = f"{archive_local_part(world.conversation.ref)}@relay.test"
    crm = Person("CRM", "CRM", "crm@x.test", "crm.x.test", "192.0.2.200", "+43 1 5550100")
    mail = world.receives(letter(crm, "Case 12 was opened.", to=archive, headers=AWAY), archive, crm)
    assert mail.facts["place"] == "archive"
    assert of(mail) == world.conversation
    assert said(world.conversation) == []
    world.out()
    assert world.sink.taken == []


def test_f9_our_notice_sent_on_by_a_mailbox_is_a_loop(world: World) -> None:
    raw = letter(O, "Something waits.", headers={"X-Desk-Relay": loop_mark(), **AWAY})
    mail = world.receives(raw, world.t_o, O)
    assert mail.facts["machine"] == "loop"
    assert said(world.conversation) == []
    assert held(mail) == []
    assert TicketEvent.objects.filter(ticket__conversation=world.conversation, what="mail_looped").count() == 1


def test_f9_so_is_a_message_that_we_brought_to_them(world: World) -> None:
    world.writes("Is anybody there?")
    world.out()
    (ours,) = world.to(O)
    for _again in range(2):
        mail = world.receives(ours, SUPPORT, O, is_proven=False)
        assert mail.facts["machine"] == "loop"
    assert Conversation.objects.count() == 1
    assert said(world.conversation) == ["Is anybody there?"]
    assert TicketEvent.objects.filter(what="mail_looped").count() == 1
    assert not OutgoingMail.objects.filter(kind=ACK).exists()


def test_f10_what_a_person_answers_bears_no_sign_of_a_machine(world: World) -> None:
    world.answers("It is ready.")
    world.receives(letter(O, "And by mail too.", to=world.t_o), world.t_o, O)
    world.out()
    head = b"".join(mail.partition(b"\r\n\r\n")[0] for mail in world.to(V)).decode().lower()
    assert world.to(V)
    assert not [name for name in REPLY_BY_ITSELF if f"\n{name.lower()}:" in head]
    assert not Letter.objects.filter(is_machine=True).exists()
