"""HTML, masked: what a reader sees as one text is searched as one text, whatever tags part it."""

from __future__ import annotations

import hashlib
import html
import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import quote

from tickets.masking.finding import spans_of
from tickets.masking.hidden import hides_an_address
from tickets.masking.markup import INLINE, Tag, split, tag_of
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
    for _round in range(_ROUNDS):
        raw, tags = split(source)
        outer = {tag: _masked_tag(tag, rules) for tag in set(tags)}
        inner, more = _masked_texts(raw, [outer[tag].parts for tag in tags], rules)
        more += [each for tag in tags for each in outer[tag].found]
        words = [*raw, *tags]
        words[::2], words[1::2] = inner, [outer[tag].written for tag in tags]
        source = "".join(words)
        found += tuple(more)
        if not more:
            break
    return Masked(source, found)


def shown_content_id(content_id: str) -> str:
    """What stands for a picture's Content-ID, which may name a machine or a person: the same for the same."""
    if _KNOWN_CID.fullmatch(content_id):
        return content_id
    return f"c-{hashlib.sha256(content_id.strip('<> ').encode()).hexdigest()[:24]}"


@dataclass(frozen=True)
class Outer:
    """A tag, masked: as it is written now, what that hid, and what a reader sees between the words around it."""

    written: str
    found: tuple[Found, ...]
    parts: str


def _masked_tag(written: str, rules: Rules) -> Outer:
    tag = tag_of(written)
    kept: list[tuple[str, str | None]] = []
    found: list[Found] = []
    for name, value in tag.attributes:
        told, more = _attribute(name, value, rules) if value else (value, ())
        found += more
        if told is not None or value is None:
            kept.append((name, told))
    if kept != tag.attributes:
        written = str(Tag(tag.name, tag.closes, tag.is_empty, kept))
    return Outer(written, tuple(found), "" if tag.name in INLINE else "\n")


def _masked_texts(raw: list[str], parts: list[str], rules: Rules) -> tuple[list[str], list[Found]]:
    """The texts, entities and all, masked as one: `parts` is what stands between them."""
    texts = [html.unescape(text) if "&" in text else text for text in raw]
    spans = _spans_in(texts, parts, rules)
    if "" in parts:  # a tag that nobody sees may part an address from the next word, as well as join its halves
        spans = merged([*spans, *_spans_in(texts, ["\n"] * len(parts), rules)])
    if not spans:
        return raw, []
    whole = "".join(texts)
    found = [Found(span.kind, whole[span.start : span.end], span.shown) for span in spans]
    return _replaced(raw, texts, spans), found


def _spans_in(texts: list[str], parts: list[str], rules: Rules) -> list[Span]:
    """Spans in the texts end to end."""
    words = [*texts, *parts]
    words[::2], words[1::2] = texts, parts
    spans = spans_of("".join(words), rules)
    if not spans:
        return []
    at = [0, *accumulate(map(len, words))]
    bare = [0, *accumulate(0 if place % 2 else len(word) for place, word in enumerate(words))]
    return [
        Span(_bare(span.start, at, bare), _bare(span.end - 1, at, bare) + 1, span.kind, span.shown) for span in spans
    ]


def _bare(position: int, at: list[int], bare: list[int]) -> int:
    piece = bisect_right(at, position) - 1
    return min(bare[piece] + position - at[piece], bare[-1])


def _replaced(raw: list[str], texts: list[str], spans: list[Span]) -> list[str]:
    """Cut each span out of every text it runs through, and put its word into the first."""
    starts = [0, *accumulate(map(len, texts))]
    cuts: dict[int, list[Span]] = {}
    for span in spans:
        shown = span.shown
        for piece in range(bisect_right(starts, span.start) - 1, len(texts)):
            begin = starts[piece]
            if begin >= span.end:
                break
            within = Span(max(0, span.start - begin), min(span.end, starts[piece + 1]) - begin, span.kind, shown)
            cuts.setdefault(piece, []).append(within)
            shown = ""
    masked = [*raw]
    for piece, within_piece in cuts.items():
        masked[piece] = html.escape(replaced(texts[piece], within_piece)[0], quote=False)
    return masked


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
