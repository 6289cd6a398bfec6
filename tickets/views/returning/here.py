"""The pick-up box on the chat page itself, for the visitor who is still there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.addresses import client_address, subscriber
from chatdesk import pace
from chatdesk.contact import check_address
from chatdesk.links import page_url
from chatdesk.models import Button, Conversation, Visitor
from chatdesk.permissions import BEARER, visitor_of_request
from chatdesk.protocol import Refused
from chatdesk.views.visitor.origin import own_post
from tickets.actions import pickup
from tickets.views.returning import tries
from tickets.views.returning.parts import box_context
from tickets.views.returning.passes import give_visitor


@csrf_exempt  # own_post() guards the form, as on the chat page itself: it sets no cookie before the first message
@never_cache
@require_POST
def here(request: HttpRequest, slug: str) -> HttpResponse:
    """The visitor's newest conversation through this button; an `address` in the form is where to tell of answers."""
    button = get_object_or_404(Button, slug=slug)
    visitor = visitor_of_request(request)
    if visitor is None or not own_post(request):
        return HttpResponse(status=403)
    conversation = _newest(visitor, button)
    if conversation is None:
        return HttpResponse(status=404)
    problem = _leave(request, conversation)
    if not request.headers.get("Authorization", "").startswith(BEARER):
        return HttpResponseRedirect(page_url(button))
    is_ending = "ending" in request.GET or request.POST.get("name") == "ending"
    name = "ending" if is_ending else "kept"
    context = box_context(conversation, name) | {"problem": problem}
    response = render(request, "returning/_box.html", context)
    give_visitor(response, request, visitor)  # the page of all that is theirs has no script to bring the token
    return response


def _newest(visitor: Visitor, button: Button) -> Conversation | None:
    own = Conversation.objects.select_related("button", "request", "group")
    return own.filter(visitor=visitor, button=button, hidden_at=None).order_by("-pk").first()


def _leave(request: HttpRequest, conversation: Conversation) -> str:
    """Why the address was refused, else ""."""
    address = request.POST.get("address", "").strip()
    if not address:
        return ""
    try:
        pace.check(tries.addresses, conversation.pk)
        pace.check(tries.openings, subscriber(client_address(request)))
        check_address(address)
        pickup.leave_address(conversation, address)
    except Refused as refused:
        return refused.detail
    return ""
