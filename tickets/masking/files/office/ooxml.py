"""Word, Excel and PowerPoint documents: properties emptied, people called Author; text is looked at, never changed."""

from __future__ import annotations

import re
from collections.abc import Callable

from tickets.masking.files.office.xml import check_xml, read_xml, set_attributes, set_elements
from tickets.masking.files.packed import Budget, Packed
from tickets.masking.results import Unclean, Why
from tickets.masking.rules import Rules

AUTHOR = "Author"
TYPES = "[Content_Types].xml"
_PEOPLE = r"w:author|w:initials|w15:author|w15:userId|w15:providerId|lastModifiedBy|userName"
_LISTS = ("people.xml", "commentauthors.xml", "authors.xml", "person.xml")  # parts that list people and nothing else
_LISTED = r"name|displayName|userId|providerId|initials"
_NAMES = r"author|dc:creator|cp:lastModifiedBy|x15ac:absPath"
_MAILTO = re.compile(r"""(\sTarget=)(["'])\s*mailto:[^"']*\2""", re.IGNORECASE)
_TEMPLATE = re.compile(r"""(\sTarget=)(["'])(?:file:|[A-Za-z]:\\|\\\\)[^"']*\2""", re.IGNORECASE)
_PROPERTIES = {
    "docProps/core.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
        '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docProps/app.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
        '"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
    "docProps/custom.xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
        '"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    ),
}
CleanMember = Callable[[str, bytes, Rules, Budget], bytes]


def clean_ooxml(packed: Packed, rules: Rules, budget: Budget, clean_member: CleanMember) -> tuple[str, ...]:
    """Clean the document's parts in place, and say what it lost. Raises Unclean.

    FILE_TYPE: macros; UNCLEAN_FILE: signed; ADDRESS_IN_FILE; and what `clean_member` raises for pictures and the like.
    """
    _refuse_special(packed)
    removed: list[str] = []
    for name, data in packed.members.items():
        if name in _PROPERTIES:
            cleaned = _PROPERTIES[name].encode()
        elif name.endswith((".xml", ".rels", ".vml")):
            cleaned = _cleaned_part(name, data, rules)
        elif name.endswith(".bin") and "printersettings" in name.lower():
            cleaned = bytes(len(data))
        else:
            cleaned = clean_member(name, data, rules, budget)
        if cleaned != data:
            packed.members[name] = cleaned
            removed.append("properties" if name in _PROPERTIES else "authors and details")
    return tuple(dict.fromkeys(removed))


def _refuse_special(packed: Packed) -> None:
    names = [name.lower() for name in packed.members]
    types = packed.members[TYPES].lower()
    if b"macroenabled" in types or any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Unclean(Why.FILE_TYPE, "it contains macros")
    if any(name.startswith("_xmlsignatures/") for name in names):
        raise Unclean(Why.UNCLEAN_FILE, "it is signed, and cleaning would break the signature")
    if any("/activex/" in name for name in names):
        raise Unclean(Why.FILE_TYPE, "it contains programs")


def _cleaned_part(name: str, data: bytes, rules: Rules) -> bytes:
    text = read_xml(data)
    cleaned = set_attributes(text, _PEOPLE, AUTHOR)
    cleaned = set_elements(cleaned, _NAMES, AUTHOR)
    if name.lower().endswith(_LISTS):
        cleaned = set_attributes(cleaned, _LISTED, AUTHOR)
    if name.endswith(".rels"):
        cleaned = _TEMPLATE.sub(r'\1"about:blank"', _MAILTO.sub(r'\1"about:blank"', cleaned))
    check_xml(cleaned, rules)
    return data if cleaned == text else cleaned.encode()
