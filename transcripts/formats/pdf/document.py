"""A conversation as PDF/A-3b that is also PDF/UA-1, with its record for machines embedded."""

from __future__ import annotations

from transcripts.formats.pdf.engine import Unprintable, engine, template
from transcripts.formats.pdf.fonts import machine_fonts
from transcripts.formats.pdf.layout import Layout
from transcripts.formats.pdf.lines import story_lines
from transcripts.formats.pdf.printable import Printable
from transcripts.formats.pdf.words import Look
from transcripts.formats.story import Story

TRIES = 12


def pdf_of(story: Story, look: Look | None = None, records: bytes | None = None) -> bytes:
    """The document. `records` is embedded as records.jsonl, without it the story's own lines.

    The same story gives the same bytes on a machine with the same fonts.
    """
    chosen, fonts = look or Look(), machine_fonts()
    embedded = story_lines(story) if records is None else records
    has, made = fonts.has, story.closed or story.opened
    for _try in range(TRIES):
        printable = Printable(has)
        data = Layout(story, chosen, fonts.families, printable).data()
        try:
            return engine().pdf(template("conversation.typ"), data, {"records.jsonl": embedded}, made)
        except Unprintable as found:
            has = _without(has, found.characters)
    data = Layout(story, chosen, fonts.families, Printable(_ascii_alone())).data()
    return engine().pdf(template("conversation.typ"), data, {"records.jsonl": embedded}, made)


def _without(has: bytes, characters: str) -> bytes:
    """The last resort but one: a glyph that the fonts have alone, but not together with its neighbours."""
    left = bytearray(has)
    for character in characters:
        left[ord(character)] = 0
    return bytes(left)


def _ascii_alone() -> bytes:
    return b"\1" * 0x7F + bytes(0x110000 - 0x7F)
