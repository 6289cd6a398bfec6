"""Static files, collected again only when their sources changed, so that a second start is quick."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".collected-from"
# Add-ons of htmx that no page loads; one imports by a bare name, which the manifest can't follow.
IGNORED = ["django_htmx/ext/*"]


def _sources() -> Iterator[str]:
    """Name and content, not time of change: a checkout or an image layer keeps the first and loses the second."""
    for finder in get_finders():
        for name, storage in finder.list(IGNORED):
            yield f"{name} {hashlib.sha256(Path(storage.path(name)).read_bytes()).hexdigest()}"


def fingerprint() -> str:
    """A digest over every static source and the storage that will serve them."""
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    return hashlib.sha256("\n".join([storage, *sorted(_sources())]).encode()).hexdigest()


def collect_if_changed() -> bool:
    """Whether the files had to be collected anew. Raises OSError if STATIC_ROOT can't be written."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    now = fingerprint()
    if stamp.is_file() and stamp.read_text() == now:
        return False
    stamp.unlink(missing_ok=True)  # a collection that breaks off must not look whole
    call_command("collectstatic", interactive=False, clear=True, ignore_patterns=IGNORED, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
    return True
