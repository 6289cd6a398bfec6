"""Where somebody without an attachment collects it."""

from __future__ import annotations

from chatdesk.models import Conversation
from tickets.actions.pickup import living_box


def box_facts(conversation: Conversation | None) -> dict[str, str]:
    """`link` and `words` of the conversation's pick-up box, which opens: what is mailed leads somewhere."""
    if conversation is None:
        return {}
    box = living_box(conversation)
    return {"link": box.link, "words": box.words}
