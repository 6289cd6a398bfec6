"""The gate of every HTTP request by somebody who is signed in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from accounts.actions.sign_ins import NOTED_EVERY, end_sign_in, find, follow, note_deed
from accounts.addresses import client_address
from accounts.decision import Decision
from accounts.gate import decide
from accounts.models import SignIn


class GateMiddleware(MiddlewareMixin):
    """Ends the session of who may not be signed in (any more), and says why. Public pages are then a stranger's."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None  # a look into the session would make every public page vary by cookie
        if SESSION_KEY not in request.session or not request.user.is_authenticated:
            return None
        sign_in = find(request.session, request.user)
        if sign_in is None:
            _sign_out(request)  # it was ended from elsewhere
            return None
        decision = decide(request.user, client_address(request), session=sign_in)
        if not decision.allowed:
            return _refuse(request, sign_in, decision)
        if is_deed(request) and sign_in.acted_at < timezone.now() - NOTED_EVERY:
            note_deed(sign_in.pk)
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A session may have got another key, as after a new password."""
        session = getattr(request, "session", None)
        if session is not None and session.modified:
            follow(session)
        return response


def is_deed(request: HttpRequest) -> bool:
    """Whether a person did this, and not a page by itself: a post, or a page opened."""
    if request.method not in ("GET", "HEAD"):
        return True
    is_fragment = request.headers.get("HX-Request") == "true"
    return not is_fragment and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def refused_page(request: HttpRequest, decision: Decision) -> HttpResponse:
    """403 with the reason in words and when it opens again."""
    facts = {"decision": decision, "opens": decision.opens_again(timezone.now())}
    response = render(request, "accounts/refused.html", facts, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


def _refuse(request: HttpRequest, sign_in: SignIn, decision: Decision) -> HttpResponse | None:
    end_sign_in(sign_in, reason=decision.code)
    _sign_out(request)
    return None if request.path.startswith(tuple(settings.GATE_OPEN)) else refused_page(request, decision)


def _sign_out(request: HttpRequest) -> None:
    request.session.flush()
    request.user = AnonymousUser()
