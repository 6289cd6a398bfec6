"""What leaves a conversation: the visitor's address on the screen, and the transcript as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from accounts.models import User
from chatdesk.actions.records import asked_lately, export_conversation, reveal_contact
from chatdesk.contact import address_of
from chatdesk.models import Conversation
from chatdesk.permissions import Able, conversation_for_operator, deeds
from chatdesk.protocol import Code, Refused
from chatdesk.views.desk.door import desk_form, record_view


@desk_form
def contact(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """The visitor's address, for a reason; without one, the question again."""
    try:
        found = reveal_contact(user, ref, request.POST.get("reason", ""))
    except Refused as refused:
        if refused.code != Code.FORM:
            raise
        found = conversation_for_operator(user, ref, "contact")
        return render(request, "desk/_contact.html", contact_context(user, found) | {"missing": refused.detail})
    return render(request, "desk/_contact.html", contact_context(user, found) | {"told": True})


@record_view
def export(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """The transcript to save, as `form` says: text, html or json."""
    file = export_conversation(user, ref, request.GET.get("form", "text"))
    response = HttpResponse(file.text, content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def contact_context(user: User, conversation: Conversation, able: Able | None = None) -> dict[str, object]:
    """What the address's place in the side panel needs. `able`: what this person may do, where that is known."""
    may = able or deeds(user, conversation, "contact")
    address = address_of(conversation)
    shows = bool(address) and may["contact"]
    return {
        "conversation": conversation,
        "address": address,
        "contact_open": shows and asked_lately(user, conversation),
        "may_contact": shows,
    }
