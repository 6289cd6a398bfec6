"""For machines that watch the desk: alive, ready, and how much it does."""

from __future__ import annotations

import secrets
from datetime import timedelta
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chatdesk import metrics
from chatdesk.readiness import readiness
from chatdesk.realtime import hub
from routing.models import Request, State

LATELY = timedelta(hours=24)
PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers. Nothing else is asked, so that a slow database gets no process killed."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """`{"database": word, "bus": word, "storage": word}`; a word is ok, down or slow. 503 unless all are ok."""
    words = readiness()
    return JsonResponse(words, status=200 if set(words.values()) == {"ok"} else 503)


@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for this machine and for whoever knows METRICS_TOKEN."""
    if not (_has_token(request) or _is_local(request)):
        words = _("Metrics are for this machine, or for a request with the METRICS_TOKEN of the desk's environment.")
        return HttpResponse(f"{words}\n", status=403, content_type="text/plain; charset=utf-8")
    _count_sockets()
    _count_conversations()
    _count_ended()
    return HttpResponse(generate_latest(metrics.REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and scheme == "Bearer" and secrets.compare_digest(given.encode(), wanted.encode())


def _is_local(request: HttpRequest) -> bool:
    """A proxy on this machine speaks for others: what it passes on needs the token."""
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _count_sockets() -> None:
    metrics.SOCKETS.labels("visitor").set(len(hub.visitors))
    metrics.SOCKETS.labels("desk").set(sum(map(len, list(hub.operators.values()))))


def _count_ended() -> None:
    """Of the last day, so that what is counted is bounded, and the same whichever process is asked."""
    metrics.ENDED.clear()
    lately = Request.objects.filter(closed_at__gt=timezone.now() - LATELY, outcome__gt="").order_by()
    try:
        rows = list(lately.values_list("group__slug", "outcome").annotate(count=Count("id")))
    except DatabaseError:
        return
    for group, outcome, count in rows:
        metrics.ENDED.labels(group, outcome).set(count)


def _count_conversations() -> None:
    metrics.CONVERSATIONS.clear()
    open_ones = Request.objects.filter(state__in=[State.WAITING, State.ACTIVE]).order_by()
    try:
        rows = list(open_ones.values_list("group__slug", "state").annotate(count=Count("id")))
    except DatabaseError:
        return  # the rest is worth telling, above all now
    for group, state, count in rows:
        metrics.CONVERSATIONS.labels(group, state).set(count)
