"""Above the lists of the desk: what came meanwhile, and which promises are due."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from chatdesk.views.desk.door import desk_form, desk_view
from tickets.actions import meanwhile
from tickets.querysets import promises_due

MOST_DUE = 3


@desk_view
def news(request: HttpRequest, user: User) -> HttpResponse:
    """The bar anew; 204 if it looks as the page says it does (`shown`), so that nothing moves under a hand."""
    text = _text(user, request)
    unchanged = request.GET.get("shown") == _mark(text)
    return HttpResponse(status=204) if unchanged else HttpResponse(_bar(text))


@desk_form
def dismiss(request: HttpRequest, user: User) -> HttpResponse:
    meanwhile.dismiss(user)
    return HttpResponse(_bar(_text(user, request)))


def render_top(context: Mapping[str, Any]) -> str:
    """For the slot: the bar, and the empty dialog that forms of a ticket open in."""
    user, request = context["user"], context.get("request")
    return render_to_string("tickets/_top.html", {"bar": _bar(_text(user, request))})


def _bar(text: str) -> str:
    return render_to_string("tickets/_news_bar.html", {"text": text, "mark": _mark(text)})


def _text(user: User, request: HttpRequest | None) -> str:
    due = list(promises_due(user)[: MOST_DUE + 1])
    context = {
        "news": meanwhile.news_of(user),
        "due": due[:MOST_DUE],
        "has_more_due": len(due) > MOST_DUE,
        "now": timezone.now(),
    }
    return render_to_string("tickets/_news.html", context, request)


def _mark(text: str) -> str:
    """What the bar says, in a few letters; the form's own secret is another each time."""
    words = "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)
    return sha256(words.encode()).hexdigest()[:16]
