"""Unpacks one winmail.dat: its bytes come on the standard input, what is in it leaves on the standard output.

Runs as a process of its own (tickets.reading.tnef starts it), so that a file made to harm harms nothing else: it has
little memory, little time and no way to anything.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from typing import Any

from tnefparse import TNEF

from tickets.reading.charsets import decode
from tickets.reading.rtf import text_of_rtf, unpacked_rtf

CPU_SECONDS = 10
MEMORY = 1_500_000_000


def main() -> None:
    """Write a line of JSON (text, html, files: name, size), then the bytes of the files one after the other."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    logging.disable(logging.CRITICAL)
    opened = TNEF(sys.stdin.buffer.read(), do_checksum=False)
    text, html = words_of(opened)
    files = [(name_of(each), bytes(each.data)) for each in opened.attachments if each.data]
    told = {"text": text, "html": html, "files": [{"name": name, "size": len(data)} for name, data in files]}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    for _name, data in files:
        sys.stdout.buffer.write(data)


def words_of(opened: Any) -> tuple[str, str]:
    """Plain text and HTML of the message inside; from its rich text if it has no other."""
    text, html = _text(opened.body), _text(opened.htmlbody)
    if not html and opened._rtfbody:
        words, is_html = text_of_rtf(unpacked_rtf(opened._rtfbody))
        html = words if is_html else ""
        text = text or ("" if is_html else words)
    return text, html


def name_of(attachment: Any) -> str:
    try:
        return _text(attachment.long_filename())
    except UnicodeDecodeError:  # the library takes every short name for UTF-8
        return _text(attachment._name)


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return (decode(value) if isinstance(value, bytes) else str(value or "")).strip("\0\r\n ")


if __name__ == "__main__":
    main()
