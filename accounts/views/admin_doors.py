"""Django admin's own doors lead to ours: one place to sign in, with one set of rules."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.permissions import opens


def admin_login(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    target = asked if here else reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(target)
    if not opens(request.user, "admin"):
        raise PermissionDenied
    return HttpResponseRedirect(target)
