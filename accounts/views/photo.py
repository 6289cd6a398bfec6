from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from accounts.actions.photos import photo_path
from accounts.models import User


@require_safe
def photo(request: HttpRequest, key: str) -> FileResponse:
    """A photo, for everybody who knows its random name: visitors see it beside the answers."""
    if not User.objects.filter(photo=key).exists():
        raise Http404
    try:
        file = default_storage.open(photo_path(key))
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(file, content_type="image/webp")
    response.headers["Cache-Control"] = "public, max-age=86400, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
