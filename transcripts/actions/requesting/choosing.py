"""Which of what was found is meant: ticks, with a reason where somebody changes one, and the word that this is all."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.protocol import Code, Refused
from transcripts.actions import custody
from transcripts.actions.requesting import gate, looking
from transcripts.actions.retaining.clock import database_now
from transcripts.models import Purpose, RequestItem, SubjectRequest


@transaction.atomic
def choose(user: User, purpose: Purpose, request_id: int, chosen: Collection[int], reason: str) -> int:
    """These items are meant and no others; how many ticks that changed. What was begun with keeps its tick.

    Raises Refused: `form.incomplete` without a reason for a change, `state.conflict`, `auth.denied`.
    """
    request = gate.unanswered(user, request_id)
    items = list(request.items.filter(state=RequestItem.State.FOUND))
    changed = [item for item in items if item.is_chosen != (item.pk in chosen)]
    if not changed:
        return 0
    words = gate.why(reason)
    for item in changed:
        item.is_chosen, item.reason = not item.is_chosen, words
    RequestItem.objects.bulk_update(changed, ["is_chosen", "reason"])
    SubjectRequest.objects.filter(pk=request.pk).update(scoped_at=None, scoped_by=None)
    more = sum(item.is_chosen for item in changed)
    custody.note(user, "request.choose", request, purpose, ticked=more, unticked=len(changed) - more)
    return len(changed)


@transaction.atomic
def confirm(user: User, purpose: Purpose, request_id: int) -> bool:
    """What is ticked is all that is meant. False, and nothing is confirmed, if a last look finds something more.

    Raises Refused `state.conflict`, also while it is not clear who asks; `auth.denied`.
    """
    request = gate.unanswered(user, request_id, proven=True)
    if request.scoped_at is not None:
        raise Refused(Code.CONFLICT, _("The scope was confirmed already."))
    if looking.found_anew(request):
        return False
    SubjectRequest.objects.filter(pk=request.pk).update(scoped_at=database_now(), scoped_by=user)
    chosen = request.items.filter(is_chosen=True).count()
    custody.note(user, "request.scope", request, purpose, conversations=chosen, found=request.items.count())
    return True
