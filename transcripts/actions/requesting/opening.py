"""Taking a request down: what is asked for, when and how it came, and what the person goes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.protocol import Code, Refused
from transcripts.actions import custody
from transcripts.actions.requesting import gate, looking
from transcripts.actions.requesting.identities import Identity, NoIdentity, identities
from transcripts.actions.retaining.proposing import check_staff
from transcripts.deadlines import due_on, warnings_passed
from transcripts.models import Purpose, RequestIdentity, SubjectRequest

EARLIEST = date(2018, 5, 25)  # since then the regulation applies


@dataclass(frozen=True)
class Asked:
    """What was asked. `given`: pairs of RequestIdentity.Kind and what was given; `received_on` by the desk's days."""

    kind: str
    through: str
    received_on: date
    given: Sequence[tuple[str, str]]
    words: str = ""


@transaction.atomic
def take(user: User, purpose: Purpose, asked: Asked) -> SubjectRequest:
    """The new request, with what is found for it. Raises Refused: `auth.denied`, `form.incomplete`."""
    check_staff(user)
    today = gate.today()
    if not EARLIEST <= asked.received_on <= today:
        raise Refused(Code.FORM, _("A request can't have come on that day."))
    people = _people(asked.given)
    due = due_on(asked.received_on)
    request = SubjectRequest.objects.create(
        kind=SubjectRequest.Kind(asked.kind),
        through=SubjectRequest.Through(asked.through),
        received_on=asked.received_on,
        words=gate.line(asked.words),
        taken_by=user,
        due_on=due,
        warned=max(0, warnings_passed(due, today) - 1),  # the newest of what is over already is still said
    )
    _keep(request, people)
    found = looking.found_anew(request)
    facts = {"kind": request.kind, "received": request.received_on, "due": request.due_on, "found": found}
    custody.note(user, "request.take", request, purpose, **facts)
    return request


@transaction.atomic
def go_by(user: User, purpose: Purpose, request_id: int, given: Sequence[tuple[str, str]]) -> int:
    """More that the person goes by; how many conversations that found. Raises Refused as `take`."""
    request = gate.unanswered(user, request_id)
    known = {Identity(each.kind, each.value) for each in request.identities.all()}
    more = [each for each in _people(given) if each not in known]
    _keep(request, more)
    new = looking.found_anew(request)
    custody.note(user, "request.look", request, purpose, more=len(more), new=new)
    return new


def _people(given: Sequence[tuple[str, str]]) -> list[Identity]:
    try:
        return identities(given)
    except NoIdentity as problem:
        raise Refused(Code.FORM, str(problem)) from None


def _keep(request: SubjectRequest, people: Sequence[Identity]) -> None:
    rows = [RequestIdentity(request=request, kind=each.kind, value=each.value) for each in people]
    RequestIdentity.objects.bulk_create(rows)
