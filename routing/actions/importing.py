from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from routing.actions.settings import reconsider
from routing.holidays import Proposal
from routing.models import Hours, SpecialDay


@transaction.atomic
def add_days(hours: Hours, proposals: Iterable[Proposal]) -> int:
    """Add the special days that the hours do not have yet; what is there stays as it is. How many were added."""
    there = set(hours.special_days.values_list("date", "yearly"))
    new = [
        SpecialDay(hours=hours, date=day.date, yearly=day.yearly, name=day.name, opens=day.opens)
        for day in proposals
        if (day.date, day.yearly) not in there
    ]
    SpecialDay.objects.bulk_create(new)
    reconsider(list(hours.groups.values_list("pk", flat=True)))
    return len(new)
