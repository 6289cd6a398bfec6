"""Visitors who are gone: those who waited, and those who wrote nothing more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy

from accounts.audit import record
from chatdesk.actions.entries import post_entry
from chatdesk.actions.joining import part_all
from chatdesk.actions.waiting.silences import visitor_silent
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Kind
from chatdesk.realtime import publish
from chatdesk.signals import conversation_closed
from routing.actions import queue
from routing.availability import group_state
from routing.locks import deciding
from routing.models import Group, Outcome, Request, State

GONE_AFTER = timedelta(hours=1)
AT_ONCE = 100


def give_up_gone(now: datetime) -> int:
    """Who waited and has not been seen for an hour no longer holds a place. What they wrote stays, as a message.

    Abandoned, where somebody was there to answer; where nobody was, it was never more than a message.
    """
    then = now - GONE_AFTER
    waiting = Conversation.objects.filter(closed_at=None, request__state=State.WAITING)
    gone = waiting.filter(request__waiting_since__lte=then, visitor__seen_at__lte=then, last_at__lte=then)
    return sum(_give_up(conversation) for conversation in gone.select_related("request__group")[:AT_ONCE])


def _give_up(conversation: Conversation) -> bool:
    with deciding():
        if not Request.objects.filter(pk=conversation.request_id, state=State.WAITING).exists():
            return False
        somebody = group_state(conversation.request.group) in ("online", "busy")
        queue.end(conversation.request_id, outcome=Outcome.ABANDONED if somebody else Outcome.MESSAGE)
        words = for_everybody(gettext_lazy("The visitor left while waiting."))
        post_entry(conversation, conversation.participants.get(user=None), words, kind=Kind.LEAVE)
        publish("state", conversation.pk)
        return True


def close_silent(groups: Collection[int], now: datetime) -> int:
    """End the chats whose visitors have written nothing for as long as the group allows; how many ended."""
    closing = Group.objects.filter(pk__in=groups, close_silent_after__gt=0)
    return sum(_close_all(group, now) for group in closing)


def _close_all(group: Group, now: datetime) -> int:
    silent = visitor_silent(group, now).filter(since__lte=now - timedelta(seconds=group.close_silent_after))
    return sum(_close(group, conversation_id, now) for conversation_id in silent.values_list("pk", flat=True)[:AT_ONCE])


def _close(group: Group, conversation_id: int, now: datetime) -> bool:
    with deciding():
        still = visitor_silent(group, now).filter(since__lte=now - timedelta(seconds=group.close_silent_after))
        conversation = still.filter(pk=conversation_id).first()
        if conversation is None or not queue.end(conversation.request_id):
            return False
        words = gettext_lazy("Ended, because nothing was written for a while. You can begin a new one at any time.")
        post_entry(conversation, None, for_everybody(words), kind=Kind.CLOSE)
        Conversation.objects.filter(pk=conversation_id).update(closed_at=now)
        part_all(conversation_id)
        conversation_closed.send(None, conversation=conversation)
        publish("state", conversation_id)
        record("chat.close", on=conversation, reason="nothing was written for a while")
        return True
