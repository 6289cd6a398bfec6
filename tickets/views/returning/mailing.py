"""A transcript by mail, for the visitor who shows that the address is theirs: a code goes there first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from chatdesk import pace
from chatdesk.contact import masked
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from tickets.actions import correspondents, outbox, pickup
from tickets.models import Correspondent, PickupBox
from tickets.views.returning import tries
from tickets.views.returning.passes import pass_of
from transcripts.models import Form

STATUS = {Code.RATE: 429, Code.UNKNOWN: 404, Code.AUTH_DENIED: 403}


@never_cache
@require_POST
def mail_copy(request: HttpRequest, ref: str) -> HttpResponse:
    """Queue it, or send a code that proves the address and ask for it."""
    facts: dict[str, object] = {}
    status = 200
    try:
        conversation = pass_of(request).conversation(ref)
        facts = {"conversation": conversation, "form": _form(request)}
        facts |= _answer(conversation, _form(request), request.POST.get("code", ""))
    except Refused as refused:
        if not facts:
            return render(request, "returning/closed.html", {"problem": refused.detail}, status=404)
        facts |= {"problem": refused.detail, "asks_code": refused.code == Code.AUTH_DENIED}
        status = STATUS.get(refused.code, 422)
    return render(request, "returning/mailing.html", facts, status=status)


def _form(request: HttpRequest) -> str:
    asked = request.POST.get("form", "")
    return asked if asked in Form.values else Form.PDF.value


def _answer(conversation: Conversation, form: str, code: str) -> dict[str, object]:
    to = pickup.visitor_by_mail(conversation)
    if to is None:
        raise Refused(Code.CONFLICT, _("No address of yours is known here. You can save the conversation instead."))
    if not to.is_proven:
        if not code:
            return _send_code(conversation, to)
        if not pickup.check_code(_box(conversation), code):
            raise Refused(Code.AUTH_DENIED, _("This is not the code, or it is too old."))
        to.refresh_from_db()
    outbox.mail_transcript(to, form)
    return {"sent_to": _shown(to)}


def _send_code(conversation: Conversation, to: Correspondent) -> dict[str, object]:
    row = _box(conversation)
    pace.check(tries.codes, row.pk)
    pickup.send_code(row)
    return {"asks_code": True, "code_to": _shown(to)}


def _box(conversation: Conversation) -> PickupBox:
    pickup.living_box(conversation)
    return PickupBox.objects.select_related("conversation").get(conversation=conversation)


def _shown(to: Correspondent) -> str:
    """Whoever opened this page knows whether it is theirs, and learns no more of it."""
    return masked(correspondents.address_of(to))
