"""Finding rows of the audit log, a page at a time by key: page 1,000 costs what page 1 costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AuditEntry

PAGE = 50


@dataclass(frozen=True)
class AuditPage:
    """Rows, newest first, and the key that the next page continues with (None: there is none)."""

    rows: list[AuditEntry]
    next_key: int | None


def search(wanted: dict[str, Any]) -> QuerySet[AuditEntry]:
    """The rows that fit all of person, action, object, address, since and until (dates, both included).

    A person or object is part of a name, or `#` and a number; an object may have its kind before it: routing.group#3.
    """
    found = AuditEntry.objects.order_by("-pk")
    if wanted.get("action"):
        found = found.filter(action=wanted["action"])
    if wanted.get("address"):
        found = found.filter(address__startswith=wanted["address"])
    return found.filter(_person(wanted.get("person")), _object(wanted.get("object")), _between(wanted))


def page_of(found: QuerySet[AuditEntry], before: int | None = None) -> AuditPage:
    """One page of a search, after the row with key `before`."""
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    return AuditPage(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def _person(written: str | None) -> Q:
    if not written:
        return Q()
    number = written.removeprefix("#")
    known = Q(object_type="accounts.user")  # of a refused sign-in the person is what it was done to
    if written.startswith("#") and _is_key(number):
        return Q(actor_id=int(number)) | known & Q(object_id=number)
    return Q(actor_name__icontains=written) | (known | Q(action="sign_in.refused")) & Q(object_name__icontains=written)


def _object(written: str | None) -> Q:
    if not written:
        return Q()
    kind, mark, number = written.rpartition("#")
    if mark and number:
        return Q(object_id=number, **({"object_type": kind.lower()} if kind else {}))
    return Q(object_name__icontains=written) | Q(object_type=written.lower())


def _between(wanted: dict[str, Any]) -> Q:
    since, until = wanted.get("since"), wanted.get("until")
    fits = Q(at__gte=_midnight(since)) if since else Q()
    return fits & Q(at__lt=_midnight(until + timedelta(days=1))) if until else fits


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 19
