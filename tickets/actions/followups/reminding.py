"""Promises are spoken of before they are due, and to those who look after the desk once they are overdue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Scope, User
from accounts.permissions import may
from chatdesk.models import Conversation
from chatdesk.permissions import reached
from tickets.actions import outbox
from tickets.actions.tickets.changing import may_own
from tickets.models import FollowUp, MailTemplate, OutgoingMail

State = FollowUp.State
AT_ONCE = 200
MOST_MAILS = 10
LEAD = timedelta(hours=1)


def remind_due(now: datetime | None = None) -> int:
    """Remind of what is due within the hour, and tell of what is overdue; how many promises. Each is said once."""
    now = now or timezone.now()
    open_ones = FollowUp.objects.filter(state=State.PROMISED)
    near = open_ones.filter(promised_for__lte=now + LEAD, reminded_at=None).order_by("promised_for")[:AT_ONCE]
    late = open_ones.filter(promised_for__lte=now, escalated_at=None).order_by("promised_for")[:AT_ONCE]
    return sum(_remind(one.pk, now) for one in near) + sum(_escalate(one.pk, now) for one in late)


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    still = FollowUp.objects.filter(pk=pk, state=State.PROMISED, reminded_at=None)
    if not still.update(reminded_at=now):
        return False
    follow_up = FollowUp.objects.select_related("conversation", "user").get(pk=pk)
    keeper = follow_up.user
    _mail(follow_up, [keeper] if keeper and may_own(keeper, follow_up.conversation) else [])  # not to who left since
    return True


@transaction.atomic
def _escalate(pk: int, now: datetime) -> bool:
    still = FollowUp.objects.filter(pk=pk, state=State.PROMISED, escalated_at=None)
    if not still.update(escalated_at=now):
        return False
    follow_up = FollowUp.objects.select_related("conversation", "user").get(pk=pk)
    _mail(follow_up, supervisors(follow_up.conversation))
    return True


def supervisors(conversation: Conversation) -> list[User]:
    """Those who may step into this conversation, by their user type or as superusers."""
    people = User.objects.filter(is_active=True).select_related("user_type").order_by("pk")
    may_watch = [person for person in people if may(person, "monitor") != Scope.NONE]
    here = Conversation.objects.filter(pk=conversation.pk)
    return [person for person in may_watch if here.filter(reached(person, "monitor")).exists()]


def _mail(follow_up: FollowUp, people: list[User]) -> None:
    """The notice at the desk says the same; by mail it reaches who is not there, where the desk takes part in mail."""
    if not outbox.is_on():
        return
    path = reverse("chatdesk:desk-conversation", args=[follow_up.conversation.ref])
    due = timezone.localtime(follow_up.promised_for)
    for person in people[:MOST_MAILS]:
        facts = {
            "template": MailTemplate.Kind.REMINDER,
            "name": person.display_name,
            "question": follow_up.question,
            "due": date_format(due, "SHORT_DATETIME_FORMAT"),
            "link": f"{settings.SITE_URL}{path}",
        }
        outbox.queue(OutgoingMail.Kind.NOTICE, conversation=follow_up.conversation, address=person.email, facts=facts)
