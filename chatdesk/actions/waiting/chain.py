"""The messages that the desk writes by itself: the latest that is due, once for every wait, silence or hold."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from chatdesk.actions.entries import post_entry
from chatdesk.actions.waiting.silences import SILENCES, Silent
from chatdesk.models import Conversation, Kind, SentMessage, Trigger, WaitMessage
from routing.opening import open_groups

WHILE_WAITING = (Trigger.WAITING, Trigger.CLOSING)
WHILE_TALKING = (Trigger.OPERATOR_SILENT, Trigger.VISITOR_SILENT, Trigger.HOLD)
AT_ONCE = 200  # conversations a message goes to in one sweep; the next sweep takes the rest


def send_due(groups: Collection[int], triggers: Collection[str], now: datetime) -> int:
    """Write what of these kinds is due in these groups; how many entries that made. Safe to repeat, also at once."""
    messages = WaitMessage.objects.filter(is_active=True, group__in=groups, trigger__in=triggers)
    chain = list(messages.select_related("group").order_by("group", "trigger", "-after_seconds", "pk"))
    here = open_groups({message.group for message in chain}, now)
    return sum(_send(message, now) for message in chain if _fits(message, message.group_id in here))


def _fits(message: WaitMessage, is_open: bool) -> bool:
    """Nobody is thanked for waiting in the night, and nobody told of closing while the group is open."""
    if message.trigger == Trigger.CLOSING:
        return not is_open
    return is_open or message.trigger != Trigger.WAITING


def due(message: WaitMessage, now: datetime) -> Silent:
    """Whom this message has to be written to: where it, or a later one of its kind, was not written already.

    After a break the latest one alone is written, and never those before it.
    """
    silent = SILENCES[message.trigger](message.group, now)
    sent = SentMessage.objects.filter(
        conversation=OuterRef("pk"),
        since=OuterRef("since"),
        message__trigger=message.trigger,
        message__after_seconds__gte=message.after_seconds,
    )
    return silent.filter(~Exists(sent), since__lte=now - timedelta(seconds=message.after_seconds))


def _send(message: WaitMessage, now: datetime) -> int:
    found = list(due(message, now).values_list("pk", flat=True)[:AT_ONCE])
    return sum(_write(message, conversation_id, now) for conversation_id in found)


@transaction.atomic
def _write(message: WaitMessage, conversation_id: int, now: datetime) -> bool:
    """Asked again with the conversation locked: whoever was assigned or wrote meanwhile comes first."""
    _lock(conversation_id)
    conversation = due(message, now).filter(pk=conversation_id).first()
    if conversation is None:
        return False
    return write(message, conversation, conversation.since)


def write(message: WaitMessage, conversation: Conversation, since: datetime) -> bool:
    """One of the message's texts as an entry of the desk, in the running transaction; False if it was there."""
    _sent, is_new = SentMessage.objects.get_or_create(conversation=conversation, message=message, since=since)
    if is_new and message.variants:
        post_entry(conversation, None, random.choice(message.variants), kind=Kind.NOTICE)
    return is_new


def say_goodbye(conversation: Conversation, now: datetime) -> None:
    """What is written as an operator ends the chat, before the entry of the end."""
    message = WaitMessage.objects.filter(group=conversation.group, trigger=Trigger.ENDED, is_active=True).first()
    if message is not None:
        write(message, conversation, now)


def _lock(conversation_id: int) -> None:
    if connection.features.has_select_for_update:
        list(Conversation.objects.select_for_update().filter(pk=conversation_id).values_list("pk"))
