"""A short page for everybody: how to work here, what visitors may expect, where an admin begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatdesk.sitelimits import site_settings
from routing.actions import LEASE


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    facts = {"site": site_settings(), "lease_seconds": int(LEASE.total_seconds())}
    return render(request, "help/help.html", facts)
