"""Documents: PDF/A with the machine-readable record embedded, set by typst."""

from __future__ import annotations

from transcripts.formats.pdf.document import pdf_of
from transcripts.formats.pdf.words import Bates, Look, Words

__all__ = ["Bates", "Look", "Words", "pdf_of"]
