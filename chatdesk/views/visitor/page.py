"""The chat page: a GET shows it, a POST is the form of browsers without script."""

from __future__ import annotations

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import activate, get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chatdesk.actions.visitors import mark_looking
from chatdesk.buttonwords import page_language
from chatdesk.models import Button
from chatdesk.permissions import visitor_of_request, visitor_of_token
from chatdesk.protocol import Code, Refused
from chatdesk.validators import sites
from chatdesk.views.files import count_bytes
from chatdesk.views.visitor.answer import forbidden, rendered
from chatdesk.views.visitor.asked import Asked
from chatdesk.views.visitor.news import news
from chatdesk.views.visitor.posting import Done, carry_out


@csrf_exempt  # own_post() guards the form: a CSRF cookie would be stored before the first message
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str = "default") -> HttpResponse:
    """The page of one button. Unknown and inactive buttons are not found."""
    chosen = Button.objects.select_related("group").prefetch_related("texts")
    button = get_object_or_404(chosen, slug=slug, is_active=True)
    speak(request, button)
    count_bytes(request)
    asked = Asked(request, button, visitor_of_request(request))
    if asked.visitor is not None:
        mark_looking(asked.visitor)
    response = framed_by_sites(_answer(asked), button)
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def speak(request: HttpRequest, button: Button) -> None:
    """For the rest of the request, the language that the button and the visitor share."""
    language = page_language(button, request.headers.get("Accept-Language", ""), get_language() or "")
    activate(language)
    request.LANGUAGE_CODE = language


def _answer(asked: Asked) -> HttpResponse:
    if asked.request.method == "POST":
        return _sent(asked)
    return news(asked) if "news" in asked.request.GET else rendered(asked)


def _sent(asked: Asked) -> HttpResponse:
    try:
        return rendered(asked) if asked.only_looks else _posted(asked)
    except Refused as refused:  # by the count of its bytes, while the form was read
        return rendered(asked, problem=refused.detail, status=413)


def _posted(asked: Asked) -> HttpResponse:
    if not asked.is_own_post:
        return forbidden(asked)
    try:
        done = carry_out(asked)
    except Refused as refused:
        return rendered(asked, problem=refused.detail, status=429 if refused.code == Code.RATE else 422)
    response = _with_problem(asked, done) if done.problem else HttpResponseRedirect(asked.next_url)
    if done.token:
        asked.remember(response, done.token)
    return response


def _with_problem(asked: Asked, done: Done) -> HttpResponse:
    """The conversation as it stands now, and why a file of it was refused."""
    visitor = visitor_of_token(done.token) if done.token else asked.visitor
    now = Asked(asked.request, asked.button, visitor)
    now.typed = {}
    return rendered(now, problem=done.problem, status=422)


def framed_by_sites(response: HttpResponse, button: Button) -> HttpResponse:
    """Let the button's sites, and the desk itself, show this in a frame."""
    response._csp_update = {"frame-ancestors": [SELF, *sites(button.allowed_sites)]}  # type: ignore[attr-defined]
    return response
