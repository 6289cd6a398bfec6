"""Documents with one signature: each must be whole, and be nothing else besides."""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO

from chatdesk.filetypes.refusals import unreadable, wrong_type

_PDF_START = re.compile(rb"%PDF-[12]\.\d")
_PDF_END = re.compile(rb"%%EOF[\s\x00]*\Z")
_MARKUP = re.compile(rb"<(!doctype|html|svg|script|\?php)\b", re.IGNORECASE)
_HEAD = 1024

_MP4_BRANDS = {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash"}
_MP4_BOXES = {
    b"ftyp",
    b"moov",
    b"mdat",
    b"free",
    b"skip",
    b"wide",
    b"uuid",
    b"moof",
    b"mfra",
    b"sidx",
    b"styp",
    b"udta",
    b"meta",
}
_MAX_BOXES = 10_000

_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_MP3_KBITS_1 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBITS_2 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def check_pdf(stream: IO[bytes]) -> None:
    """A PDF from its first byte to its end mark (ISO 32000-1, 7.5), that no zip reader or browser takes for its own.

    Raises Refused (file.type, file.unreadable).
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    if not _PDF_START.match(head) or _MARKUP.search(head):
        raise wrong_type()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _HEAD))
    if not _PDF_END.search(stream.read()):
        raise unreadable()
    if zipfile.is_zipfile(stream):
        raise wrong_type()


def check_mp4(stream: IO[bytes]) -> None:
    """Boxes of ISO/IEC 14496-12 from the first byte to the last, `ftyp` first, with a `moov`. Raises Refused."""
    size = stream.seek(0, io.SEEK_END)
    at = 0
    seen: list[bytes] = []
    while at < size:
        length, name = _box(stream, at, size)
        if name not in _MP4_BOXES or length < 8 or at + length > size or len(seen) == _MAX_BOXES:
            raise unreadable()
        seen.append(name)
        at += length
    if seen[0] != b"ftyp" or b"moov" not in seen or not _is_mp4_brand(stream):
        raise wrong_type()


def _box(stream: IO[bytes], at: int, size: int) -> tuple[int, bytes]:
    stream.seek(at)
    header = stream.read(16)
    length = int.from_bytes(header[:4], "big")
    if length == 0:
        length = size - at
    elif length == 1:
        length = int.from_bytes(header[8:16], "big")
    return length, header[4:8]


def _is_mp4_brand(stream: IO[bytes]) -> bool:
    stream.seek(8)
    return stream.read(4) in _MP4_BRANDS


def check_mp3(stream: IO[bytes]) -> None:
    """Two frames of MPEG audio layer III in a row, after an ID3v2 tag if there is one. Raises Refused (file.type)."""
    stream.seek(0)
    start = stream.read(10)
    at = _id3_length(start) if start.startswith(b"ID3") else 0
    for _frame in range(2):
        stream.seek(at)
        length = _mp3_frame_length(stream.read(4))
        if not length:
            raise wrong_type()
        at += length


def _id3_length(header: bytes) -> int:
    """Bytes of an ID3v2 tag: four times seven bits, and the header itself (id3.org, ID3v2.4.0 section 3.1)."""
    length = 0
    for byte in header[6:10]:
        length = length << 7 | byte & 0x7F
    return length + 10


def _mp3_frame_length(header: bytes) -> int:
    """Bytes of the frame that begins here; 0 if none does (ISO/IEC 11172-3, 2.4.1.3)."""
    bits = int.from_bytes(header, "big")
    version, layer = bits >> 19 & 3, bits >> 17 & 3
    kbits, rate = bits >> 12 & 15, bits >> 10 & 3
    if len(header) < 4 or bits >> 21 != 0x7FF or version == 1 or layer != 1 or kbits in {0, 15} or rate == 3:
        return 0
    table, samples = (_MP3_KBITS_1, 144) if version == 3 else (_MP3_KBITS_2, 72)
    return samples * 1000 * table[kbits - 1] // _MP3_RATES[version][rate] + (bits >> 9 & 1)
