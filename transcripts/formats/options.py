"""What the caller of a format chooses, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from transcripts.formats.story import Document

# The bytes of a document in chunks, or None when there is no such file. It may raise OSError at any chunk.
Reader = Callable[[Document], Iterator[bytes] | None]

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Options:
    """`exported_at` closes what is still open; `since` and `until` bound the export's window (None: everything).

    `host` ends message ids and invented addresses; `encoding` is "utf-8" or "cp1252" (load files alone);
    `mail_bytes` is where Global Relay mails are split; `bates_*` number the documents of a load file;
    `words` gives the words of HTML pages in `language`, by the English ones.
    """

    exported_at: datetime
    title: str = "Export"
    host: str = "chatdesk.invalid"
    product: str = "chatdesk"
    since: datetime | None = None
    until: datetime | None = None
    encoding: str = "utf-8"
    message_type: str = "Chatdesk"
    mail_bytes: int = 250 * MIB
    bates_prefix: str = "CHAT"
    bates_start: int = 1
    bates_width: int = 8
    batch: int = 1
    language: str = "en"
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that is not in the export as it should be.

    `code`: missing, changed, unreadable, too-large (faults of now), or absent (known to be gone; `detail` says why).
    """

    ref: str
    number: int
    name: str
    code: str
    detail: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the export: its path inside, its size in bytes, its hashes in hex."""

    path: str
    size: int
    sha256: str
    md5: str


@dataclass(slots=True)
class Written:
    """What a writer wrote. `next_bates` is the number that the next volume starts with."""

    files: list[WrittenFile] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    warnings: list[Warned] = field(default_factory=list)
    next_bates: int = 1
