"""The end of working a mail off."""

from __future__ import annotations

from typing import Any

from accounts.rows import change
from tickets.models import IncomingMail


def mark_done(mail: IncomingMail, facts: dict[str, Any], **filed: Any) -> None:
    """Remember what became of it, and where it was `filed` (conversation_id, entry_id).

    In the transaction of the last step, where that is one; again is harmless.
    """
    known = mail.facts | facts
    if (mail.state, mail.facts) != (IncomingMail.State.DONE, known):
        mail.state, mail.error, mail.facts = IncomingMail.State.DONE, "", known
        change(IncomingMail, mail.pk, state=mail.state, error="", facts=known, **filed)
