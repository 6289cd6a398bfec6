"""A person's photo: small, and cut square."""

from __future__ import annotations

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts.pictures import read_picture, webp

MAX_BYTES = 5_000_000
SIDE = 256  # pixels of the stored square


def square_photo(data: bytes) -> bytes:
    """A WebP picture of SIDE x SIDE pixels without metadata. Raises ValidationError, see `read_picture`."""
    whole = read_picture(data, SIDE, MAX_BYTES, _("This file is too large. Photos may have up to 5 MB."))
    small = ImageOps.fit(whole, (SIDE, SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", (SIDE, SIDE), "white")  # a new picture takes no metadata over
    clean.paste(small, mask=small.getchannel("A"))
    return webp(clean, quality=82)
