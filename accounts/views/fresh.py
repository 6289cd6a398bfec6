from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.freshness import is_fresh
from accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def fresh_required(view: View[P]) -> View[P]:
    """Asks for the password first when it was last given more than five minutes ago."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated and not is_fresh(request):
            onward = request.path if request.method == "GET" else reverse("accounts:second_factor")
            return redirect(f"{reverse('accounts:confirm')}?next={onward}")
        return view(request, *args, **kwargs)

    return guarded


def myself(request: HttpRequest) -> User:
    """Who is signed in, read anew: a refused form must not change the name in the page's header."""
    return User.objects.select_related("user_type").get(email=request.user.get_username())
