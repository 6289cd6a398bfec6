"""Taking a file in: the row first, then the bytes, then the entry that shows it."""

from __future__ import annotations

import logging

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from chatdesk.actions.entries import closed, post_entry
from chatdesk.actions.files.examination import Examined, examined
from chatdesk.actions.files.pace import check_pace
from chatdesk.actions.files.storing import discard, keep_bytes, mark_stored, receiving
from chatdesk.actions.saying import tell_hidden
from chatdesk.models import Conversation, Entry, File, Kind, Participant
from chatdesk.protocol import Code, Refused
from chatdesk.sensitive.results import What

logger = logging.getLogger(__name__)

CLIENT_ID_CHARS = 64


def receive(
    conversation: Conversation,
    participant: Participant | None,
    upload: UploadedFile[bytes],
    client_id: str,
    *,
    paced: bool = True,
) -> Entry:
    """Examine and store an upload, and post it as the next entry. To be called outside a transaction.

    The same (participant, client_id) again answers the first entry and stores nothing; without a participant that
    holds for the conversation, of one that asks at a time. `paced`: false for what is already kept elsewhere, and
    comes when it can. Raises Refused: file.empty, file.too_large, file.type, file.unreadable, conversation.closed,
    rate.limited, state.conflict, frame.invalid, server.busy; then neither row nor bytes remain.
    """
    _check_client_id(client_id)
    earlier = _sent_before(conversation, participant, client_id)
    if earlier is not None:
        return earlier
    if conversation.closed_at is not None:
        raise closed()
    if paced and participant is not None:
        check_pace(participant)
    with examined(upload) as found, receiving(conversation, found) as file:
        _keep(file, found)
        return _posted(conversation, participant, file, client_id, found.hidden)


def _check_client_id(client_id: str) -> None:
    if not 0 < len(client_id) <= CLIENT_ID_CHARS or not client_id.isprintable():
        raise Refused(Code.INVALID, _("An upload needs a client_id of 1 to 64 characters."))


def _sent_before(conversation: Conversation, participant: Participant | None, client_id: str) -> Entry | None:
    earlier = conversation.entries.filter(participant=participant, client_id=client_id).first()
    if earlier is not None and earlier.kind != Kind.FILE:
        raise Refused(Code.CONFLICT, _("Something else was sent under this client_id."))
    return earlier


def _keep(file: File, found: Examined) -> None:
    try:
        keep_bytes(file, found.content)
    except Exception as failed:
        logger.exception("a file could not be stored")
        raise Refused(Code.BUSY, _("The file could not be stored just now. Please try again."), retry=True) from failed


def _posted(
    conversation: Conversation, participant: Participant | None, file: File, client_id: str, hidden: frozenset[What]
) -> Entry:
    """The entry and the row's last state in one transaction; a twin that came first stays, and this file goes."""
    with transaction.atomic():
        entry = post_entry(conversation, participant, file.name, client_id, kind=Kind.FILE, file=file)
        if entry.file_id == file.pk and not mark_stored(file):
            raise Refused(Code.BUSY, _("This took too long. Please send the file again."), retry=True)
        tell_hidden(conversation.pk, hidden)
    if entry.file_id != file.pk:
        discard(file)
    return entry
