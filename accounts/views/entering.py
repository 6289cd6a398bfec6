"""How somebody gets in once the password was right: the one way, whatever the door."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from accounts.freshness import mark_fresh
from accounts.models import User
from accounts.pending import hold, let_go
from accounts.permissions import AnyUser, opens
from accounts.second_factor import has_second_factor, mark_verified, needs_second_factor

BACKEND = "accounts.backends.UserTypeBackend"


def enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """After the password: to the second step, to setting one up, or in."""
    if has_second_factor(user):
        hold(request, user, target)
        return redirect("accounts:second_step")
    if needs_second_factor(user):
        hold(request, user, target)
        return redirect("accounts:second_factor_app")
    return admit(request, user, target)


def admit(request: HttpRequest, user: User, target: str, *, second_factor: bool = False) -> HttpResponse:
    """Signed in, in a session with a new key."""
    let_go(request)
    login(request, user, backend=BACKEND)
    mark_fresh(request)
    if second_factor:
        mark_verified(request)
    return HttpResponseRedirect(target)


def first_door(user: AnyUser) -> str:
    """Where a person starts the day."""
    if opens(user, "dashboard"):
        return "/desk/"
    if opens(user, "transcripts"):
        return "/transcripts/"
    if opens(user, "admin"):
        return reverse("admin:index")
    return reverse("accounts:profile")
