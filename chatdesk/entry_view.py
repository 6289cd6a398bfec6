"""An entry as people and programs are shown it: the same struct on the wire and in the templates."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from chatdesk.models import Entry, File, Note, Participant
from chatdesk.protocol import Author, EntryPosted, FileInfo, NotePosted

SYSTEM = Author(kind="system")


def operator(user_id: int, name: str, photo: str) -> Author:
    """A person at the desk as visitors may know them: never an address."""
    address = reverse("accounts:photo", args=[photo]) if photo else ""
    return Author(kind="operator", name=name, photo=address, id=user_id)


def visitor(name: str) -> Author:
    return Author(kind="visitor", name=name)


def operator_author(user: User) -> Author:
    return operator(user.pk, user.display_name, user.photo)


def participant_author(participant: Participant | None) -> Author:
    if participant is None:
        return SYSTEM
    return visitor(participant.name) if participant.user is None else operator_author(participant.user)


def file_address(key: str) -> str:
    return reverse("file", args=[key])


def file_info(file: File) -> FileInfo:
    return FileInfo(file_address(file.key), file.name, file.size, file.media_type, file.width, file.height)


def entry_event(entry: Entry) -> EntryPosted:
    """The event of a stored entry, without the `client_id` that its author's own sockets are told."""
    return EntryPosted(
        conversation=entry.conversation.ref,
        seq=entry.seq,
        kind=entry.kind,
        author=participant_author(entry.participant),
        body=entry.body,
        at=entry.at,
        file=file_info(entry.file) if entry.file else None,
    )


def note_event(note: Note) -> NotePosted:
    """A note for people at the desk."""
    return NotePosted(
        conversation=note.conversation.ref,
        seq=note.number,
        kind=note.kind,
        after=note.after_seq,
        author=operator_author(note.author),
        body=note.body,
        at=note.at,
        client_id=note.client_id,
    )
