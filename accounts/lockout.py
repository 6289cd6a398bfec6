"""The lock against guessing: five wrong passwords for one account from one address, then a quarter of an hour."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.addresses import client_address, subscriber
from accounts.models import normal_email


def guessed_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """The account that was tried, in the one spelling that finds it: no second counter for another one."""
    return normal_email((credentials or {}).get("username") or request.POST.get("username", ""))


def guessing_address(request: HttpRequest) -> str | None:
    """The address that tries are counted for. None without one."""
    return subscriber(client_address(request)) or None


def locked_out(request: HttpRequest, *_facts: object) -> HttpResponse:
    """The page that says how long, and what to do. 429 (RFC 6585) with Retry-After in seconds."""
    seconds = seconds_left(guessed_name(request), guessing_address(request))
    response = render(request, "accounts/locked.html", {"minutes": math.ceil(seconds / 60)}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def seconds_left(name: str, address: str | None) -> int:
    cool_off = get_cool_off()
    tried = AccessAttempt.objects.filter(username=name, ip_address=address)
    last = tried.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    left: timedelta = last + cool_off - timezone.now()
    return max(1, math.ceil(left.total_seconds()))
