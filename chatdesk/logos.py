"""A button's logo: small, and whole. Transparency stays."""

from __future__ import annotations

from django.utils.translation import gettext as _
from PIL import Image

from accounts.pictures import read_picture, webp

MAX_BYTES = 2_000_000
SIDE = 144  # pixels: four times what the head of the page shows


def small_logo(data: bytes) -> bytes:
    """A WebP picture of SIDE x SIDE pixels, the whole logo in its middle, without metadata.

    Raises ValidationError, see `read_picture`.
    """
    logo = read_picture(data, SIDE, MAX_BYTES, _("This file is too large. A logo may have up to 2 MB."))
    logo.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (SIDE, SIDE))  # a new picture takes no metadata over
    square.paste(logo, ((SIDE - logo.width) // 2, (SIDE - logo.height) // 2))
    return webp(square, quality=88)
