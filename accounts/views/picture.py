from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from accounts.actions.pictures import KeptPictures


@require_safe
def picture(request: HttpRequest, key: str, kept: KeptPictures) -> FileResponse:
    """For everybody who knows its random name: visitors see photos beside the answers, and the logo of a button."""
    if not kept.is_named(key):
        raise Http404
    try:
        file = default_storage.open(kept.path(key))
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(file, content_type="image/webp")
    response.headers["Cache-Control"] = "public, max-age=86400, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
