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
