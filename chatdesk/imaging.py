"""Pictures are never kept as they came: what is stored was drawn anew from their pixels.

Metadata (where a photo was taken, comments, thumbnails), colour profiles and whatever hangs behind or inside the file
are left out, so a picture that is also something else is a picture only. Limits are checked before pixels are decoded.
"""

from __future__ import annotations

import struct
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageOps, ImageSequence

from accounts.pictures import eight_bits
from chatdesk.filetypes.refusals import picture_too_large, unreadable

MAX_PIXELS = 50_000_000  # what a good telephone takes; 150 MB once decoded
MAX_FRAMES = 500
MAX_ANIMATED_PIXELS = 32_000_000  # of all frames together
_IN_MEMORY = 4_000_000  # bytes of a result that needs no file on disk
_MODES = {
    "jpeg": ("L", "RGB"),
    "png": ("1", "L", "LA", "P", "RGB", "RGBA"),
    "gif": ("L", "P", "RGB", "RGBA"),
    "webp": ("RGB", "RGBA"),
}
_OPTIONS: dict[str, dict[str, Any]] = {"jpeg": {"quality": 88}, "webp": {"quality": 88, "method": 3}}
_KEPT = ("transparency", "duration", "loop", "background", "disposal")
# What Pillow's readers raise; its writer of WebP says by a RuntimeError that a frame is too wide for the format.
_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    OverflowError,
    RuntimeError,
    struct.error,
)
_one_at_a_time = threading.Lock()  # bounds the memory that many large pictures at once would take

Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow raises beyond twice this, and warns in between
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A re-encoded picture; `content` stands at its start and is the caller's to close. Sides in pixels."""

    content: IO[bytes]
    width: int
    height: int


def reencode(stream: IO[bytes], kind: str) -> Picture:
    """Draw a picture of `kind` (png, jpeg, webp, gif) anew, upright, animated if it was.

    Raises Refused (file.unreadable): damaged, too many pixels or frames, or not of that kind.
    """
    stream.seek(0)
    with _one_at_a_time, _damaged_is_refused(), Image.open(stream, formats=[kind.upper()]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise picture_too_large()
        # A JPEG with several pictures in it is a photograph with its own thumbnails: the first is meant.
        animated = kind != "jpeg" and getattr(image, "is_animated", False)
        return _saved(_frames(image, kind) if animated else [_clean(ImageOps.exif_transpose(image), kind)], kind)


@contextmanager
def _damaged_is_refused() -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError as bomb:
        raise picture_too_large() from bomb
    except _DAMAGED as damaged:
        raise unreadable() from damaged


def _frames(image: Image.Image, kind: str) -> list[Image.Image]:
    """Every frame, as long as they stay within the limits: their number in the file's head is not believed."""
    frames: list[Image.Image] = []
    pixels = 0
    for frame in ImageSequence.Iterator(image):
        pixels += frame.width * frame.height
        if pixels > MAX_ANIMATED_PIXELS or len(frames) == MAX_FRAMES:
            raise picture_too_large()
        frames.append(_clean(frame.copy(), kind))
    return frames


def _clean(frame: Image.Image, kind: str) -> Image.Image:
    """The pixels in a mode that `kind` can hold, with nothing said about them but what drawing them takes."""
    told: dict[str | tuple[int, int], Any] = {key: frame.info[key] for key in _KEPT if key in frame.info}
    frame = eight_bits(frame)
    modes = _MODES[kind]
    drawn = frame if frame.mode in modes else frame.convert(_nearest(frame, modes))
    drawn.info = told if drawn.mode == frame.mode else {key: told[key] for key in told if key != "transparency"}
    return drawn


def _nearest(frame: Image.Image, modes: tuple[str, ...]) -> str:
    transparent = "A" in frame.mode.upper() or "transparency" in frame.info
    return "RGBA" if transparent and "RGBA" in modes else "RGB"


def _saved(frames: list[Image.Image], kind: str) -> Picture:
    content = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - handed to the caller
    first, *more = frames
    animation = {"save_all": True, "append_images": more, **_timing(frames)} if more else {}
    try:
        first.save(content, kind.upper(), **_OPTIONS.get(kind, {}), **animation)
    except BaseException:
        content.close()
        raise
    content.seek(0)
    return Picture(content, first.width, first.height)


def _timing(frames: list[Image.Image]) -> dict[str, Any]:
    timing: dict[str, Any] = {"duration": [int(frame.info.get("duration", 100)) for frame in frames]}
    if "loop" in frames[0].info:
        timing["loop"] = frames[0].info["loop"]
    return timing
