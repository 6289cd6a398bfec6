"""A promise is kept when its answer went out on the channel that the visitor chose; or it is withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from chatdesk.models import Entry
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.querysets import said_by_operators
from tickets.actions.followups.forgetting import forget
from tickets.models import FollowUp, OutgoingMail

State, Channel = FollowUp.State, FollowUp.Channel
AT_ONCE = 200
GONE_OUT = (OutgoingMail.State.SENT, OutgoingMail.State.DELIVERED)


@transaction.atomic
def keep(user: User, ref: str, number: int) -> FollowUp:
    """It was answered, by telephone for instance. Raises Refused (`conversation.unknown`, `auth.denied`, conflict)."""
    follow_up = promised(user, ref, number)
    _end(follow_up, State.KEPT)
    record("promise.keep", actor=user, on=follow_up.conversation, after={"promise": follow_up.pk})
    return follow_up


@transaction.atomic
def withdraw(user: User, ref: str, number: int) -> FollowUp:
    """Nobody waits for it any more: its contact is forgotten at once. Raises Refused as above."""
    follow_up = promised(user, ref, number)
    _end(follow_up, State.WITHDRAWN)
    forget(follow_up)
    record("promise.withdraw", actor=user, on=follow_up.conversation, after={"promise": follow_up.pk})
    return follow_up


def keep_answered() -> int:
    """Promises whose answer went out meanwhile; how many were kept by that. Safe to repeat."""
    rows = FollowUp.objects.filter(state=State.PROMISED).exclude(channel=Channel.PHONE).order_by("pk")
    rows = rows.filter(conversation__last_at__gt=F("created_at")).select_related("conversation", "live_request")
    return sum(_keep_if_answered(follow_up) for follow_up in rows[:AT_ONCE])


def promised(user: User, ref: str, number: int) -> FollowUp:
    conversation = conversation_for_operator(user, ref, "take")
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("correspondent")
    found = rows.filter(conversation=conversation, pk=number, state=State.PROMISED).first()
    if found is None:
        raise Refused(Code.CONFLICT, _("This promise stands no longer."))
    found.conversation = conversation
    return found


def _end(follow_up: FollowUp, state: str) -> bool:
    facts = {"state": state, "ended_at": timezone.now()}
    return FollowUp.objects.filter(pk=follow_up.pk, state=State.PROMISED).update(**facts) == 1


@transaction.atomic
def _keep_if_answered(follow_up: FollowUp) -> bool:
    if not _has_answer(follow_up) or not _end(follow_up, State.KEPT):
        return False
    record("promise.keep", on=follow_up.conversation, after={"promise": follow_up.pk, "by": "answer"})
    return True


def _has_answer(follow_up: FollowUp) -> bool:
    since = _said_since(follow_up)
    if since is None:
        return False
    answers = said_by_operators(follow_up.conversation_id).filter(at__gt=since)
    return answers.exists() if follow_up.channel == Channel.PAGE else _arrived(follow_up, answers)


def _said_since(follow_up: FollowUp) -> datetime | None:
    """What is said in the chat of the promise is no answer to it, not before its end."""
    live = follow_up.live_request
    return follow_up.created_at if live is None else live.closed_at


def _arrived(follow_up: FollowUp, answers: QuerySet[Entry]) -> bool:
    first = answers.order_by("seq").values_list("seq", flat=True).first()
    if first is None:
        return False
    mails = OutgoingMail.objects.filter(
        conversation=follow_up.conversation_id, kind=OutgoingMail.Kind.RELAY, to__side="visitor", state__in=GONE_OUT
    )
    read = follow_up.conversation.participants.filter(user=None, read_seq__gte=first)
    return mails.filter(last_seq__gte=first).exists() or read.exists()
