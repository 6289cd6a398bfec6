"""TNEF: its texts are strings, its files are opened by the library, its RTF is unpacked here ([MS-OXRTFCP])."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator

from tnefparse import TNEF

SIGNATURE = b"\x78\x9f\x3e\x22"
# What an empty dictionary of the packed form begins with; the standard's own text.
BEGINNING = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def inside_winmail(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = data.find(b"LZFu")
    while at >= 8:
        yield "rtf", unpacked(data[at - 8 :])
        at = data.find(b"LZFu", at + 4)
    if data.startswith(SIGNATURE):
        yield from _files(data)


def _files(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = TNEF(data, do_checksum=False).attachments
    except Exception:
        return
    for each in found:
        yield str(each.name), bytes(each.data or b"")


def unpacked(data: bytes) -> bytes:
    """The RTF of a packed stream that begins with its sizes."""
    packed_size, size = struct.unpack("<II", data[:8])
    window, out, at = bytearray(BEGINNING.ljust(4096, b"\0")), bytearray(), 16
    place, end = len(BEGINNING), min(len(data), packed_size + 4)
    while at < end and len(out) < size:
        control, at = data[at], at + 1
        for bit in range(8):
            width = 2 if control >> bit & 1 else 1
            if at + width > end:
                break
            chunk = _from_window(window, data[at : at + 2], place) if width == 2 else data[at : at + 1]
            at += width
            for byte in chunk:
                window[place], place = byte, (place + 1) % 4096
            out += chunk
    return bytes(out[:size])


def _from_window(window: bytearray, reference: bytes, place: int) -> bytes:
    told = int.from_bytes(reference, "big")
    start, length, made = told >> 4, (told & 15) + 2, bytearray()
    for step in range(length):
        where = (start + step) % 4096
        # A run may reach into what it writes itself.
        ahead = (where - place) % 4096
        made.append(made[ahead] if ahead < len(made) else window[where])
    return bytes(made)
