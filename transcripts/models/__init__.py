from transcripts.models.export import Export, ExportItem, ExportPart, ExportRules, ExportState, ExportWarning, Profile
from transcripts.models.log import LogLeaf as LogLeaf
from transcripts.models.log import LogNode as LogNode
from transcripts.models.log import LogState as LogState
from transcripts.models.matter import Matter, Purpose
from transcripts.models.record import NOTHING_BEFORE, Chain, Record
from transcripts.models.rule import Form, TranscriptRule
from transcripts.models.search import AskedSearch, SavedSearch

__all__ = [
    "NOTHING_BEFORE",
    "AskedSearch",
    "Chain",
    "Export",
    "ExportItem",
    "ExportPart",
    "ExportRules",
    "ExportState",
    "ExportWarning",
    "Form",
    "Matter",
    "Profile",
    "Purpose",
    "Record",
    "SavedSearch",
    "TranscriptRule",
]
