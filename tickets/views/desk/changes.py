"""What people change of a ticket beside its conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.views.desk.door import desk_form
from tickets.actions import tickets
from tickets.models import Ticket
from tickets.views.desk.side import side_panel

SHOWN = (Code.CONFLICT, Code.FORM, Code.INVALID)
YEARS = range(2000, 2200)  # the first and the last years of a calendar are none in some time zones
Step = Callable[[], object]


@desk_form
def make(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    return done(request, user, ref, lambda: tickets.make(user, ref))


@desk_form
def change(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """`field` and its new `value`."""
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    steps: dict[str, Step] = {
        "state": lambda: tickets.set_state(user, ref, value),
        "priority": lambda: tickets.prioritise(user, ref, whole(value)),
        "owner": lambda: tickets.assign(user, ref, person(value)),
        "due_at": lambda: tickets.set_due(user, ref, moment(value)),
        "subject": lambda: tickets.rename(user, ref, value),
        "tags": lambda: tickets.tag(user, ref, value),
    }
    return done(request, user, ref, steps.get(field, lambda: _nothing(user, ref)))


@desk_form
def merge(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    number = request.POST.get("number", "").strip().removeprefix("#")
    return done(request, user, ref, lambda: tickets.merge(user, ref, whole(number)))


@desk_form
def split(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    return done(request, user, ref, lambda: tickets.split(user, ref, whole(request.POST.get("seq", ""))))


def done(request: HttpRequest, user: User, ref: str, step: Step) -> HttpResponse:
    """The panel after it; what was refused for a reason that people can mend is said there."""
    error = ""
    try:
        step()
    except Refused as refused:
        if refused.code not in SHOWN:
            raise
        error = refused.detail
    return side_panel(request, user, conversation_for_operator(user, ref), error=error)


def whole(text: str) -> int:
    """A number; 0, which nothing has, for what is none."""
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def person(text: str) -> User | None:
    """Empty: nobody. Raises Refused for who is not there."""
    if not text:
        return None
    found = User.objects.select_related("user_type").filter(pk=whole(text)).first()
    if found is None:
        raise Refused(Code.CONFLICT, _("There is no such person."))
    return found


def moment(text: str) -> datetime | None:
    """Aware; what names no zone is in the desk's own. Empty: none. Raises Refused for what is no moment."""
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        found = None
    if text and (found is None or found.year not in YEARS):
        raise Refused(Code.FORM, _("This is no date and time."))
    return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found


def _nothing(user: User, ref: str) -> Ticket:
    tickets.ticket_for(user, ref)
    raise Refused(Code.INVALID, _("A ticket has no such field."))
