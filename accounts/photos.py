"""A person's photo: decided by content, made small and square, stripped of everything but the picture."""

from __future__ import annotations

import io
import struct

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 5_000_000
SIDE = 256  # pixels of the stored square
# A JPEG is decoded at a fraction of its size, others whole: 16 million pixels take 64 MB for a moment.
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, OverflowError, MemoryError)
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def square_photo(data: bytes) -> bytes:
    """A WebP picture of SIDE x SIDE pixels without metadata.

    Raises ValidationError with a sentence for the person: codes empty, too_long, not_a_picture, too_many_pixels.
    """
    if not data:
        raise ValidationError(_("This file is empty."), code="empty")
    if len(data) > MAX_BYTES:
        raise ValidationError(_("This file is too large. Photos may have up to 5 MB."), code="too_long")
    try:
        return _encode(_decode(data))
    except BOMB as error:
        raise _too_many_pixels() from error
    except UNREADABLE as error:
        text = _("This is not a picture we can read. Choose a JPEG, PNG or WebP file.")
        raise ValidationError(text, code="not_a_picture") from error


def _decode(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=tuple(MAX_PIXELS))
    if image.width * image.height > MAX_PIXELS[image.format or ""]:
        raise Image.DecompressionBombError
    image.draft("RGB", (2 * SIDE, 2 * SIDE))
    return ImageOps.exif_transpose(image)


def _encode(image: Image.Image) -> bytes:
    small = ImageOps.fit(image.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", (SIDE, SIDE), "white")  # a new picture takes no metadata over
    clean.paste(small, mask=small.getchannel("A"))
    written = io.BytesIO()
    clean.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()


def _too_many_pixels() -> ValidationError:
    text = _("This picture has too many pixels. Make it smaller and try again.")
    return ValidationError(text, code="too_many_pixels")
