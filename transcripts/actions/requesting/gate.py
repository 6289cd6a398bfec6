"""What every deed on a request begins with: who may, the row under a lock, and what has to be done before."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.protocol import Code, Refused
from transcripts.actions.retaining.clock import database_now
from transcripts.actions.retaining.proposing import check_staff, checked
from transcripts.actions.retaining.telling import compliance_people
from transcripts.deadlines import day_of
from transcripts.models import SubjectRequest

LONGEST = 300


def zone() -> ZoneInfo:
    """Days of requests are those of the desk, wherever somebody reads them."""
    return ZoneInfo(settings.TIME_ZONE)


def today(now: datetime | None = None) -> date:
    return day_of(now or database_now(), zone())


def unanswered(user: User, request_id: int, *, proven: bool = False, scoped: bool = False) -> SubjectRequest:
    """The request, locked, for who may change it. Inside a transaction.

    Raises Refused: `auth.denied` for who is not of the compliance staff, `state.conflict` when it was answered, or
    when what is asked for has not been done yet: that the person is known, that the scope is.
    """
    check_staff(user)
    found = SubjectRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    if found is None or found.answered_at is not None:
        raise Refused(Code.CONFLICT, _("This request was answered already."))
    if proven and found.proven_at is None:
        raise Refused(Code.CONFLICT, _("First it has to be clear who asks."))
    if scoped and found.scoped_at is None:
        raise Refused(Code.CONFLICT, _("First the scope has to be confirmed."))
    return found


def four_eyes(user: User, request: SubjectRequest) -> None:
    """Who checked the person does not erase alone, where somebody else could: else one who makes up a request could
    make away with anything. Raises Refused `auth.denied`."""
    if request.proven_by_id == user.pk and any(each.pk != user.pk for each in compliance_people()):
        raise Refused(Code.AUTH_DENIED, _("You checked who asks. Somebody else has to confirm the erasure."))


def why(reason: str) -> str:
    """A reason in a few words. Raises Refused `form.incomplete`."""
    return checked(reason)


def line(text: str, most: int = LONGEST) -> str:
    """One line without zero bytes and needless space."""
    return " ".join(text.replace("\x00", " ").split())[:most]
