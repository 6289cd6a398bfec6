"""Taking a conversation away at its visitor's wish: who it was and what was said go, that it took place stays."""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import record
from chatdesk.actions.conversations import close_by_visitor
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Entry, File, MailNotice, Note, Participant, Visitor
from chatdesk.models.visitor import new_token, token_hash
from chatdesk.protocol import Code, Refused
from chatdesk.querysets import SAID
from chatdesk.realtime import publish
from chatdesk.signals import visitor_erased, visitor_erasing
from routing.locks import deciding

MARK: Promise = gettext_lazy("Deleted at the visitor's wish.")
NOBODY = {"name": "", "email": "", "question": "", "page": "", "referrer": ""}


def erase(conversation: Conversation) -> None:
    """Words, names, addresses and files of the conversation go; numbers, times and who of the desk was there stay.

    Its files' bytes go by a sweep. Whoever hears `visitor_erasing` may forbid it with a reason: Raises Refused
    `state.conflict`, and then nothing has changed. Doing it again changes nothing more.
    """
    with deciding():
        conversation.refresh_from_db()
        if conversation.erased_at is not None:
            return
        _check_holds(conversation)
        if conversation.closed_at is None:
            close_by_visitor(conversation.pk)
        _forget_words(conversation)
        _forget_person(conversation)
        visitor_erased.send(None, conversation=conversation)
        record("chat.erase", on=conversation)
        publish("state", conversation.pk)


def _check_holds(conversation: Conversation) -> None:
    reasons = [reason for _receiver, reason in visitor_erasing.send(None, conversation=conversation) if reason]
    if reasons:
        raise Refused(Code.CONFLICT, _("This can't be deleted now: %(reason)s") % {"reason": reasons[0]})


def _forget_words(conversation: Conversation) -> None:
    mark = for_everybody(MARK)
    Entry.objects.filter(conversation=conversation, kind__in=SAID).update(body=mark)
    Note.objects.filter(conversation=conversation).update(body=mark)
    File.objects.filter(conversation=conversation).update(name=mark, sha256="", state=File.State.ERASING)


def _forget_person(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(erased_at=timezone.now(), **NOBODY)
    Participant.objects.filter(conversation=conversation, user=None).update(name="")
    MailNotice.objects.filter(conversation=conversation).delete()
    others = Conversation.objects.filter(visitor=conversation.visitor_id, erased_at=None).exclude(pk=conversation.pk)
    if not others.exists():
        Visitor.objects.filter(pk=conversation.visitor_id).update(token_hash=token_hash(new_token()), token_used=True)
