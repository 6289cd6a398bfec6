"""MP3 recordings: the tags before and behind the sound go (ID3v1, ID3v2.4, APEv2)."""

from __future__ import annotations

from tickets.masking.results import Unclean, Why

_V1 = 128  # bytes of an ID3v1 tag at the end
_HEAD = 10


def clean_sound(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The sound alone."""
    sound = data
    while sound.startswith(b"ID3"):
        sound = sound[_HEAD + _length(sound) + (_HEAD if sound[5] & 0x10 else 0) :]
    if sound[-_V1:].startswith(b"TAG"):
        sound = sound[:-_V1]
    if b"APETAGEX" in sound or b"ID3" in sound[-_HEAD:]:
        raise Unclean(Why.UNCLEAN_FILE, "a recording with tags that can't be cleaned")
    return sound, ("details of the recording",) if len(sound) < len(data) else ()


def _length(tag: bytes) -> int:
    """Four bytes of seven bits (ID3v2.4, 6.2)."""
    return sum((byte & 0x7F) << shift for byte, shift in zip(tag[6:_HEAD], (21, 14, 7, 0), strict=True))
