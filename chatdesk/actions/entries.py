"""The single write path of a message: check, number, store, publish on commit."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from chatdesk.actions.ledger import Post, Written
from chatdesk.actions.saying import commit_said, continued
from chatdesk.hiding import hidden
from chatdesk.models import Conversation, Entry, File, Kind, Participant
from chatdesk.protocol import Code, Refused
from chatdesk.sensitive.results import Masked
from chatdesk.sitelimits import site_settings


def checked_body(body: str, limit: int) -> str:
    """The text as it will be stored, without what the site hides. Raises Refused as `check_body`."""
    check_body(body, limit)
    return hidden(body).text


def check_body(body: str, limit: int) -> None:
    """Raises Refused if the text is empty, over `limit` characters, or can't be stored."""
    if not body.strip():
        raise Refused(Code.EMPTY, _("There is nothing in this message."))
    if len(body) > limit:
        raise Refused(Code.TOO_LONG, _("A message has at most %(n)s characters.") % {"n": limit})
    if "\x00" in body or not _encodable(body):
        raise Refused(Code.INVALID, _("This text has characters that can't be stored."))


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
    author_id = participant.pk if participant else None
    said = _said(conversation.pk, author_id, body) if kind == Kind.MESSAGE else Masked(body)
    post = Post(conversation.pk, author_id, kind, said.text, client_id, file.pk if file else None)
    written = commit_said(post, said)
    if written is None:
        raise closed()
    return _stored(conversation, written)


def _said(conversation_id: int, participant_id: int | None, body: str) -> Masked:
    check_body(body, site_settings().message_limit)
    return continued(conversation_id, participant_id, hidden(body))


def post_said(post: Post, said: Masked) -> Written:
    """Store what somebody wrote whose form was checked, by itself: it has something hidden, or may end a number.

    Raises Refused (closed).
    """
    whole = continued(post.conversation_id, post.participant_id, said)
    written = commit_said(replace(post, body=whole.text), whole)
    if written is None:
        raise closed()
    return written


def _stored(conversation: Conversation, written: Written) -> Entry:
    entries = Entry.objects.select_related("conversation", "participant__user__user_type", "file")
    return entries.get(conversation=conversation, seq=written.seq)
