"""The same words in all that conversations say: messages, notes, forms, names, names of files, mails; not in files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from chatdesk.models import Conversation
from transcripts.actions.exporting.told import Told, told_of
from transcripts.actions.redacting.literal import pattern
from transcripts.actions.redacting.making import Place
from transcripts.actions.redacting.marks import Marks, of
from transcripts.models import Redaction

MOST_CONVERSATIONS = 500
MOST_HITS = 500
AROUND = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """The words in one place, with what is around them. `is_covered`: a mark covers them already."""

    conversation: Conversation
    number: int
    kind: str
    field: str
    start: int
    end: int
    before: str
    words: str
    after: str
    is_covered: bool

    @property
    def key(self) -> str:
        """Names the place in a form."""
        return f"{self.conversation.pk}-{self.number}-{self.start}-{self.field}"

    @property
    def place(self) -> Place:
        return Place(self.number, self.field, self.start, self.end)


def hits(conversations: Collection[Conversation], words: str, *, whole: bool) -> Iterator[Hit]:
    """In the order of the conversations and their records. Lazy: whoever asks decides how many."""
    looked = pattern(words, whole=whole)
    if looked is None:
        return
    marks = of([conversation.pk for conversation in conversations])
    for conversation in conversations:
        known = marks.get(conversation.pk, Marks())
        for told in told_of(conversation.pk):
            for name, text in told.said.items():
                found = looked.finditer(text) if isinstance(text, str) else ()
                yield from (_hit(conversation, told, name, each.span(), known.rows) for each in found)


def _hit(conversation: Conversation, told: Told, name: str, span: tuple[int, int], rows: Sequence[Redaction]) -> Hit:
    text, (start, end) = str(told.said[name]), span
    return Hit(
        conversation,
        told.number,
        told.kind,
        name,
        start,
        end,
        text[max(0, start - AROUND) : start],
        text[start:end],
        text[end : end + AROUND],
        any(_covers(row, told.number, name, start, end) for row in rows),
    )


def _covers(row: Redaction, number: int, name: str, start: int, end: int) -> bool:
    if row.number != number or row.field not in ("", name):
        return False
    return row.start is None or row.end is None or (row.start <= start and end <= row.end)
