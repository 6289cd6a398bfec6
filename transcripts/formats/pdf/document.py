"""A conversation as PDF/A-3b that is also PDF/UA-1, with its record for machines embedded."""

from __future__ import annotations

from collections.abc import Sequence

from transcripts.formats.pdf.engine import Unprintable, engine, template
from transcripts.formats.pdf.fonts import machine_fonts
from transcripts.formats.pdf.layout import Layout
from transcripts.formats.pdf.lines import story_lines
from transcripts.formats.pdf.printable import Printable
from transcripts.formats.pdf.words import Enclosed, Look
from transcripts.formats.story import Story

TRIES = 12


def pdf_of(story: Story, look: Look | None = None, enclosed: Sequence[Enclosed] = ()) -> bytes:
    """The document, with `enclosed` in it; without any, with the story's own lines as records.jsonl.

    The same story gives the same bytes on a machine with the same fonts.
    """
    chosen, fonts = look or Look(), machine_fonts()
    files = enclosed or [records(story_lines(story), chosen)]
    has = fonts.has
    for left in reversed(range(TRIES)):
        printable = Printable(has)
        try:
            return _set(Layout(story, chosen, fonts.families, printable), files)
        except Unprintable as found:
            has = _without(has, found.characters) if left > 1 else _ascii_alone()
    raise AssertionError("ASCII can always be set")


def records(lines: bytes, look: Look) -> Enclosed:
    """A conversation's lines as a file that its document carries."""
    return Enclosed("records.jsonl", "application/x-ndjson", look.words.attached, lines)


def _set(layout: Layout, files: Sequence[Enclosed]) -> bytes:
    listed = [{"name": file.name, "type": file.media_type, "about": file.about} for file in files]
    made = layout.story.closed or layout.story.opened
    data = layout.data() | {"files": listed}
    return engine().pdf(template("conversation.typ"), data, {file.name: file.data for file in files}, made)


def _without(has: bytes, characters: str) -> bytes:
    """The last resort but one: a glyph that the fonts have alone, but not together with its neighbours."""
    left = bytearray(has)
    for character in characters:
        left[ord(character)] = 0
    return bytes(left)


def _ascii_alone() -> bytes:
    return b"\1" * 0x7F + bytes(0x110000 - 0x7F)
