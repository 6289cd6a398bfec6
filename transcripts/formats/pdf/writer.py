"""Documents: one PDF per conversation with its files beside it, pages numbered on and on."""

from __future__ import annotations

import io

import pikepdf

from transcripts.formats.base import BaseWriter, file_place
from transcripts.formats.names import safe_name
from transcripts.formats.options import Options, Reader
from transcripts.formats.pdf.document import pdf_of
from transcripts.formats.pdf.words import Bates, Look
from transcripts.formats.story import Story
from transcripts.formats.volume import Volume


class PdfWriter(BaseWriter):
    """documents/REF.pdf, files/. Each page has a number of its own (Bates)."""

    def __init__(self, volume: Volume, options: Options) -> None:
        super().__init__(volume, options)
        self._next = options.bates_start

    def _story(self, story: Story, read: Reader) -> None:
        for event in story.events:
            if event.document:
                self.carry(story, event, read, file_place(story.ref, event))
        bates = Bates(self.options.bates_prefix, self._next, self.options.bates_width)
        data = pdf_of(story, Look(language=self.options.language, bates=bates))
        self.volume.write(f"documents/{safe_name(story.ref)}.pdf", [data])
        pages = pages_of(data)
        self.counts["pages"] += pages
        self._next += pages

    @property
    def next_bates(self) -> int:
        return self._next


def pages_of(data: bytes) -> int:
    """How many pages a document has."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)
