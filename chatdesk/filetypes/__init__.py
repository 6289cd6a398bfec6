"""What a file is, decided by its content alone: names and declared types are never believed."""

from chatdesk.filetypes.catalog import DEFAULT_TYPES, DOCUMENTS, IMAGES, MEDIA_TYPES, default_types, validate_types
from chatdesk.filetypes.naming import display_name
from chatdesk.filetypes.sniffing import kind_of

__all__ = [
    "DEFAULT_TYPES",
    "DOCUMENTS",
    "IMAGES",
    "MEDIA_TYPES",
    "default_types",
    "display_name",
    "kind_of",
    "validate_types",
]
