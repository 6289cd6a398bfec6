"""What a host page loads: the launcher, and a button's public state."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition, require_safe

from chatdesk.bundle import COMMENT
from chatdesk.buttonwords import words_of
from chatdesk.models import Button
from chatdesk.states import button_state
from chatdesk.views.launcher import launcher_facts, launcher_plans
from chatdesk.views.visitor.page import framed_by_sites, speak

STATE_SECONDS = 20
SCRIPT_SECONDS = 300
LAUNCHER = "widget/launcher.js"


@cache
def _script() -> tuple[str, str]:
    """The launcher without its comments, and a digest of it."""
    text = COMMENT.sub("", Path(str(finders.find(LAUNCHER))).read_text())
    return text, hashlib.sha256(text.encode()).hexdigest()[:16]


def _etag(request: HttpRequest) -> str:
    return f'"{_script()[1]}"'


@require_safe
@condition(etag_func=_etag)
def script(request: HttpRequest) -> HttpResponse:
    """/widget.js: one address that never changes, so a short cache and an ETag."""
    response = HttpResponse(_script()[0], content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={SCRIPT_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def state(request: HttpRequest, slug: str) -> JsonResponse:
    """/buttons/<slug>.json: what anybody may know of a button. Any site may read it; it is the same for everybody."""
    chosen = Button.objects.select_related("group").prefetch_related("texts")
    button = chosen.filter(slug=slug, is_active=True).first()
    if button is not None:
        speak(request, button)
    facts = _facts(button) if button else {"state": "unknown"}
    response = JsonResponse(facts, status=200 if button else 404)
    seconds = min(STATE_SECONDS, int(facts.get("ask_in", STATE_SECONDS)))
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _facts(button: Button) -> dict[str, Any]:
    now = button_state(button)
    return {**launcher_facts(button, now, words_of(button)), **launcher_plans(button, now)}


@require_safe
def known(request: HttpRequest, slug: str) -> HttpResponse:
    """/buttons/<slug>/known/: a frame that tells the button's sites whether this browser wrote through it before.

    It looks into the browser's own storage, and asks the desk nothing.
    """
    button = get_object_or_404(Button, slug=slug, is_active=True)
    response = render(request, "chat/known.html", {"button": button})
    response["Cache-Control"] = f"public, max-age={SCRIPT_SECONDS}"
    return framed_by_sites(response, button)
