"""Cases G: what comes back, to which mail it belongs, and who hears of it."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.sealing import unseal
from chatdesk.models import Conversation
from tests.mail.letters import letter
from tests.mail.office import held, letter_of, of, said
from tests.mail.oracle import address
from tests.mail.people import SUPPORT, O, V, X
from tests.mail.returns import AWAY, REPORTS, WITHOUT_WORDS, kind_of, returned
from tests.mail.world import World
from tickets.composing.verp import new_verp
from tickets.models import Correspondent, Held, IncomingMail, OutgoingMail, TicketEvent

State = OutgoingMail.State
STATES = {
    "hard": State.BOUNCED,
    "soft": State.BOUNCED,
    "delayed": State.SENT,
    "delivered": State.DELIVERED,
    "relayed": State.SENT,
}


def sent(world: World, text: str = "It is ready.") -> OutgoingMail:
    """A mail that V's server has taken."""
    world.answers(text)
    world.out()
    mail = OutgoingMail.objects.filter(to=world.to_v).order_by("-pk")[0]
    assert mail.state == State.SENT
    return mail


def comes_back(world: World, name: str, mail: OutgoingMail, to: str = "") -> IncomingMail:
    raw = returned(name, message_id=mail.message_id, to=to or mail.verp)
    return world.receives(raw, to or mail.verp, sender="", is_proven=False)


def wants_mail(world: World) -> bool:
    return Correspondent.objects.get(pk=world.to_v.pk).wants_mail


def test_g1_refused_at_rcpt(world: World) -> None:
    world.sink.refuse("rcpt", f"550 5.1.1 <{V.address}> no such mailbox", V.address)
    world.answers("It is ready.")
    world.out()
    mail = OutgoingMail.objects.get(to=world.to_v)
    assert (mail.state, mail.code) == (State.FAILED, 550)
    assert "does not exist" in mail.reason
    assert world.leaks_in_text(mail.reason, "O") == []
    assert said(world.conversation) == ["It is ready."]


@pytest.mark.parametrize("name", ["hard-postfix-unknown", "hard-opensmtpd-mixed", "soft-postfix-full"])
def test_g2_a_report_to_the_return_path(world: World, name: str) -> None:
    mail = sent(world)
    back = comes_back(world, name, mail)
    mail.refresh_from_db()
    assert (mail.state, back.facts["bounce"]) == (State.BOUNCED, kind_of(name))
    assert back.facts["bounce_of"] == mail.message_id
    assert of(back) == world.conversation
    assert said(world.conversation) == ["It is ready."]


def test_g3_an_empty_status_part(world: World) -> None:
    mail = sent(world)
    comes_back(world, "hard-gmail-empty-status", mail)
    mail.refresh_from_db()
    assert (mail.state, mail.code) == (State.BOUNCED, 550)


@pytest.mark.parametrize("name", ["hard-postfix-unknown", "hard-qmail", "hard-exchange-html", "hard-lotus-domino"])
def test_g4_nobody_gets_a_report_with_the_others_address(world: World, name: str) -> None:
    mail = sent(world)
    before = len(world.out())
    comes_back(world, name, mail)
    assert len(world.out()) == before
    mail.refresh_from_db()
    assert mail.reason
    assert world.leaks_in_text(mail.reason, "O") == []
    assert world.leaks_in_text(str(mail.facts), "O") == []


def test_g4_who_may_see_contacts_finds_the_servers_own_words(world: World) -> None:
    mail = sent(world)
    comes_back(world, "hard-postfix-unknown", mail)
    mail.refresh_from_db()
    assert V.address in unseal(mail.facts["sealed_words"])


@pytest.mark.parametrize("fault", ["forged", "old", "nobody's"])
def test_g5_a_return_path_that_is_not_believed(world: World, fault: str) -> None:
    mail = sent(world)
    local, _at, domain = mail.verp.partition("@")
    paths = {
        "forged": f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}",
        "old": new_verp(mail.pk, domain, timezone.now() - timedelta(days=61)),
        "nobody's": new_verp(mail.pk + 1000, domain),
    }
    back = comes_back(world, "hard-postfix-unknown", mail, paths[fault])
    mail.refresh_from_db()
    assert mail.state == State.SENT
    assert held(back) == [Held.Reason.MACHINE]
    assert Held.objects.get().conversation is None
    assert Conversation.objects.count() == 1


def test_g6_a_person_answers_the_return_path(world: World) -> None:
    mail = sent(world)
    back = world.receives(letter(V, "Thank you!", to=mail.verp), mail.verp)
    assert said(world.conversation) == ["It is ready.", "Thank you!"]
    assert letter_of(back).sender == world.to_v
    mail.refresh_from_db()
    assert mail.state == State.SENT


def test_g6_a_stranger_there_is_held(world: World) -> None:
    mail = sent(world)
    back = world.receives(letter(X, "Let me in.", to=mail.verp), mail.verp, X)
    assert held(back) == [Held.Reason.NEW_SENDER]
    assert said(world.conversation) == ["It is ready."]


def test_g7_two_hard_bounces_turn_mail_off_and_a_mail_turns_it_on(world: World) -> None:
    comes_back(world, "hard-postfix-unknown", sent(world, "One."))
    assert wants_mail(world)
    comes_back(world, "hard-qmail", sent(world, "Two."))
    assert not wants_mail(world)
    world.answers("Three.")
    before = len(world.out())
    assert len(world.to(V)) == 2
    world.receives(letter(V, "Here I am.", to=world.t_v), world.t_v)
    assert wants_mail(world)
    assert len(world.out()) > before
    events = TicketEvent.objects.filter(ticket__conversation=world.conversation, what__startswith="mail_o")
    assert list(events.values_list("what", flat=True)) == ["mail_off", "mail_on"]


def test_g7_two_refusals_do_so_too(world: World) -> None:
    world.sink.refuse("rcpt", "550 5.1.1 no such mailbox", V.address)
    for text in ("One.", "Two."):
        world.answers(text)
        world.out()
    assert not wants_mail(world)


@pytest.mark.parametrize("name", ["soft-postfix-full", "hard-postfix-spam", "hard-gmail-blocked", "delayed-postfix"])
def test_g7_what_says_nothing_of_the_address_does_not(world: World, name: str) -> None:
    for text in ("One.", "Two."):
        comes_back(world, name, sent(world, text))
    assert wants_mail(world)


def test_g7_a_mail_counts_once(world: World) -> None:
    mail = sent(world)
    for name in ("hard-postfix-unknown", "hard-qmail", "hard-exim-plain"):
        comes_back(world, name, mail)
    assert wants_mail(world)


def test_g7_who_was_switched_off_by_a_person_stays_so(world: World) -> None:
    Correspondent.objects.filter(pk=world.to_v.pk).update(wants_mail=False)
    world.receives(letter(V, "Hello", to=world.t_v), world.t_v)
    assert not wants_mail(world)


def test_g8_every_report_to_a_return_path_is_tied_to_its_mail(world: World) -> None:
    mail = sent(world)
    for name in REPORTS:
        OutgoingMail.objects.filter(pk=mail.pk).update(state=State.SENT)
        back = comes_back(world, name, mail)
        mail.refresh_from_db()
        assert (back.facts["bounce_of"], mail.state) == (mail.message_id, STATES[kind_of(name)]), name
    assert said(world.conversation) == ["It is ready."]


def test_g8_nobody_who_is_away_is_taken_for_a_report(world: World) -> None:
    mail = sent(world)
    for name in AWAY:
        back = comes_back(world, name, mail)
        assert "bounce_of" not in back.facts, name
    mail.refresh_from_db()
    assert mail.state == State.SENT
    assert wants_mail(world)


def test_g8_a_report_that_went_astray_is_tied_by_the_mail_it_encloses(world: World) -> None:
    """To the address in From, as some servers do: never a ticket, and never answered."""
    mail = sent(world)
    tied = 0
    for name in REPORTS:
        if name == WITHOUT_WORDS:
            continue
        OutgoingMail.objects.filter(pk=mail.pk).update(state=State.SENT)
        back = comes_back(world, name, mail, SUPPORT)
        tied += back.facts["bounce_of"] == mail.message_id
        assert held(back) == ([] if back.facts["bounce_of"] == mail.message_id else [Held.Reason.MACHINE]), name
    assert tied >= 30
    assert Conversation.objects.count() == 1
    world.out()
    assert not OutgoingMail.objects.filter(kind=OutgoingMail.Kind.ACKNOWLEDGEMENT).exists()


def test_g8_a_customer_who_quotes_a_report_is_a_customer(world: World) -> None:
    world.protect(address("X", "sales@company.test"))
    text = "I wrote to your colleague and got this:\n> 550 5.1.1 user unknown, could not be delivered. What now?"
    mail = world.receives(letter(X, text, subject="Delivery problem with my order"), by=X)
    assert "bounce_of" not in mail.facts or mail.entry is None or said(of(mail))
    assert said(of(mail))


def test_g4_the_operator_hears_it_in_plain_words(world: World) -> None:
    mail = sent(world)
    comes_back(world, "hard-postfix-unknown", mail)
    mail.refresh_from_db()
    assert mail.reason == "The address does not exist or takes no mail. (550 5.1.1)"
    assert world.to(O) == []


def test_g8_by_the_command(world: World, tmp_path: Path) -> None:
    """A program that brings reports reads which mail each is about; of who is away, nothing."""
    mail = sent(world)
    names = ["hard-qmail", "hard-no-words", "away-english"]
    for name in names:
        (tmp_path / name).write_bytes(returned(name, message_id=mail.message_id, to=mail.verp))
    said_by_it = StringIO()
    call_command("receive_mail", *(str(tmp_path / name) for name in names), to=mail.verp, stdout=said_by_it)
    lines = [json.loads(line) for line in said_by_it.getvalue().splitlines()]
    assert [line["bounce_of"] for line in lines] == [mail.message_id, mail.message_id, None]
    assert [bool(line["machine"]) for line in lines] == [True, True, True]
    assert [line["error"] for line in lines] == ["", "", ""]
