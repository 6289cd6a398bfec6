"""Whether somebody can answer whenever the desk says it is open: what an admin should mend, worst first."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chatdesk.advice import Advice, advice
from chatdesk.findings import Chapter
from chatdesk.models import Button
from routing.coverage import Gap, gaps
from routing.models import Group


def coverage() -> list[Chapter]:
    """The chapters of the coverage page."""
    return [
        Chapter(
            _("Open, and nobody may be signed in"),
            _("The coming seven days: opening hours against the log-in hours of the members' user types."),
            [_told(gap) for gap in gaps(timezone.now())],
        ),
        Chapter(
            _("Groups and buttons that lead nowhere"),
            _("No members who could be given a chat, or groups that are switched off."),
            [*advice(), *_choices_nowhere()],
        ),
        Chapter(
            _("Open groups without an alarm"),
            _("Nobody is told by mail when these are open and nobody is there."),
            list(_without_alarm()),
        ),
    ]


def _told(gap: Gap) -> Advice:
    start, end = gap.start.astimezone(gap.zone), gap.end.astimezone(gap.zone)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{date_format(end, 'l')} {end:%H:%M}"
    facts = {
        "day": date_format(start, "l"),
        "from": f"{start:%H:%M}",
        "until": f"{until} ({gap.zone})",
        "group": gap.group,
    }
    text = _("%(day)s %(from)s: %(group)s has nobody, until %(until)s.") % facts
    return Advice(text, reverse("admin:routing_group_change", args=[gap.group.pk]))


def _choices_nowhere() -> Iterator[Advice]:
    choosing = Button.objects.filter(is_active=True, group=None).prefetch_related("choices")
    for button in choosing:
        offered = list(button.choices.all())
        if offered and not any(group.is_active for group in offered):
            text = _("The button “%(button)s” offers only groups that are switched off.") % {"button": button}
            yield Advice(text, reverse("admin:chatdesk_button_change", args=[button.pk]))


def _without_alarm() -> Iterator[Advice]:
    for group in Group.objects.filter(is_active=True, alarm_minutes=0):
        text = _("%(group)s: set an alarm, or leave it if somebody watches anyway.") % {"group": group}
        yield Advice(text, reverse("admin:routing_group_change", args=[group.pk]))
