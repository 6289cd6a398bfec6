"""The operator looks something up: the visitor is told so, and so is it when they are back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from chatdesk.actions.entries import post_entry
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Kind
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.querysets import said_by_operators
from chatdesk.realtime import publish
from chatdesk.signals import hold_changed
from routing.models import State


@transaction.atomic
def set_hold(user: User, ref: str, on: bool) -> None:
    """Raises Refused: `state.conflict` unless somebody has the chat. Twice the same changes nothing."""
    conversation = conversation_for_operator(user, ref, "answer")
    if conversation.standing != "active":  # who was only offered it does not have it yet
        raise Refused(Code.CONFLICT, _("Only a chat that somebody has can be put on hold."))
    if conversation.is_on_hold == on:
        return
    as_seen = Conversation.objects.filter(pk=conversation.pk, on_hold_since=conversation.on_hold_since)
    if not as_seen.update(on_hold_since=timezone.now() if on else None):
        return  # another window of theirs was quicker
    hold_changed.send(None, conversation=conversation, on=on)
    if on:
        words = gettext_lazy("%(name)s is looking this up. One moment, please.")
        post_entry(conversation, None, for_everybody(words, name=user.display_name), kind=Kind.NOTICE)
    publish("state", conversation.pk)


def release_answered(_now: datetime) -> int:
    """Who answers is back; and a hold ends with the operator's own holding. How many ended."""
    answered = Exists(said_by_operators(OuterRef("pk")).filter(at__gt=OuterRef("on_hold_since")))
    over = held_now().filter(Q(answered) | Q(on_hold_since__lt=F("request__taken_at")))
    return sum(_release(conversation) for conversation in over)


def held_now() -> QuerySet[Conversation]:
    """The chats on hold, by the index of them. What goes back to a queue is taken off hold as it does."""
    on_hold = Conversation.objects.filter(on_hold_since__isnull=False, closed_at=None)
    return on_hold.filter(request__state=State.ACTIVE)


@transaction.atomic
def _release(held: Conversation) -> bool:
    as_seen = Conversation.objects.filter(pk=held.pk, on_hold_since=held.on_hold_since)
    publish("state", held.pk)
    if not as_seen.update(on_hold_since=None):
        return False
    hold_changed.send(None, conversation=held, on=False)
    return True
