"""An entry as people and programs are shown it: the same struct on the wire and in the templates."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from chatdesk.models import Entry, File, Participant
from chatdesk.protocol import Author, EntryPosted, FileInfo

SYSTEM = Author(kind="system")


def operator_author(user: User) -> Author:
    """A person at the desk as visitors may know them: never an address."""
    photo = reverse("accounts:photo", args=[user.photo]) if user.photo else ""
    return Author(kind="operator", name=user.display_name, photo=photo, id=user.pk)


def participant_author(participant: Participant | None) -> Author:
    if participant is None:
        return SYSTEM
    if participant.user is None:
        return Author(kind="visitor", name=participant.name)
    return operator_author(participant.user)


def file_info(file: File) -> FileInfo:
    url = reverse("file", args=[file.key])
    return FileInfo(url, file.name, file.size, file.media_type, file.width, file.height)


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
