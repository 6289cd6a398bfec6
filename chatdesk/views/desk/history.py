"""What was said, a page at a time, with the notes where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk.entry_view import entry_event, note_event
from chatdesk.models import Conversation, Entry, Note
from chatdesk.protocol import EntryPosted, NotePosted

PAGE_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class History:
    """A page of entries, oldest first; `lines` with the notes between them; and whether older ones exist."""

    entries: list[EntryPosted]
    notes: list[NotePosted]
    more: bool

    @property
    def lines(self) -> list[EntryPosted | NotePosted]:
        placed: list[tuple[int, int, EntryPosted | NotePosted]] = [(entry.seq, 0, entry) for entry in self.entries]
        placed += [(note.after, note.seq, note) for note in self.notes]
        return [line for _seq, _number, line in sorted(placed, key=lambda one: one[:2])]


def history(conversation: Conversation, before: int | None = None) -> History:
    """The newest entries, or the newest before a number: fifty at most; and the notes that stand among them."""
    found = Entry.objects.filter(conversation=conversation).select_related("participant__user", "file")
    if before is not None:
        found = found.filter(seq__lt=before)
    newest = list(found.order_by("-seq")[: PAGE_ENTRIES + 1])
    for entry in newest:
        entry.conversation = conversation
    shown = [entry_event(entry) for entry in reversed(newest[:PAGE_ENTRIES])]
    more = len(newest) > PAGE_ENTRIES
    return History(shown, _notes(conversation, shown[0].seq if more else 0, before), more)


def _notes(conversation: Conversation, first: int, before: int | None) -> list[NotePosted]:
    """Those behind an entry of the page: from its first on, up to the page that stands below."""
    found = Note.objects.filter(conversation=conversation, after_seq__gte=first).select_related("author")
    if before is not None:
        found = found.filter(after_seq__lt=before)
    notes = list(found)
    for note in notes:
        note.conversation = conversation
    return [note_event(note) for note in notes]
