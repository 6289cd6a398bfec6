"""Who may come in: signed in, and of a user type that opens the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import Module, opens, refusal
from chatdesk.protocol import Code, Refused

P = ParamSpec("P")

STATUS = {Code.AUTH_REQUIRED: 401, Code.AUTH_DENIED: 403, Code.UNKNOWN: 404}


def wants_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def desk_view(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page or fragment of the desk, called with the operator. What is refused becomes a plain answer here."""
    return require_safe(_opened(view, "dashboard"))


def desk_form(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The same for what changes something or has to be asked for: POST alone."""
    return require_POST(_opened(view, "dashboard"))


def desk_dialog(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The same for a form that is shown and sent at one address."""
    return require_http_methods(["GET", "POST"])(_opened(view, "dashboard"))


def record_view(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The same for records, which people who only read transcripts may have as well."""
    return require_safe(_opened(view, "dashboard", "transcripts"))


def record_dialog(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The same for a form that is shown and sent at one address."""
    return require_http_methods(["GET", "POST"])(_opened(view, "dashboard", "transcripts"))


def _opened(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse], *modules: Module
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or not any(opens(user, module) for module in modules):
            return _turned_away(request)
        try:
            return view(request, user, *args, **kwargs)
        except Refused as refused:
            return refused_page(request, STATUS.get(refused.code, 400), refused.detail)

    return never_cache(opened)


def _turned_away(request: HttpRequest) -> HttpResponse:
    """A fragment says so in its place; a page leads to the way to sign in, or to the 403 page."""
    if not wants_fragment(request):
        return refusal(request, "dashboard") or HttpResponse(status=403)
    if request.user.is_authenticated:
        return refused_page(request, 403, _("Your account does not open the desk."))
    return refused_page(request, 401, _("You are signed out."))


def refused_page(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    template = "desk/_refused.html" if wants_fragment(request) else "desk/refused.html"
    return render(request, template, {"detail": detail}, status=status)
