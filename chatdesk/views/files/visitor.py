"""A visitor's file, on its way to the conversation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chatdesk.actions.files import receive
from chatdesk.models import Conversation, Visitor
from chatdesk.origins import parts_of
from chatdesk.permissions import BEARER, conversation_for_visitor, visitor_of_request
from chatdesk.protocol import Code, Refused
from chatdesk.views.files.answers import answered, created
from chatdesk.views.files.form import count_bytes, sent_file


# Django's own token can't guard this door: the page sets no cookie before the first message. Scripts bring the
# visitor's token in a header, which no other site can send; a cookie alone is believed from the desk's own page only.
@csrf_exempt
@require_POST
@answered
def upload(request: HttpRequest, slug: str = "default") -> HttpResponse:
    count_bytes(request)
    visitor = visitor_of_request(request)
    if visitor is None:
        raise Refused(Code.AUTH_REQUIRED, _("This conversation can't be found any more."))
    if not _brings_header(request) and not _from_own_page(request):
        raise Refused(Code.AUTH_DENIED, _("This was sent from another site."))
    conversation = _conversation(visitor, slug)
    file, client_id = sent_file(request)
    return created(receive(conversation, conversation.participants.get(user=None), file, client_id))


def _conversation(visitor: Visitor, slug: str) -> Conversation:
    own = visitor.conversations.filter(button__slug=slug, hidden_at=None).order_by("-pk")
    return conversation_for_visitor(visitor, own.values_list("ref", flat=True).first() or "-")


def _brings_header(request: HttpRequest) -> bool:
    return request.headers.get("Authorization", "").startswith(BEARER)


def _from_own_page(request: HttpRequest) -> bool:
    """Whether `Origin`, or `Referer` where there is none, names this very host. Browsers send one with every post."""
    page = request.headers.get("Origin") or request.headers.get("Referer", "")
    named = parts_of(page)
    return (named.scheme, named.netloc) == (request.scheme, request.get_host())
