"""Documents: PDF/A with the machine-readable record embedded, set by typst."""

from __future__ import annotations

from transcripts.formats.pdf.document import pdf_of, records
from transcripts.formats.pdf.words import Bates, Enclosed, Look, Words

__all__ = ["Bates", "Enclosed", "Look", "Words", "pdf_of", "records"]
