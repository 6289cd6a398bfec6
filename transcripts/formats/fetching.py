"""Reading a document's bytes, and finding out whether they are still the ones that were recorded."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from transcripts.formats.options import MIB, Reader
from transcripts.formats.story import Document


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document's bytes aside, whole and checked; `size` in bytes, hashes in hex."""

    bytes: IO[bytes]
    size: int
    sha256: str
    md5: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a document is not in the export (the codes of `Warned`)."""

    code: str
    detail: str = ""
    expected: str = ""
    found: str = ""


def fetch(document: Document, read: Reader, scratch: str | None = None) -> Fetched | Fault:
    """Copy the document aside while it is hashed; nothing of a half or changed file gets into an export.

    Whatever the storage does wrong is a Fault; a scratch disk that is full is raised, for every file would fail so.
    """
    if document.missing:
        return Fault("absent", document.missing)
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(MIB, dir=scratch)  # noqa: SIM115 - closed by who gets it
    with ExitStack() as closing:
        closing.callback(spool.close)
        found = _copy(document, read, spool)
        if isinstance(found, Fetched):
            spool.seek(0)
            closing.pop_all()
        return found


def _copy(document: Document, read: Reader, spool: IO[bytes]) -> Fetched | Fault:
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    for chunk in _chunks(document, read):
        if isinstance(chunk, Fault):
            return chunk
        spool.write(chunk)
        sha256.update(chunk)
        md5.update(chunk)
        size += len(chunk)
    fetched = Fetched(spool, size, sha256.hexdigest(), md5.hexdigest())
    return _changed(document, fetched) or fetched


def _chunks(document: Document, read: Reader) -> Iterator[bytes | Fault]:
    try:
        chunks = read(document)
        if chunks is None:
            yield Fault("missing")
        else:
            yield from chunks
    except Exception as error:  # any storage, any cipher: one file must not end an export
        missing = isinstance(error, FileNotFoundError)
        yield Fault("missing" if missing else "unreadable", type(error).__name__)


def _changed(document: Document, fetched: Fetched) -> Fault | None:
    if document.sha256 and document.sha256 != fetched.sha256:
        return Fault("changed", "the hash differs", document.sha256, fetched.sha256)
    if not document.sha256 and document.size != fetched.size:
        return Fault("changed", "the size differs", str(document.size), str(fetched.size))
    return None
