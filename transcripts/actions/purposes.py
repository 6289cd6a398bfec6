"""Why somebody reads: said once in a session and for a matter, and asked before the first page."""

from __future__ import annotations

import hashlib

from django.db import transaction

from accounts.models import User
from transcripts.actions import custody
from transcripts.models import Matter, Purpose


def mark(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


@transaction.atomic
def say(user: User, session_key: str, matter: Matter | None, reason: str) -> Purpose:
    """From now on this session reads for that. Neither a matter nor a reason: IntegrityError."""
    words = " ".join(reason.split())
    purpose = Purpose.objects.create(user=user, session=mark(session_key), matter=matter, reason=words[:300])
    custody.note(user, "purpose", purpose, purpose)
    return purpose


def of_session(user: User, session_key: str | None) -> Purpose | None:
    """What was said last in this session by this person, unless its matter was closed since."""
    if not session_key:
        return None
    said = Purpose.objects.select_related("matter").filter(user=user, session=mark(session_key)).order_by("-pk").first()
    return None if said is None or (said.matter and said.matter.closed_at) else said
