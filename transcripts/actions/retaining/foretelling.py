"""What comes of a policy that somebody asks for, with its days: never sooner than is said here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from transcripts.actions.retaining.waiting import QUARANTINE
from transcripts.models import Proposal
from transcripts.retention import classes


def foretell(proposal: Proposal, begins: datetime) -> list[str]:
    """Sentences about what was due when it was asked for, if it begins at that time."""
    return list(_foretold(proposal, begins)) or [_("Nothing is due by it yet.")]


def _foretold(proposal: Proposal, begins: datetime) -> Iterator[str]:
    days = {"begin": day(begins), "end": day(begins + QUARANTINE)}
    whole = int(proposal.forecast.get("whole", 0))
    if whole:
        words = ngettext(
            "%(n)s conversation would be put away on %(begin)s at the earliest, and destroyed on %(end)s.",
            "%(n)s conversations would be put away on %(begin)s at the earliest, and destroyed on %(end)s.",
            whole,
        )
        yield words % {"n": whole, **days}
    for name, count in _named(proposal, "parts"):
        words = ngettext(
            "Of %(n)s conversation a part would be deleted on %(end)s at the earliest: %(what)s.",
            "Of %(n)s conversations a part would be deleted on %(end)s at the earliest: %(what)s.",
            count,
        )
        yield words % {"n": count, "what": name, **days}
    for name, count in _named(proposal, "desk"):
        words = _("%(what)s: %(n)s would be deleted on %(begin)s, and can't be brought back.")
        yield words % {"n": count, "what": name, **days}


def _named(proposal: Proposal, kind: str) -> Iterator[tuple[str, int]]:
    """The classes of data of which something is due, as people call them."""
    for key, count in proposal.forecast.get(kind, {}).items():
        known = classes.class_of(key)
        if count:
            yield str(known.name) if known else key, count


def day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
