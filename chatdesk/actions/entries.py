"""The single write path of a message: check, number, store, publish on commit."""

from __future__ import annotations

from django.utils.translation import gettext as _

from chatdesk.actions.ledger import Post, Written, commit
from chatdesk.models import Conversation, Entry, File, Kind, Participant
from chatdesk.protocol import Code, Refused
from chatdesk.realtime import publish_head
from chatdesk.sitelimits import site_settings


def checked_body(body: str, limit: int) -> str:
    """The text as it will be stored. Raises Refused if it is empty, over `limit` characters, or can't be stored."""
    if not body.strip():
        raise Refused(Code.EMPTY, _("There is nothing in this message."))
    if len(body) > limit:
        raise Refused(Code.TOO_LONG, _("A message has at most %(n)s characters.") % {"n": limit})
    if "\x00" in body or not _encodable(body):
        raise Refused(Code.INVALID, _("This text has characters that can't be stored."))
    return body


def _encodable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def closed() -> Refused:
    return Refused(Code.CLOSED, _("This conversation has ended."))


def post_entry(
    conversation: Conversation,
    participant: Participant | None,
    body: str,
    client_id: str | None = None,
    *,
    kind: Kind = Kind.MESSAGE,
    file: File | None = None,
) -> Entry:
    """Store one entry and publish it on commit: the batch of one, for views, admin and tasks.

    The same (participant, client_id) again answers the first entry. Raises Refused (empty, too long, closed).
    """
    text = checked_body(body, site_settings().message_limit) if kind == Kind.MESSAGE else body
    author_id = participant.pk if participant else None
    post = Post(conversation.pk, author_id, kind, text, client_id, file.pk if file else None)
    written = commit([post])[0]
    if written is None:
        raise closed()
    publish_head(conversation.pk, written.seq)
    return _stored(conversation, written)


def _stored(conversation: Conversation, written: Written) -> Entry:
    entries = Entry.objects.select_related("conversation", "participant__user__user_type", "file")
    return entries.get(conversation=conversation, seq=written.seq)
