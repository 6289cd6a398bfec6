"""Requests of people, where something else asks for them: the search, and what is taken up again."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from chatdesk.models import Conversation
from chatdesk.signals import conversation_reopened
from transcripts import conditions, sight
from transcripts.models import RequestItem


def _by_state(value: str) -> Q:
    return sight.restricted() if value == "restricted" else conditions.NOTHING


def _by_request(value: str) -> Q:
    """What is meant by a request, by its number."""
    number = conditions.numbered(f"#{value.removeprefix('#')}")
    if number is None:
        return conditions.NOTHING
    meant = RequestItem.objects.filter(request=number, is_chosen=True, conversation__isnull=False)
    return Q(pk__in=meant.values("conversation_id"))


@receiver(conversation_reopened)
def on_reopened(conversation: Conversation, **kwargs: Any) -> None:
    """Who writes again does not bring what is restricted back before everybody's eyes."""
    if sight.restricted_among([conversation.pk]):
        sight.hide([conversation.pk])


conditions.add("states", _by_state)
conditions.add("requests", _by_request)
