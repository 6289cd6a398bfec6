"""XML parts of documents, changed in place so that everything else stays as its program wrote it."""

from __future__ import annotations

import html
import re

from tickets.masking.files.checking import check_text
from tickets.masking.results import Unclean, Why
from tickets.masking.rules import Rules

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding=["']([A-Za-z0-9._\-]{1,40})["']""")
_PARTS_WORDS = re.compile(
    r"<(?:/?(?:w|a|text|p):(?:p|h|tc|tr|br|tab|cr)|/?si|/?c|/?row|text:(?:line-break|tab)|/?table:table-cell)\b[^<>]*>"
)
_TAG = re.compile(r"<[^<>]*>")
_VALUE = re.compile(r"""\s(?!xmlns)[\w:.\-]+=(?:"([^"]*)"|'([^']*)')""")
# Words of the formats themselves; they can only be mistaken for somebody's.
_SCHEMAS = ("http://schemas.", "https://schemas.", "http://www.w3.org/", "http://purl.org/", "urn:")


def read_xml(data: bytes) -> str:
    """A part's text. Raises Unclean for what no office program writes: other encodings, own entities."""
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        raise Unclean(Why.UNCLEAN_FILE, "a part in an unusual encoding")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unclean(Why.UNCLEAN_FILE, "a damaged part") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Unclean(Why.UNCLEAN_FILE, "a part with definitions of its own")
    return text


def check_xml(text: str, rules: Rules) -> None:
    """Raises Unclean (ADDRESS_IN_FILE) if what a reader sees, or an attribute holds, tells who somebody is."""
    spaced = _PARTS_WORDS.sub("\n", text)
    seen = html.unescape(_TAG.sub("", spaced))
    check_text(seen, rules, "in its text")
    values = (html.unescape(match[1] or match[2] or "") for match in _VALUE.finditer(text))
    check_text("\n".join(value for value in values if not value.startswith(_SCHEMAS)), rules, "in a part of it")
    check_text(html.unescape(_TAG.sub("\n", text)), rules, "in its text")


def set_attributes(text: str, names: str, value: str) -> str:
    """`text` with every attribute of these names (a pattern) set to `value`."""
    return re.sub(rf"""(\s(?:{names})=)(?:"[^"]*"|'[^']*')""", rf'\1"{value}"', text)


def set_elements(text: str, names: str, value: str) -> str:
    """`text` with the content of every such element, which holds text alone, set to `value`."""
    return re.sub(rf"(<(?:{names})(?:\s[^<>]*)?>)[^<>]*(</)", rf"\g<1>{value}\2", text)
