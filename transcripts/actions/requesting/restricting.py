"""Restriction (GDPR, Art. 18): out of everybody's sight but that of the compliance staff, with a reason and a day."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.protocol import Code, Refused
from transcripts import sight
from transcripts.actions import custody
from transcripts.actions.requesting import gate
from transcripts.actions.requesting.keeping import locked
from transcripts.actions.retaining.proposing import check_staff
from transcripts.models import Purpose, RequestItem
from transcripts.signals import conversation_restricted

State = RequestItem.State
AT_WISH = (
    RequestItem.Code.ACCURACY,
    RequestItem.Code.UNLAWFUL,
    RequestItem.Code.NEEDED,
    RequestItem.Code.OBJECTION,
)


@transaction.atomic
def restrict(user: User, purpose: Purpose, request_id: int, code: str, review_on: date) -> int:
    """All that is meant and has ended, at the person's own wish; how many. What goes on can be when it has ended.

    Raises Refused: `form.incomplete` for another code or a day that is over, `state.conflict`, `auth.denied`.
    """
    request = gate.unanswered(user, request_id, proven=True, scoped=True)
    if code not in AT_WISH:
        raise Refused(Code.FORM, _("Please choose why it is restricted."))
    if review_on <= gate.today():
        raise Refused(Code.FORM, _("Please choose a day on which somebody looks at it again."))
    items = list(request.items.filter(is_chosen=True, state=State.FOUND))
    rows = {row.pk: row for row in locked([item.conversation_id for item in items if item.conversation_id])}
    ended = [item for item in items if (row := rows.get(item.conversation_id or 0)) and row.closed_at]
    for item in ended:
        restrict_item(item, code, review_on)
    custody.note(user, "request.restrict", request, purpose, code=code, restricted=len(ended), found=len(items))
    return len(ended)


def restrict_item(item: RequestItem, code: str, review_on: date) -> None:
    """The conversation is locked by the caller."""
    fresh = {"state": State.RESTRICTED, "code": code, "review_on": review_on, "reviewed_at": None, "woken_at": None}
    RequestItem.objects.filter(pk=item.pk).update(**fresh)
    if item.conversation is not None:
        sight.hide([item.conversation.pk])
        conversation_restricted.send(None, conversation=item.conversation)


@transaction.atomic
def lift(user: User, purpose: Purpose, request_id: int, item_id: int, reason: str) -> None:
    """It is found again as before; the person has to be told first (Art. 18(3)). Raises Refused."""
    check_staff(user)
    words = gate.why(reason)
    item = RequestItem.objects.filter(pk=item_id, request=request_id).first()
    rows = locked([item.conversation_id] if item and item.conversation_id else [])
    mine = RequestItem.objects.filter(pk=item_id, request=request_id, state=State.RESTRICTED)
    if item is None or not mine.update(state=State.LIFTED, reason=words, woken_at=None):
        raise Refused(Code.CONFLICT, _("This is not restricted any more."))
    sight.show([row.pk for row in rows])
    custody.note(user, "request.lift", item.request, purpose, conversation=item.ref)


@transaction.atomic
def review(user: User, purpose: Purpose, request_id: int, item_id: int, until: date) -> None:
    """Somebody looked: it still has to be restricted, and is looked at again on that day. Raises Refused."""
    check_staff(user)
    if until <= gate.today():
        raise Refused(Code.FORM, _("Please choose a day on which somebody looks at it again."))
    mine = RequestItem.objects.filter(pk=item_id, request=request_id, state=State.RESTRICTED)
    if not mine.update(review_on=until, reviewed_at=None):
        raise Refused(Code.CONFLICT, _("This is not restricted any more."))
    item = mine.get()
    custody.note(user, "request.review", item.request, purpose, conversation=item.ref, until=until)
