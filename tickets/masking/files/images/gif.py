"""GIF (89a): blocks that draw and time the pictures stay."""

from __future__ import annotations

from tickets.masking.results import Unclean, Why

_EXTENSION, _PICTURE, _TRAILER = 0x21, 0x2C, 0x3B
_TIMING, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def clean_gif(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The same pictures without comments, captions and what programs wrote for themselves."""
    place = 13 + _table(data[10])
    pieces, lost = [data[:place]], False
    while place < len(data) and data[place] != _TRAILER:
        end = _block_end(data, place)
        if _is_drawn(data, place):
            pieces.append(data[place:end])
        else:
            lost = True
        place = end
    if place >= len(data):
        raise Unclean(Why.UNCLEAN_FILE, "a picture without an end")
    return b"".join((*pieces, b";")), ("details of the picture",) if lost or place + 1 < len(data) else ()


def _table(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _is_drawn(data: bytes, place: int) -> bool:
    if data[place] == _PICTURE:
        return True
    return data[place + 1] == _TIMING or (data[place + 1] == _APPLICATION and data[place + 3 : place + 14] in _LOOPS)


def _block_end(data: bytes, place: int) -> int:
    if data[place] == _PICTURE:
        place += 11 + _table(data[place + 9])
    elif data[place] == _EXTENSION:
        place += 2
    else:
        raise Unclean(Why.UNCLEAN_FILE, "a damaged picture")
    while data[place]:
        place += 1 + data[place]
    return place + 1
