"""Pages of the settings that look at everything together."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import opens_part
from chatdesk import coverage, review
from chatdesk.findings import Chapter

PART = "accountability"


@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    return _page(request, _("Coverage"), coverage.coverage)


@require_safe
def review_page(request: HttpRequest) -> HttpResponse:
    return _page(request, _("Yearly review"), review.review)


def _page(request: HttpRequest, title: str, chapters: Callable[[], list[Chapter]]) -> HttpResponse:
    if not opens_part(request.user, PART):
        raise PermissionDenied
    context = {**admin.site.each_context(request), "title": title, "chapters": chapters()}
    return TemplateResponse(request, "admin/findings.html", context)
