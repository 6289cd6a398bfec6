"""What somebody writes and leaves behind the return link: the same conversation, taken up again if it had ended."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive
from chatdesk.actions.reopening import reopen
from chatdesk.models import Conversation

CAME_BACK = gettext_lazy("The visitor came back by the return link.")


def answer(conversation: Conversation, body: str, client_id: str, files: Sequence[UploadedFile[bytes]] = ()) -> int:
    """Post the words, if there are any, and the files; how many entries. The same `client_id` again posts nothing.

    To be called outside a transaction. Raises Refused (`entry.*`, `file.*`, `rate.limited`).
    """
    part = conversation.participants.get(user=None)
    reopen(conversation, CAME_BACK)
    written = 0
    if body.strip():
        post_entry(conversation, part, body, client_id)
        written = 1
    for number, upload in enumerate(files, start=1):
        receive(conversation, part, upload, f"{client_id}-{number}")
    return written + len(files)
