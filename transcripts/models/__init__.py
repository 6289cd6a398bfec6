from transcripts.models.copy import Form, TranscriptRule, VisitorCopy
from transcripts.models.export import Export, ExportItem, ExportPart, ExportRules, ExportState, ExportWarning, Profile
from transcripts.models.record import NOTHING_BEFORE, Chain, Record

__all__ = [
    "NOTHING_BEFORE",
    "Chain",
    "Export",
    "ExportItem",
    "ExportPart",
    "ExportRules",
    "ExportState",
    "ExportWarning",
    "Form",
    "Profile",
    "Record",
    "TranscriptRule",
    "VisitorCopy",
]
from transcripts.models.log import LogLeaf as LogLeaf
from transcripts.models.log import LogNode as LogNode
from transcripts.models.log import LogState as LogState
