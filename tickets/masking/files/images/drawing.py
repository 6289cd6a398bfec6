"""Photographs in formats that few programs show, drawn as JPEG. Runs in the reading process: the decoders are C."""

from __future__ import annotations

import io

import pillow_heif
from PIL import Image, ImageOps

from tickets.masking.results import Unclean, Why

MAX_PIXELS = 50_000_000  # what a good telephone takes
_QUALITY = 92

pillow_heif.register_heif_opener()


def as_jpeg(data: bytes) -> bytes:
    """The picture upright, with nothing told about it. Raises Unclean, and what the decoders raise."""
    with Image.open(io.BytesIO(data), formats=["HEIF", "AVIF"]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Unclean(Why.UNCLEAN_FILE, "too many pixels")
        drawn = ImageOps.exif_transpose(image).convert("RGB")
    drawn.info = {}
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()
