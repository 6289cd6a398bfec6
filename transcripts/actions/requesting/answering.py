"""The answer: once, with what came of it; a refusal and a withdrawal are answers too. And that it takes longer."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.protocol import Code, Refused
from transcripts.actions import custody, logbook
from transcripts.actions.requesting import gate
from transcripts.actions.retaining.clock import database_now
from transcripts.deadlines import due_on
from transcripts.models import Purpose, RequestItem, RequestRules, SubjectRequest
from transcripts.models.export import FINISHED
from transcripts.proof.canonical import Json

Outcome = SubjectRequest.Outcome
State = RequestItem.State
REFUSALS = (Outcome.UNKNOWN, Outcome.UNFOUNDED, Outcome.WITHDRAWN)


@transaction.atomic
def answer(user: User, purpose: Purpose, request_id: int, through: str) -> str:
    """The person was told what came of it, in this way; the outcome. Raises Refused `state.conflict`: it was answered
    already, or not everything that is meant has come to an end yet."""
    request = gate.unanswered(user, request_id, proven=True, scoped=True)
    outcome = outcome_of(request)
    if outcome is None:
        raise Refused(Code.CONFLICT, _not_yet(request))
    _end(user, purpose, request, outcome, answered_through=_way(through))
    return outcome.value


@transaction.atomic
def refuse(user: User, purpose: Purpose, request_id: int, outcome: str, *, reason: str, through: str) -> None:
    """Nothing is done, and the person was told why, in time (Art. 12(4)); or they took it back. Raises Refused:
    `form.incomplete` without a reason, `state.conflict` if it was answered or something was done already."""
    request = gate.unanswered(user, request_id)
    words = gate.why(reason)
    if outcome not in REFUSALS:
        raise Refused(Code.FORM, _("Please choose why nothing is done."))
    if request.items.exclude(state=State.FOUND).exists():
        raise Refused(Code.CONFLICT, _("Something was erased or restricted for it already: answer what was done."))
    _end(user, purpose, request, Outcome(outcome), answered_through=_way(through), refusal=words)


def outcome_of(request: SubjectRequest) -> Outcome | None:
    """What came of all that is meant; None while something is still to be done."""
    states = Counter(request.items.filter(is_chosen=True).values_list("state", flat=True))
    if not states:
        return Outcome.NOTHING
    if request.gives_copy:
        return Outcome.DONE if request.export and request.export.state in FINISHED else None
    if states[State.FOUND] or states[State.ERASING]:
        return None
    if request.kind == SubjectRequest.Kind.RESTRICTION or not states[State.RESTRICTED]:
        return Outcome.DONE
    return Outcome.PARTLY if states[State.ERASED] else Outcome.RESTRICTED


def _end(user: User, purpose: Purpose, request: SubjectRequest, outcome: Outcome, **facts: Any) -> None:
    now = database_now()
    forget_on = gate.today(now) + timedelta(days=RequestRules.load().forget_days)
    ended = {"outcome": outcome, "answered_by": user, "answered_at": now, "forget_on": forget_on, **facts}
    SubjectRequest.objects.filter(pk=request.pk).update(**ended)
    custody.note(user, "request.answer", request, purpose, outcome=outcome.value, through=facts["answered_through"])
    logbook.append("request.answered", _leaf(request, outcome), actor=user)


def _leaf(request: SubjectRequest, outcome: Outcome) -> dict[str, Json]:
    states = Counter(request.items.filter(is_chosen=True).values_list("state", flat=True))
    return {
        "request": request.pk,
        "kind": str(request.kind),
        "outcome": outcome.value,
        "received": request.received_on.isoformat(),
        "due": request.due_on.isoformat(),
        "conversations": sum(states.values()),
        "erased": states[State.ERASED],
        "restricted": states[State.RESTRICTED],
        "export": request.export.ref if request.export else "",
    }


def _way(through: str) -> str:
    if through not in SubjectRequest.Through.values:
        raise Refused(Code.FORM, _("Please choose how the answer went out."))
    return through


def _not_yet(request: SubjectRequest) -> str:
    if request.gives_copy:
        return _("The copy is not finished yet.")
    return _("Not everything that is meant is erased or restricted yet.")


@transaction.atomic
def extend(user: User, purpose: Purpose, request_id: int, reason: str) -> None:
    """It takes up to two months longer; the person is told why within the first (Art. 12(3)). Once.

    Raises Refused: `form.incomplete` without a reason, `state.conflict` if it was, or the first month is over.
    """
    request = gate.unanswered(user, request_id)
    words = gate.why(reason)
    now = database_now()
    if request.extended_at is not None or gate.today(now) > request.due_on:
        raise Refused(Code.CONFLICT, _("This can be made longer once, within the first month."))
    later = due_on(request.received_on, is_extended=True)
    facts = {"due_on": later, "extended_at": now, "extended_by": user, "extension": words, "warned": 0}
    SubjectRequest.objects.filter(pk=request.pk).update(**facts)
    custody.note(user, "request.extend", request, purpose, due=later)
