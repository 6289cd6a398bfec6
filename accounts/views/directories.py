from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.directory.errors import DirectoryDown, TooManyTries

RETRY_SECONDS = 60


def directory_answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Says plainly when a directory can't be asked (503), or has heard enough wrong passwords (429, RFC 6585)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DirectoryDown:
            return _later(request, "accounts/directory_down.html", 503, RETRY_SECONDS)
        except TooManyTries as full:
            return _later(request, "accounts/directory_locked.html", 429, full.seconds)

    return guarded


def _later(request: HttpRequest, template: str, status: int, seconds: int) -> HttpResponse:
    response = render(request, template, {"minutes": math.ceil(seconds / 60)}, status=status)
    response.headers["Retry-After"] = str(seconds)
    return response
