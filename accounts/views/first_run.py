from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions.first_admin import AlreadyThere, make_first_admin
from accounts.first_run import is_alive
from accounts.forms.first_run import FirstRunForm
from accounts.views.entering import enter


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    if not is_alive(token):
        return _dead(request)
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _welcome(request, form)
    return render(request, "accounts/first_run.html", {"form": form})


def _welcome(request: HttpRequest, form: FirstRunForm) -> HttpResponse:
    facts = form.cleaned_data
    try:
        admin = make_first_admin(facts["email"], facts["display_name"], facts["password"])
    except AlreadyThere:
        return _dead(request)
    return enter(request, admin, reverse("admin:index"))


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/first_run_dead.html", status=404)
