"""What a host page loads: the launcher, and a button's public state."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from chatdesk.bundle import COMMENT
from chatdesk.models import Button
from chatdesk.states import button_state
from chatdesk.views.visitor.colours import ink_on
from chatdesk.views.visitor.texts import STATES

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
    button = Button.objects.select_related("group").filter(slug=slug, is_active=True).first()
    response = JsonResponse(_facts(button)) if button else JsonResponse({"state": "unknown"}, status=404)
    response["Cache-Control"] = f"public, max-age={STATE_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _facts(button: Button) -> dict[str, str]:
    now = button_state(button)
    return {
        "button": button.slug,
        "state": now.state,
        "words": str(STATES[now.state]),
        "label": button.label,
        "close": _("Close chat"),
        "colour": button.colour,
        "ink": ink_on(button.colour),
        "position": button.position,
        "dir": "rtl" if get_language_bidi() else "ltr",
    }
