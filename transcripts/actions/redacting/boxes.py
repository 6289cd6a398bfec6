"""What is marked, as the reading view draws it: boxes in the text, found words within and beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatdesk.models import Conversation
from transcripts.actions.reading import Line
from transcripts.excerpts import Piece
from transcripts.models import Redaction, RedactionUse
from transcripts.spans import Part, Span, parts


@dataclass(frozen=True)
class Box:
    """Pieces of a text under the same marks, or under none. Joined, the boxes are the text."""

    pieces: Sequence[Piece]
    marks: Sequence[Redaction] = ()

    @property
    def ids(self) -> str:
        """Of what says who and why, for `aria-describedby`."""
        return " ".join(f"mark-{mark.pk}" for mark in self.marks)

    @property
    def tip(self) -> str:
        """Why and by whom, in one line."""
        return "; ".join(f"{mark.reason.name} · {mark.made_by.display_name}" for mark in self.marks)


class Shown:
    """The marks in force of one conversation; `used` are those that stand, for an export has used them."""

    def __init__(self, conversation: Conversation) -> None:
        rows = Redaction.objects.filter(conversation=conversation, withdrawn_at=None)
        self.rows = list(rows.select_related("reason", "made_by").order_by("number", "start", "pk"))
        used = RedactionUse.objects.filter(redaction__in=[row.pk for row in self.rows]) if self.rows else ()
        self.used = {use.redaction_id for use in used}

    def of(self, number: int) -> list[Redaction]:
        return [row for row in self.rows if number and row.number == number]

    def of_person(self, person: str) -> list[Redaction]:
        return [row for row in self.rows if person and row.person == person]

    def boxes(self, line: Line, pieces: Sequence[Piece]) -> list[Box]:
        """The text of a line, which is its record's body, in pieces already where words were searched for."""
        return boxes(pieces, (row for row in self.of(line.number) if row.field in ("", "body")))


def boxes(pieces: Sequence[Piece], marks: Iterable[Redaction]) -> list[Box]:
    """The pieces in boxes of the marks that lie on their text."""
    known = {str(mark.pk): mark for mark in marks}
    if not known:
        return [Box(pieces)] if pieces else []
    text = "".join(piece.text for piece in pieces)
    found = parts(text, (_span(mark, len(text)) for mark in known.values()))
    return list(_boxed(pieces, found, known))


def _span(mark: Redaction, length: int) -> Span:
    whole = mark.start is None or mark.end is None or mark.end > length
    return Span(0 if whole else mark.start or 0, length if whole else mark.end or 0, (str(mark.pk),))


def _boxed(pieces: Sequence[Piece], found: Iterable[Part], known: Mapping[str, Redaction]) -> Iterator[Box]:
    """Each part with its own share of the pieces."""
    left = list(reversed(pieces))
    for part in found:
        inside, missing = [], len(part.text)
        while missing and left:
            piece = left.pop()
            inside.append(Piece(piece.text[:missing], piece.is_marked))
            if len(piece.text) > missing:
                left.append(Piece(piece.text[missing:], piece.is_marked))
            missing -= len(inside[-1].text)
        yield Box(inside, [known[label] for label in part.labels])
