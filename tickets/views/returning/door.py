"""The way in: a link, or eight words. Looking takes nothing; a press opens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.addresses import client_address, subscriber
from chatdesk import pace
from chatdesk.protocol import Code, Refused
from tickets.actions import pickup
from tickets.actions.pickup import boxes
from tickets.composing.eightwords import read_words
from tickets.models import PickupBox
from tickets.views.returning import tries
from tickets.views.returning.passes import caller, give, pass_of
from tickets.views.returning.rows import rows_of

STATUS = {Code.UNKNOWN: 404, Code.RATE: 429, Code.AUTH_DENIED: 403}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link. A GET is a door with a button, so that no scanner of links opens anything."""
    if request.method == "POST":
        return _opened(request, token)
    box = pickup.knock(token, caller(request))
    if box is None:
        return _closed(request, _("This link leads nowhere. Please check that it is complete."))
    if not box.is_open:
        return _closed(request, pickup.refused(box).detail)
    return _sealed(render(request, "returning/door.html", _facts(box.row) | {"token": token}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """The page of who comes back: the eight words, and what is open in this browser already."""
    typed = request.POST.get("words", "")
    if request.method == "POST":
        try:
            pace.check(tries.openings, subscriber(client_address(request)))
            opened = pickup.open_by_words(typed, caller(request), request.POST.get("code"))
            return _led_in(request, opened)
        except Refused as refused:
            if refused.code == Code.AUTH_REQUIRED:
                return _asks_code(request, {"words": typed})
            return _words_page(request, typed, refused)
    return _words_page(request, "", None)


@never_cache
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Mail a code to the visitor's own address, for a box that asks for one."""
    typed, token = request.POST.get("words", ""), request.POST.get("token", "")
    facts: dict[str, object] = {"words": typed, "token": token}
    try:
        pace.check(tries.openings, subscriber(client_address(request)))
        row = boxes.of_secret(token) if token else boxes.of_words(read_words(typed))
        if row is None or not row.asks_code or not boxes.look_at(row).is_open:
            return _closed(request, _("Nothing is found here. Please check that the link or the words are complete."))
        pace.check(tries.codes, row.pk)
        pickup.send_code(row)
    except Refused as refused:
        return _asks_code(request, facts, refused)
    return _asks_code(request, facts | {"is_sent": True})


def _opened(request: HttpRequest, token: str) -> HttpResponse:
    try:
        pace.check(tries.openings, subscriber(client_address(request)))
        return _led_in(request, pickup.open_by_secret(token, caller(request), request.POST.get("code")))
    except Refused as refused:
        if refused.code == Code.AUTH_REQUIRED:
            return _asks_code(request, {"token": token})
        if refused.code == Code.AUTH_DENIED:
            return _asks_code(request, {"token": token}, refused)
        return _closed(request, refused.detail, STATUS.get(refused.code, 422))


def _led_in(request: HttpRequest, row: PickupBox) -> HttpResponse:
    response = HttpResponseRedirect(reverse("tickets:return-room", args=[row.conversation.ref]))
    give(response, request, row)
    return response


def _words_page(request: HttpRequest, typed: str, refused: Refused | None) -> HttpResponse:
    if refused is not None and refused.code == Code.AUTH_DENIED:
        return _asks_code(request, {"words": typed}, refused)
    context: dict[str, object] = {
        "typed": typed,
        "problem": refused.detail if refused else "",
        "rows": rows_of(pass_of(request)),
    }
    context["deleted"] = "deleted" in request.GET
    status = STATUS.get(refused.code, 422) if refused else 200
    return _sealed(render(request, "returning/words.html", context, status=status))


def _asks_code(request: HttpRequest, facts: dict[str, object], refused: Refused | None = None) -> HttpResponse:
    context = facts | {"problem": refused.detail if refused else ""}
    status = STATUS.get(refused.code, 422) if refused else 200
    return _sealed(render(request, "returning/code.html", context, status=status))


def _closed(request: HttpRequest, problem: str, status: int = 404) -> HttpResponse:
    return _sealed(render(request, "returning/closed.html", {"problem": problem}, status=status))


def _facts(row: PickupBox) -> dict[str, object]:
    return {"button": row.conversation.button, "group": row.conversation.group, "expires_at": row.expires_at}


def _sealed(response: HttpResponse) -> HttpResponse:
    """The address of the page is a secret: it goes into no Referer, and into no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
