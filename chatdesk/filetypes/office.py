"""Which kind of zip archive: office documents are told by their inner entries, the rest is a plain archive."""

from __future__ import annotations

from typing import IO

from chatdesk.filetypes.archives import Archive, inspect
from chatdesk.filetypes.catalog import MEDIA_TYPES
from chatdesk.filetypes.refusals import wrong_type

# The main part's own type; documents that carry macros have another one (ECMA-376 part 1, and MS-OFFMACRO2).
_OOXML = {
    "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation.main+xml"),
}
_ODF = {MEDIA_TYPES[kind]: kind for kind in ("odt", "ods")}
_MACROS = ("vbaproject.bin", "vbadata.xml")
_ODF_SCRIPTS = ("basic/", "scripts/")
_PACKAGES = ("META-INF/MANIFEST.MF", "AndroidManifest.xml")  # Java, Android


def kind_of_archive(stream: IO[bytes]) -> str:
    """A key of MEDIA_TYPES. Raises Refused (file.type: macros, programs, packages; file.unreadable: see `inspect`)."""
    return inspect(stream, _kind)


def _kind(archive: Archive) -> str:
    kind = _ooxml_kind(archive) or _odf_kind(archive)
    if kind:
        return kind
    if archive.type_part or archive.programs or any(name in archive.names for name in _PACKAGES):
        raise wrong_type()
    return "zip"


def _ooxml_kind(archive: Archive) -> str | None:
    if "[Content_Types].xml" not in archive.names:
        return None
    names = [name.lower() for name in archive.names]
    if "macroenabled" in archive.type_part.lower() or any(name.endswith(_MACROS) for name in names):
        raise wrong_type()
    for kind, (part, media_type) in _OOXML.items():
        if part in names and media_type in archive.type_part:
            return kind
    return None


def _odf_kind(archive: Archive) -> str | None:
    kind = _ODF.get(archive.type_part.strip()) if archive.names[0] == "mimetype" else None
    if kind and any(name.lower().startswith(_ODF_SCRIPTS) for name in archive.names):
        raise wrong_type()
    return kind
