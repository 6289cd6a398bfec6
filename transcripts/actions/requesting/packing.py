"""The person's copy: an export like any other, by the profile that redacts everybody else."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from transcripts.actions import custody
from transcripts.actions.exporting.asking import Wanted, ask
from transcripts.actions.requesting import gate
from transcripts.models import Export, Profile, Purpose, SubjectRequest

FORMATS = ("html", "json")


@transaction.atomic
def pack(user: User, purpose: Purpose, request_id: int) -> Export:
    """A new export of what is meant, which who asked for it fetches; a copy for who wants one before it is erased, too.

    It is fetched once: made again, the newest is the request's. Raises Refused `state.conflict`, `auth.denied`.
    """
    request = gate.unanswered(user, request_id, proven=True, scoped=True)
    wanted = Wanted(
        query=f"request:{request.pk}",
        profile=Profile.SUBJECT,
        formats=FORMATS,
        reason=request.audit_name,
        matter_id=purpose.matter_id,
    )
    export = ask(wanted, user)
    SubjectRequest.objects.filter(pk=request.pk).update(export=export)
    custody.note(user, "request.pack", request, purpose, export=export.ref)
    return export
