"""Everything in a text that the rules mask, however it is written."""

from __future__ import annotations

from collections.abc import Iterator

from tickets.masking.addresses import address_spans
from tickets.masking.encoded import encoded_spans
from tickets.masking.folding import Folded, Reading, fold
from tickets.masking.keys import key_spans
from tickets.masking.links import link_spans
from tickets.masking.phones import phone_spans
from tickets.masking.rules import Rules
from tickets.masking.spans import Span, merged
from tickets.masking.spoken import spoken_spans


def spans_of(text: str, rules: Rules, *, is_name: bool = False) -> list[Span]:
    """The places to mask, in order and apart. Time is linear in the length of the text.

    Read anew where it makes a difference: as it stands, as it looks, and with %40, &#64; and the like undone. What
    joins two halves of an address may also part it from the next word, so no reading stands for another.
    """
    spans = list(_spans(text, rules, is_name=is_name))
    read = {text}
    for reading in Reading:
        folded = fold(text, reading)
        if folded is not None and folded.text not in read:
            read.add(folded.text)
            spans += _unfolded(folded, rules, is_name=is_name)
    return merged(spans)


def _unfolded(folded: Folded, rules: Rules, *, is_name: bool) -> Iterator[Span]:
    for span in _spans(folded.text, rules, is_name=is_name):
        yield span.unfolded(folded)


def _spans(text: str, rules: Rules, *, is_name: bool) -> Iterator[Span]:
    yield from address_spans(text, rules, is_name=is_name)
    yield from spoken_spans(text, rules)
    yield from link_spans(text, rules)
    yield from key_spans(text, rules)
    yield from encoded_spans(text, rules)
    if rules.masks_phones:
        yield from phone_spans(text, rules)
