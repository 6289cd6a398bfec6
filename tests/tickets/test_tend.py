"""The sweeps of tickets: scheduled, and each delegates to its actions."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from chatdesk.schedule import SECONDS
from tests.factories import Cast, make_conversation
from tests.tickets.test_promise import contact, wanted
from tests.tickets.test_tickets import left
from tickets import tasks
from tickets.actions import followups
from tickets.models import FollowUp, Ticket


def test_both_are_scheduled() -> None:
    assert {"tickets.tasks.tend_tickets", "tickets.tasks.remind"} <= set(SECONDS)


def test_what_was_left_becomes_a_ticket_by_itself(cast: Cast) -> None:
    conversation = left(cast)
    assert tasks.tend_tickets() == 1
    assert Ticket.objects.get().conversation == conversation
    assert tasks.tend_tickets() == 0


def test_promises_are_reminded_of_and_their_contacts_forgotten(cast: Cast) -> None:
    chat = make_conversation(cast.sales_button, cast.vera, cast.alice)
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "phone", contact=contact("+49 30 123456")))
    long_ago = timezone.now() - timedelta(minutes=1)
    FollowUp.objects.filter(pk=made.pk).update(promised_for=long_ago, delete_at=long_ago)
    assert tasks.remind() == 3
    made.refresh_from_db()
    assert (made.reminded_at is None, made.escalated_at is None, made.sealed_contact) == (False, False, "")
    assert tasks.remind() == 0
