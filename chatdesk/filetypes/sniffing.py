"""Telling a file's kind. puremagic says what the first bytes claim; a check for each kind says whether it holds."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO

import puremagic

from chatdesk.filetypes.catalog import IMAGES
from chatdesk.filetypes.documents import check_mp3, check_mp4, check_pdf
from chatdesk.filetypes.office import kind_of_archive
from chatdesk.filetypes.refusals import empty, wrong_type
from chatdesk.filetypes.texts import check_text

Check = Callable[[IO[bytes]], None]

# Written as text by their makers, but run or drawn by whoever opens them.
ACTIVE = ("html", "svg", "xml", "script", "x-sh", "x-python", "x-perl", "php", "postscript", "rtf", "x-msdownload")
CHECKS: dict[str, tuple[str, Check]] = {
    "application/pdf": ("pdf", check_pdf),
    "video/mp4": ("mp4", check_mp4),
    "audio/mpeg": ("mp3", check_mp3),
}
ZIP_START = b"PK\x03\x04"
_HEAD = 64 * 1024


def kind_of(stream: IO[bytes]) -> str:
    """The key of MEDIA_TYPES that the content is; the stream is left at its start.

    Raises Refused: file.empty, file.type (unknown, active or ambiguous), file.unreadable (broken, locked, a bomb).
    Pictures are told by their signature alone here; imaging.reencode proves them.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head:
        raise empty()
    try:
        return _checked_kind(stream, head)
    finally:
        stream.seek(0)


def _checked_kind(stream: IO[bytes], head: bytes) -> str:
    if head.startswith(ZIP_START):
        return kind_of_archive(stream)
    claimed = claims(head)
    for kind, media_type in IMAGES.items():
        if media_type in claimed:
            return kind
    for media_type, (kind, check) in CHECKS.items():
        if media_type in claimed:
            check(stream)
            return kind
    if any(word in media_type for media_type in claimed for word in ACTIVE):
        raise wrong_type()
    check_text(stream)
    return "txt"


def claims(head: bytes) -> set[str]:
    """Every media type whose signature the bytes carry."""
    try:
        return {match.mime_type for match in puremagic.magic_stream(io.BytesIO(head))}
    except puremagic.PureError:
        return set()
