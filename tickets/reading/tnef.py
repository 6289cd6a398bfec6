"""What Outlook packs into winmail.dat (MS-OXTNEF), unpacked in a process of its own with limits on time and memory."""

from __future__ import annotations

import json
import mimetypes
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from chatdesk.filetypes.naming import harmless

SIGNATURE = b"\x78\x9f\x3e\x22"
SECONDS = 15
MAX_BYTES = 60_000_000
MAX_FILES = 200
_ROOT = Path(__file__).parents[2]


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
    return named and data.startswith(SIGNATURE) and len(data) <= MAX_BYTES


def unpacked(data: bytes) -> Unpacked | None:
    """None if it can't be unpacked within the limits: then the file stays as it came."""
    command = [sys.executable, "-m", "tickets.reading.tnefchild"]
    try:
        done = subprocess.run(  # noqa: S603 our own module; the file is its input only
            command, input=data, cwd=_ROOT, env={}, capture_output=True, timeout=SECONDS, check=True
        )
        found = _read(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError, KeyError):
        return None
    return found if found.files or found.text or found.html else None


def _read(answer: bytes) -> Unpacked:
    head, _line, data = answer.partition(b"\n")
    told = json.loads(head)
    files: list[UnpackedFile] = []
    for number, each in enumerate(told["files"][:MAX_FILES], 1):
        name = harmless(each["name"]) or f"file-{number}.bin"
        files.append(
            UnpackedFile(name, mimetypes.guess_type(name)[0] or "application/octet-stream", data[: each["size"]])
        )
        data = data[each["size"] :]
    return Unpacked(told["text"], told["html"], tuple(files))
