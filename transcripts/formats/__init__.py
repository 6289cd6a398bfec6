"""The formats that conversations leave in. Nothing here knows a database: a story in, bytes out.

volume = FolderVolume(path)            # or ZipVolume(file)
writer = WRITERS["csv"](volume, Options(exported_at=now))
for story in stories:
    writer.add(story, read)            # read: the chunks of a document, or None
written = writer.close()               # closes the volume too
"""

from __future__ import annotations

from transcripts.formats.options import Options, Reader, Warned, Written, WrittenFile
from transcripts.formats.registry import WRITERS, register
from transcripts.formats.story import Document, Event, Person, Presence, Story
from transcripts.formats.volume import FolderVolume, Volume, ZipVolume
from transcripts.formats.writer import Writer

__all__ = [
    "WRITERS",
    "Document",
    "Event",
    "FolderVolume",
    "Options",
    "Person",
    "Presence",
    "Reader",
    "Story",
    "Volume",
    "Warned",
    "Writer",
    "Written",
    "WrittenFile",
    "ZipVolume",
    "register",
]
