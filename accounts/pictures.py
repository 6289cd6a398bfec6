"""A small picture of an uploaded one: decided by content, drawn anew, stripped of everything but the picture."""

from __future__ import annotations

import io
import struct

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

# A JPEG is decoded at a fraction of its size, others whole: 16 million pixels take 64 MB for a moment.
MAX_PIXELS = {"JPEG": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, OverflowError, MemoryError)
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def read_picture(data: bytes, side: int, max_bytes: int, too_long: str) -> Image.Image:
    """The picture upright, in RGBA, of any size, for a square of `side` pixels. Whoever draws it leaves its facts out.

    Raises ValidationError with a sentence for the person (`too_long` for more than `max_bytes`): codes empty, too_long,
    not_a_picture, too_many_pixels.
    """
    if not data:
        raise ValidationError(_("This file is empty."), code="empty")
    if len(data) > max_bytes:
        raise ValidationError(too_long, code="too_long")
    try:
        return eight_bits(_decode(data, side)).convert("RGBA")
    except BOMB as error:
        raise _too_many_pixels() from error
    except UNREADABLE as error:
        text = _("This is not a picture we can read. Choose a JPEG, PNG or WebP file.")
        raise ValidationError(text, code="not_a_picture") from error


def eight_bits(image: Image.Image) -> Image.Image:
    """Greys of 16 bits in 8: Pillow's own conversion makes nearly all of them white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def webp(square: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    square.save(written, "WEBP", quality=quality, method=4)
    return written.getvalue()


def _decode(data: bytes, side: int) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=tuple(MAX_PIXELS))
    if image.width * image.height > MAX_PIXELS[image.format or ""]:
        raise Image.DecompressionBombError
    image.draft("RGB", (2 * side, 2 * side))
    return ImageOps.exif_transpose(image)


def _too_many_pixels() -> ValidationError:
    text = _("This picture has too many pixels. Make it smaller and try again.")
    return ValidationError(text, code="too_many_pixels")
