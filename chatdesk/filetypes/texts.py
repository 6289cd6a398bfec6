"""Plain text: what decodes, has no control characters, and is not the source of something that runs or draws."""

from __future__ import annotations

import codecs
import re
from typing import IO

from chatdesk.filetypes.refusals import wrong_type

_CHUNK = 256 * 1024
_SNIFFED = 4096  # browsers look for markup in the first 1,445 bytes
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Markup at the start, however it is wrapped; a page or picture inside; programs; mail with parts.
_ACTIVE_START = re.compile(
    r"\s*(<[a-z!?/%]|#!|%!ps|\{\\rtf|mime-version:|from:[\s\S]{0,1000}?\nmime-version:)", re.IGNORECASE
)
_ACTIVE_INSIDE = re.compile(r"<(!doctype|html|svg|script|\?xml|\?php|x:xmpmeta|iframe|object|embed)\b", re.IGNORECASE)


def check_text(stream: IO[bytes]) -> None:
    """Raises Refused (file.type) unless the whole stream is text in UTF-8, UTF-16 with its mark, or Windows-1252."""
    if not any(_is_text(stream, encoding) for encoding in _encodings(stream)):
        raise wrong_type()


def _encodings(stream: IO[bytes]) -> list[str]:
    stream.seek(0)
    start = stream.read(4)
    marked = [encoding for bom, encoding in _BOMS.items() if start.startswith(bom)]
    return marked or ["utf-8", "cp1252"]


def _is_text(stream: IO[bytes], encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    start = ""
    try:
        while chunk := stream.read(_CHUNK):
            text = decoder.decode(chunk)
            if _CONTROLS.search(text):
                return False
            start = start or text[:_SNIFFED]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return not is_active(start)


def is_active(start: str) -> bool:
    """Whether a text's first characters are markup or a program."""
    return bool(_ACTIVE_START.match(start) or _ACTIVE_INSIDE.search(start))
