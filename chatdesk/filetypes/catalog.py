"""The kinds of files that the desk can tell by their content, and which of them an admin may allow."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

IMAGES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}
DOCUMENTS = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "zip": "application/zip",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
}
MEDIA_TYPES = {**IMAGES, **DOCUMENTS}
# How people end the names of such files; the first is given to a name that ends in something else.
ENDINGS: dict[str, tuple[str, ...]] = {kind: (kind,) for kind in MEDIA_TYPES} | {
    "jpeg": ("jpg", "jpeg", "jfif"),
    "txt": ("txt", "text", "log", "csv", "md", "ics"),
    "mp4": ("mp4", "m4v"),
}
DEFAULT_TYPES = ("png", "jpeg", "webp", "gif", "pdf", "txt", "docx", "xlsx", "pptx", "odt", "ods")


def default_types() -> list[str]:
    return list(DEFAULT_TYPES)


def validate_types(names: object) -> None:
    known = isinstance(names, list) and all(isinstance(name, str) and name in MEDIA_TYPES for name in names)
    if not known:
        raise ValidationError(_("Choose from: %(names)s.") % {"names": ", ".join(MEDIA_TYPES)})
