"""A button's logo: decided by content, made small, stripped of everything but the picture. Transparency stays."""

from __future__ import annotations

import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image

from chatdesk.imaging import reencode
from chatdesk.protocol import Refused

MAX_BYTES = 2_000_000
SIDE = 144  # pixels: four times what the head of the page shows


def small_logo(data: bytes) -> bytes:
    """A WebP picture of SIDE x SIDE pixels, the whole logo in its middle, without metadata.

    Raises ValidationError with a sentence for the admin.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(_("This file is too large. A logo may have up to 2 MB."), code="too_long")
    kind = _kind(data)
    try:
        picture = reencode(io.BytesIO(data), kind)
    except Refused as refused:
        raise ValidationError(refused.detail, code="unreadable") from refused
    with picture.content as content, Image.open(content, formats=[kind.upper()]) as image:
        return _squared(image.convert("RGBA"))


def _kind(data: bytes) -> str:
    for kind, starts in {"png": b"\x89PNG", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}.items():
        if data.startswith(starts):
            return kind
    raise ValidationError(_("This is not a picture we can read. Choose a PNG, JPEG or WebP file."), code="unreadable")


def _squared(logo: Image.Image) -> bytes:
    logo.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (SIDE, SIDE))
    square.paste(logo, ((SIDE - logo.width) // 2, (SIDE - logo.height) // 2))
    written = io.BytesIO()
    square.save(written, "WEBP", quality=88, method=4)
    return written.getvalue()
