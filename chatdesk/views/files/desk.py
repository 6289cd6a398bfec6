"""An operator's file, on its way to the visitor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.permissions import opens
from chatdesk.actions.conversations import begin, operator_part
from chatdesk.actions.files import receive
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.views.files.answers import answered, created
from chatdesk.views.files.form import count_bytes, sent_file


# Django's check of its token reads the form, so it must come after the form is held to its limit: hence the two steps.
@csrf_exempt
@require_POST
@answered
def upload(request: HttpRequest, ref: str) -> HttpResponseBase:
    user = request.user
    if not isinstance(user, User) or not opens(user, "dashboard"):
        raise Refused(Code.AUTH_REQUIRED, _("You are signed out."))
    conversation_for_operator(user, ref, "answer")
    count_bytes(request)
    return _upload(request, user, ref)


@csrf_protect
def _upload(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    conversation = conversation_for_operator(user, ref, "answer")
    file, client_id = sent_file(request)
    begin(user, conversation.pk)
    return created(receive(conversation, operator_part(conversation, user), file, client_id))
