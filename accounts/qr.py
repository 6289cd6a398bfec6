"""A QR code as a picture inside the page."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """Black on white in every colour scheme, because cameras expect it; no style attribute."""
    drawn = segno.make(text, error="m", micro=False)
    return mark_safe(drawn.svg_inline(scale=4, border=4, dark="#000", light="#fff"))  # noqa: S308 - drawn by us
