"""What the live chat tells of people who will not be there for the answer."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from chatdesk.models import Conversation
from chatdesk.signals import address_left, demo_made, visitor_erased
from tickets.actions import demo, erasing, invented, pickup
from transcripts.signals import conversation_destroying, conversation_restricted, mails_invented, part_removing


@receiver(address_left)
def on_address_left(conversation: Conversation, address: str, **kwargs: Any) -> None:
    pickup.leave_address(conversation, address)


@receiver(visitor_erased)
def on_erased(conversation: Conversation, **kwargs: Any) -> None:
    erasing.forget(conversation)


@receiver(conversation_destroying)
def on_destroying(conversation: Conversation, **kwargs: Any) -> None:
    erasing.destroy(conversation)


@receiver(conversation_restricted)
def on_restricted(conversation: Conversation, **kwargs: Any) -> None:
    erasing.close_ways(conversation)


@receiver(part_removing)
def on_part(conversation: Conversation, data: str, **kwargs: Any) -> None:
    if data == "contact":
        erasing.forget_contact(conversation)


@receiver(demo_made)
def on_demo(**kwargs: Any) -> None:
    demo.take_part_in_mail()


@receiver(mails_invented)
def on_invented(conversations: list[Conversation], **kwargs: Any) -> None:
    invented.invent_mails(conversations)
