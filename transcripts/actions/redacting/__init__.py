"""Redaction: marks on what was said, which copies that leave the desk cover. What was recorded never changes."""

from transcripts.actions.redacting.covering import Covered, Use, covered, hidden
from transcripts.actions.redacting.marks import Marks, of

__all__ = ["Covered", "Marks", "Use", "covered", "hidden", "of"]
