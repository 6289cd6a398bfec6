"""From what a person points at to places: exact words, a selection on the page, a whole field, a name."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from chatdesk.protocol import Code, Refused
from chatdesk.visible import visible
from transcripts.actions.exporting.told import Told
from transcripts.actions.redacting.covering import NAMING, person_of
from transcripts.actions.redacting.literal import places
from transcripts.actions.redacting.making import Place

SALTING = "mark"  # a field that says nothing: it is there so that a record's hash can't be guessed


def fields_of(told: Told) -> list[str]:
    """What of a record can be covered, in its order."""
    return [name for name in told.said if name != SALTING]


def pointed(told: Told, field: str, words: str, start: int | None = None, end: int | None = None) -> list[Place]:
    """The places of the words in a field of a record (no field: in all of them); all of it without words.

    `start`, `end`: a selection of the field as it is shown (`shown_places`), which has to be these words. A name that
    somebody gave is covered in the whole conversation. Raises Refused `state.conflict` where the words do not stand.
    """
    if field == "name" and told.kind in NAMING:
        return [Place(person=person_of(told))]
    if not words.strip():
        return [Place(told.number, field)]
    if start is not None and end is not None:
        return [_selected(told, field, words, start, end)]
    found = [place for name in ([field] if field else fields_of(told)) for place in _stand(told, name, words)]
    if not found:
        raise Refused(Code.CONFLICT, _("These words do not stand there."))
    return found


def _stand(told: Told, field: str, words: str) -> Iterator[Place]:
    text = told.said.get(field)
    if isinstance(text, str):
        yield from (Place(told.number, field, *span) for span in places(text, words))


def _selected(told: Told, field: str, words: str, start: int, end: int) -> Place:
    text = told.said.get(field)
    if isinstance(text, str):
        where = shown_places(text)
        if 0 <= start < end < len(where) and _alike(text[where[start] : where[end]], words):
            return Place(told.number, field, where[start], where[end])
    raise Refused(Code.CONFLICT, _("The text is not as you saw it. Please look at it again."))


def _alike(text: str, words: str) -> bool:
    return "".join(visible(text).split()) == "".join(words.split())


def shown_places(text: str) -> list[int]:
    """For each character of the text as a page shows it, and for its end, the place in the text that it comes from.

    A page writes out controls of direction, and browsers take CR and LF for one end of a line.
    """
    found = []
    for place, character in enumerate(text):
        is_half = character == "\r" and text[place + 1 : place + 2] == "\n"
        found += [place] * (0 if is_half else len(visible(character)))
    return [*found, len(text)]
