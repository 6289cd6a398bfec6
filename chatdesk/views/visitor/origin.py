"""Whether a form post comes from this desk's own pages.

The chat page sets no cookie before the first message, so Django's CSRF cookie is no way here. Browsers say where a post
comes from (Fetch Metadata; RFC 6454, 7), and the visitor's cookie is SameSite=Lax, so that no other site can bring it.
"""

from __future__ import annotations

from django.http import HttpRequest

from chatdesk.origins import parts_of


def own_post(request: HttpRequest) -> bool:
    """False if the browser says that another site sent this."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or parts_of(origin).netloc == request.get_host()
