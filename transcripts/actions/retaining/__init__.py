"""How long things are kept: policies, what is due, and why something is still here."""

from transcripts.actions.retaining.explaining import Explanation, explain
from transcripts.retention.classes import DataClass, RecordKind, add_class, add_kind

__all__ = ["DataClass", "Explanation", "RecordKind", "add_class", "add_kind", "explain"]
