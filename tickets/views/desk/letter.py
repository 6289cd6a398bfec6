"""A mail as it looked: cleaned, masked, and where nothing in it can do anything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.views.desk.door import record_view
from tickets.models import Letter

POLICY = "default-src 'none'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; sandbox"


@record_view
def letter_html(request: HttpRequest, user: User, ref: str, seq: int) -> HttpResponse:
    """The HTML of the mail that entry `seq` came by. No script, no style, and nothing from any other server."""
    conversation = conversation_for_operator(user, ref)
    letter = Letter.objects.filter(entry__conversation=conversation, entry__seq=seq).exclude(html="").first()
    if letter is None:
        raise Refused(Code.INVALID, _("This message has no other look than its text."))
    response = render(request, "tickets/letter.html", {"letter": letter})
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    return response
