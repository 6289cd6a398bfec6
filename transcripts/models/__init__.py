from transcripts.models.export import Export, ExportItem, ExportPart, ExportRules, ExportState, ExportWarning, Profile

__all__ = [
    "Export",
    "ExportItem",
    "ExportPart",
    "ExportRules",
    "ExportState",
    "ExportWarning",
    "Profile",
]
from transcripts.models.log import LogLeaf as LogLeaf
from transcripts.models.log import LogNode as LogNode
from transcripts.models.log import LogState as LogState
