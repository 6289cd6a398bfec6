"""Who may come in: compliance staff, who said what for. An admin or an operator is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import refusal
from transcripts.actions import purposes
from transcripts.models import Purpose

P = ParamSpec("P")


@dataclass(frozen=True)
class Reader:
    """Somebody of the compliance staff, with what they read for."""

    user: User
    purpose: Purpose


View = Callable[Concatenate[HttpRequest, Reader, P], HttpResponseBase]
Opened = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def compliance(view: View[P]) -> Opened[P]:
    """A page of the compliance desk, called with its reader: GET alone."""
    return require_safe(_purposeful(view))


def compliance_form(view: View[P]) -> Opened[P]:
    """The same for what is shown and sent at one address."""
    return require_http_methods(["GET", "HEAD", "POST"])(_purposeful(view))


def reader_of(request: HttpRequest) -> User | HttpResponse:
    """Who may come in at all, or the way to sign in. Raises PermissionDenied for who is not of the compliance staff."""
    refused = refusal(request, "transcripts")
    if refused is not None:
        return refused
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _purposeful(view: View[P]) -> Opened[P]:
    @wraps(view)
    def opened(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = reader_of(request)
        if isinstance(user, HttpResponse):
            return user
        purpose = purposes.of_session(user, request.session.session_key)
        if purpose is None:
            back = request.get_full_path() if request.method == "GET" else request.path
            return redirect(f"{reverse('transcripts:purpose')}?{urlencode({'next': back})}")
        request.purpose = purpose  # type: ignore[attr-defined]  # the pages' head shows it
        return view(request, Reader(user, purpose), *args, **kwargs)

    return never_cache(opened)
