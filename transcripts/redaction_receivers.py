"""What redactions hear: a note about words that are gone goes with them."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from chatdesk import signals
from chatdesk.models import Conversation
from transcripts.models import Redaction


@receiver(signals.visitor_erased)
def on_erased(conversation: Conversation, **kwargs: Any) -> None:
    Redaction.objects.filter(conversation=conversation).update(note="")
