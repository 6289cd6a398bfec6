"""HTML, masked: what a reader sees as one text is searched as one text, whatever tags part it."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from itertools import accumulate
from urllib.parse import quote

from tickets.masking.finding import spans_of
from tickets.masking.hidden import hides_an_address
from tickets.masking.markup import INLINE, Tag, Text, parsed
from tickets.masking.results import Found, Masked, What
from tickets.masking.rules import Rules
from tickets.masking.spans import Span, merged, replaced

_URLS = frozenset({"href", "src", "srcset", "cite", "action", "background", "longdesc", "poster", "formaction"})
_TO_PEOPLE = ("mailto:", "sip:", "sips:", "xmpp:", "im:", "skype:", "msteams:")
_TO_PHONES = ("tel:", "sms:", "callto:", "whatsapp:")
_KNOWN_CID = re.compile(r"c-[0-9a-f]{24}")
_ROUNDS = 4
Known = dict[tuple[str, str | None], tuple[str | None, tuple[Found, ...]]]


def mask_html(source: str, rules: Rules) -> Masked:
    """Sanitized HTML without what the rules hide: in text across tags, in attributes, in the targets of links.

    Comments, scripts and styles are left out; `mailto:` and, where numbers are masked, `tel:` targets too. The value
    of `data-cid` becomes `shown_content_id` of it. Linear in the length; twice is the same as once.
    """
    found: tuple[Found, ...] = ()
    known: Known = {}
    for _round in range(_ROUNDS):
        pieces = list(parsed(source))
        more = _masked_texts([piece for piece in pieces if isinstance(piece, Text)], pieces, rules)
        for piece in pieces:
            if isinstance(piece, Tag):
                more += _masked_attributes(piece, rules, known)
        source = "".join(map(str, pieces))
        found += tuple(more)
        if not more:
            break
    return Masked(source, found)


def shown_content_id(content_id: str) -> str:
    """What stands for a picture's Content-ID, which may name a machine or a person: the same for the same."""
    if _KNOWN_CID.fullmatch(content_id):
        return content_id
    return f"c-{hashlib.sha256(content_id.strip('<> ').encode()).hexdigest()[:24]}"


def _masked_texts(texts: list[Text], pieces: list[Tag | Text], rules: Rules) -> list[Found]:
    starts = [0, *accumulate(len(piece.text) for piece in texts)]
    spans = merged(span for apart in (False, True) for span in _spans_in(pieces, starts, rules, apart=apart))
    whole = "".join(piece.text for piece in texts)
    _replace(texts, starts, spans)
    return [Found(span.kind, whole[span.start : span.end], span.shown) for span in spans]


def _spans_in(pieces: list[Tag | Text], starts: list[int], rules: Rules, *, apart: bool) -> list[Span]:
    """Spans in the texts end to end. `apart`: every tag parts words; else those that a reader sees."""
    words: list[str] = []
    for piece in pieces:
        if isinstance(piece, Text):
            words.append(piece.text)
        elif apart or piece.name not in INLINE:
            words.append("\n")
    joined = "".join(words)
    at = [0, *accumulate(map(len, words))]
    bare = [0, *accumulate(0 if word == "\n" else len(word) for word in words)]
    return [
        Span(_bare(span.start, at, bare), _bare(span.end - 1, at, bare) + 1, span.kind, span.shown)
        for span in spans_of(joined, rules)
    ]


def _bare(position: int, at: list[int], bare: list[int]) -> int:
    piece = bisect_right(at, position) - 1
    return min(bare[piece] + position - at[piece], bare[-1])


def _replace(texts: list[Text], starts: list[int], spans: list[Span]) -> None:
    """Cut each span out of every text it runs through, and put its word into the first."""
    cuts: dict[int, list[Span]] = {}
    for span in spans:
        first = bisect_right(starts, span.start) - 1
        shown = span.shown
        for piece in range(first, len(texts)):
            begin = starts[piece]
            if begin >= span.end:
                break
            within = Span(max(0, span.start - begin), min(span.end, starts[piece + 1]) - begin, span.kind, shown)
            cuts.setdefault(piece, []).append(within)
            shown = ""
    for piece, within_piece in cuts.items():
        texts[piece].text = replaced(texts[piece].text, within_piece)[0]


def _masked_attributes(tag: Tag, rules: Rules, known: Known) -> list[Found]:
    """`known`: what was answered for the same attribute before; a mail repeats few of them many times."""
    if not tag.attributes:
        return []
    found: list[Found] = []
    kept: list[tuple[str, str | None]] = []
    for name, value in tag.attributes:
        if (name, value) not in known:
            known[name, value] = _attribute(name, value, rules) if value else (value, ())
        told, more = known[name, value]
        found += more
        if told is not None or value is None:
            kept.append((name, told))
    tag.attributes = kept
    return found


def _attribute(name: str, value: str, rules: Rules) -> tuple[str | None, tuple[Found, ...]]:
    """An attribute's value, masked; None: better without it."""
    if name == "data-cid":
        return shown_content_id(value), ()
    spans = spans_of(value, rules)
    if name not in _URLS:
        return replaced(value, spans)
    scheme = re.sub(r"[\x00-\x20]", "", value).lower()
    if scheme.startswith(_TO_PEOPLE) or (rules.masks_phones and scheme.startswith(_TO_PHONES)):
        return None, (Found(What.ADDRESS, value, ""),) if not spans else replaced(value, spans)[1]
    if any(span.kind in (What.SITE, What.LINK) for span in spans):
        return None, replaced(value, spans)[1]
    if hides_an_address(value, rules):
        return None, (Found(What.ADDRESS, value, ""),)
    return replaced(value, [Span(span.start, span.end, span.kind, quote(span.shown)) for span in spans])
