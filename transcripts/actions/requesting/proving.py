"""Who asks: how it was checked and by whom. No copy of any paper is kept."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.protocol import Code, Refused
from transcripts.actions import custody
from transcripts.actions.requesting import gate
from transcripts.actions.retaining.clock import database_now
from transcripts.models import Purpose, SubjectRequest

Proof = SubjectRequest.Proof


@transaction.atomic
def prove(user: User, purpose: Purpose, request_id: int, how: str, note: str = "") -> None:
    """The person is who they say. Raises Refused: `form.incomplete`, `state.conflict`, `auth.denied`."""
    request = gate.unanswered(user, request_id)
    if how not in Proof.values:
        raise Refused(Code.FORM, _("Please choose how it was checked."))
    if request.proven_at is not None:
        raise Refused(Code.CONFLICT, _("Who asks was checked already."))
    words = gate.why(note) if how == Proof.OTHER else gate.line(note)
    facts = {"proof": how, "proof_note": words, "proven_by": user, "proven_at": database_now()}
    SubjectRequest.objects.filter(pk=request.pk).update(**facts)
    custody.note(user, "request.identity", request, purpose, how=how)
