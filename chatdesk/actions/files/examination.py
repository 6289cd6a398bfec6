"""What an upload really is, before anything of it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.core.files.base import File as Content
from django.core.files.uploadedfile import UploadedFile

from chatdesk.filetypes import IMAGES, MEDIA_TYPES, display_name, kind_of
from chatdesk.filetypes.naming import harmless
from chatdesk.filetypes.refusals import empty, not_allowed, too_large
from chatdesk.hiding import hidden
from chatdesk.imaging import reencode
from chatdesk.sensitive.results import What
from chatdesk.sitelimits import site_settings

MEGABYTE = 1_000_000
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class Examined:
    """What will be stored: the upload's own bytes, or a picture drawn anew. Sides in pixels, pictures only.

    `hidden`: what its name held that this desk does not keep.
    """

    content: Content[bytes]
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    hidden: frozenset[What] = frozenset()


@contextmanager
def examined(upload: UploadedFile[bytes]) -> Iterator[Examined]:
    """The upload, found fit to keep. Raises Refused: file.empty, file.too_large, file.type, file.unreadable."""
    _check_size(upload)
    kind = kind_of(upload)
    allowed = [name for name in MEDIA_TYPES if name in site_settings().file_types]
    if kind not in allowed:
        raise not_allowed(allowed)
    called = hidden(harmless(upload.name or ""))
    name = display_name(called.text, kind)
    if kind not in IMAGES:
        yield replace(_described(upload, name, kind), hidden=called.hidden)
        return
    picture = reencode(upload, kind)
    with picture.content as content:
        found = _described(Content(content, name), name, kind, picture.width, picture.height)
        yield replace(found, hidden=called.hidden)


def _check_size(upload: UploadedFile[bytes]) -> None:
    limit = site_settings().file_limit_mb
    if not upload.size:
        raise empty()
    if upload.size > limit * MEGABYTE:
        raise too_large(limit)


def _described(
    content: Content[bytes], name: str, kind: str, width: int | None = None, height: int | None = None
) -> Examined:
    size, digest = 0, hashlib.sha256()
    content.seek(0)
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        digest.update(chunk)
    content.seek(0)
    return Examined(content, name, MEDIA_TYPES[kind], size, digest.hexdigest(), width, height)
