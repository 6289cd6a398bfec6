"""How fast people may write and begin, by whichever door: one count for a visitor's sockets and forms together."""

from __future__ import annotations

from collections.abc import Hashable

from django.utils.translation import gettext as _

from chatdesk.buckets import Buckets
from chatdesk.protocol import Code, Refused

visitor_posts = Buckets(20, 60)  # by conversation
operator_posts = Buckets(60, 180)  # by person
starts = Buckets(60, 30)  # by network: a whole office may share one


def too_many() -> Refused:
    return Refused(Code.RATE, _("Too much at once. Please wait a moment."), retry=True)


def check(paces: Buckets, key: Hashable) -> None:
    """Count one attempt. Raises Refused `rate.limited`."""
    if not paces.take(key):
        raise too_many()
