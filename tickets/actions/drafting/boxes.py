"""Where somebody without an attachment collects it."""

from __future__ import annotations

from chatdesk.links import chat_link
from chatdesk.models import Conversation


def box_facts(conversation: Conversation | None) -> dict[str, str]:
    """`link` and `words` of the conversation's pick-up box."""
    return {"link": chat_link(conversation.button), "words": ""} if conversation else {}
