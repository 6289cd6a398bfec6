from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from chatdesk.actions.logos import logo_path
from chatdesk.models import Button


@require_safe
def logo(request: HttpRequest, key: str) -> FileResponse:
    """A button's logo, for everybody: it stands on the button's public page."""
    if not Button.objects.filter(logo=key).exists():
        raise Http404
    try:
        file = default_storage.open(logo_path(key))
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(file, content_type="image/webp")
    response.headers["Cache-Control"] = "public, max-age=86400, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
