from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actions.opening import opened_for
from accounts.views.entering import admit, first_door


@never_cache
@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link that the console printed. A press signs in, so that no preview of the link can use it up."""
    user = opened_for(token)
    if user is None:
        return render(request, "accounts/opening_dead.html", status=404)
    if request.method == "POST":
        return admit(request, user, first_door(user))
    return render(request, "accounts/opening.html", {"person": user})
