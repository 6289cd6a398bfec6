"""The whole log as a bundle: every entry and every head, for who keeps heads of it outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from transcripts.actions import heads
from transcripts.formats.volume import ZipVolume
from transcripts.models import LogHead, LogLeaf
from transcripts.proof import bundle

ROWS = 2000


def write(target: IO[bytes]) -> int:
    """A ZIP that `python -m transcripts.verify` checks; how many entries it has. Raises heads.LogBroken."""
    seal = heads.seal()
    size = seal.head.head.size
    volume = ZipVolume(target)
    volume.write(bundle.LEAVES, _leaves(size))
    volume.write(bundle.HEADS, _heads(size))
    bundle.finish(volume, {"kind": "log", "leaves": size}, seal)
    volume.close()
    return size


def _leaves(size: int) -> Iterator[bytes]:
    rows = LogLeaf.objects.filter(index__lt=size).order_by("index").values_list("hash", "data")
    for stored, data in rows.iterator(chunk_size=ROWS):
        yield f'{{"hash":"{stored}","leaf":{data}}}\n'.encode()


def _heads(size: int) -> Iterator[bytes]:
    rows = LogHead.objects.filter(size__lte=size).order_by("pk").values_list("data", flat=True)
    for data in rows.iterator(chunk_size=ROWS):
        yield f"{data}\n".encode()
