"""How long ago this session proved that its person is there: what changes a lock asks for that again."""

from __future__ import annotations

import time

from django.http import HttpRequest

FRESH_AT = "fresh_at"  # in the session: seconds since 1970
SECONDS = 300


def mark_fresh(request: HttpRequest) -> None:
    request.session[FRESH_AT] = int(time.time())


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password was given within five minutes."""
    age: float = time.time() - request.session.get(FRESH_AT, 0)
    return 0 <= age <= SECONDS
