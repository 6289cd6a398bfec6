"""OpenDocument texts, tables and slides: properties emptied, people called Author; text is looked at, never changed."""

from __future__ import annotations

from tickets.masking.files.office.ooxml import AUTHOR, CleanMember
from tickets.masking.files.office.xml import check_xml, read_xml, set_elements
from tickets.masking.files.packed import Budget, Packed
from tickets.masking.results import Unclean, Why
from tickets.masking.rules import Rules

_META = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office='
    '"urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"><office:meta/></office:document-meta>'
)
_NAMES = (
    r"dc:creator|meta:creator-initials|loext:sender-initials|text:sender-[a-z\-]+|text:author-[a-z]+"
    r"|text:initial-creator|text:creator|text:printed-by"
)
_SCRIPTS = ("basic/", "scripts/")
_SIGNATURE = "META-INF/documentsignatures.xml"
_LOCKED = b"manifest:encryption-data"


def clean_opendocument(packed: Packed, rules: Rules, budget: Budget, clean_member: CleanMember) -> tuple[str, ...]:
    """Clean the document's parts in place, and say what it lost. Raises Unclean as clean_ooxml does, and LOCKED."""
    _refuse_special(packed)
    removed: list[str] = []
    for name, data in packed.members.items():
        if name.rpartition("/")[2] == "meta.xml":
            cleaned = _META.encode()
        elif name.endswith((".xml", ".rdf")):
            cleaned = _cleaned_part(data, rules)
        elif name == "mimetype" or name.startswith("Configurations2/"):
            cleaned = data
        else:
            cleaned = clean_member(name, data, rules, budget)
        if cleaned != data:
            packed.members[name] = cleaned
            removed.append("properties" if name.endswith("meta.xml") else "authors and details")
    return tuple(dict.fromkeys(removed))


def _refuse_special(packed: Packed) -> None:
    if any(name.lower().startswith(_SCRIPTS) for name in packed.members):
        raise Unclean(Why.FILE_TYPE, "it contains macros")
    if _SIGNATURE in packed.members:
        raise Unclean(Why.UNCLEAN_FILE, "it is signed, and cleaning would break the signature")
    if _LOCKED in packed.members.get("META-INF/manifest.xml", b""):
        raise Unclean(Why.LOCKED, "a password is needed to read it")


def _cleaned_part(data: bytes, rules: Rules) -> bytes:
    text = read_xml(data)
    cleaned = set_elements(text, _NAMES, AUTHOR)
    check_xml(cleaned, rules)
    return data if cleaned == text else cleaned.encode()
