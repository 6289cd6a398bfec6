"""What has to be true of HTML before a parser gets it: no NUL, not endless, not nested without end.

Parsers of HTML take time that grows with the square of the depth; nobody writes mail that deep by hand.
"""

from __future__ import annotations

import html as entities
import re

MAX_CHARS = 2_000_000
MAX_DEPTH = 300
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,14})")
# Tags that end themselves, or are ended by the next of their kind: leaving them open nests nothing.
_ENDING = (
    "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|p|li|dd|dt|td|th|tr|thead|tbody|tfoot|option|optgroup"
    "|colgroup|rp|rt|html|head|body"
)
_SELF_ENDING = frozenset(_ENDING.split("|"))
_ANY_TAG = re.compile(r"<[^<>]{0,5000}>")


def bounded(html: str) -> str:
    """`html` if it is sane; else its words as plain text in markup."""
    html = html[:MAX_CHARS].replace("\x00", "")
    return html if _depth(html) <= MAX_DEPTH else entities.escape(entities.unescape(_ANY_TAG.sub(" ", html)))


def _depth(html: str) -> int:
    deepest = depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _SELF_ENDING:
            depth = depth - 1 if tag[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest
