"""Answers that can still be taken back: they become entries, and so mail, when their time is up."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from chatdesk.actions.conversations import operator_part
from chatdesk.actions.entries import checked_body, post_entry
from chatdesk.actions.reopening import reopen
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.sitelimits import site_settings
from routing.locks import deciding
from tickets.models import MailSettings, PendingAnswer

log = logging.getLogger("chatdesk.mail")

AT_ONCE = 100
AFTER_THE_END = gettext_lazy("An answer was on its way when this conversation ended.")


def answer(user: User, ref: str, body: str, client_id: str) -> PendingAnswer:
    """Keep an answer for MailSettings.undo_seconds. The same client id again answers the first.

    Raises Refused (`conversation.unknown`, `auth.denied`, `entry.*`; `state.conflict` for another answer's id).
    """
    conversation = conversation_for_operator(user, ref, "answer")
    text = checked_body(body, site_settings().message_limit)
    due = timezone.now() + timedelta(seconds=MailSettings.load().undo_seconds)
    facts = {"conversation": conversation, "author": user, "body": text, "due_at": due}
    kept = PendingAnswer.objects.get_or_create(client_id=client_id, defaults=facts)[0]
    if (kept.author_id, kept.conversation_id) != (user.pk, conversation.pk):
        raise Refused(Code.CONFLICT, _("This could not be stored just now. Please try again."))
    return kept


def take_back(user: User, answer_id: int) -> str:
    """The text again, of an answer that has not left. Raises Refused `state.conflict` if it has."""
    with transaction.atomic():
        pending = _own(user, answer_id)
        pending.delete()
        return pending.body


def change_answer(user: User, answer_id: int, body: str) -> PendingAnswer:
    """Another text, and the whole time again. Raises Refused `state.conflict` if it has left, and `entry.*`."""
    text = checked_body(body, site_settings().message_limit)
    with transaction.atomic():
        pending = _own(user, answer_id)
        pending.body = text
        pending.due_at = timezone.now() + timedelta(seconds=MailSettings.load().undo_seconds)
        pending.save(update_fields=["body", "due_at"])
        return pending


def post_due_answers(now: datetime | None = None) -> int:
    """Post what nobody took back in time; how many."""
    due = PendingAnswer.objects.filter(due_at__lte=now or timezone.now()).order_by("due_at", "pk")
    return sum(_post(pk, now or timezone.now()) for pk in due.values_list("pk", flat=True)[:AT_ONCE])


def _own(user: User, answer_id: int) -> PendingAnswer:
    found = PendingAnswer.objects.select_for_update().filter(pk=answer_id, author=user).first()
    if found is None:
        raise Refused(Code.CONFLICT, _("This answer has been sent already."))
    return found


def _post(pk: int, now: datetime) -> bool:
    """The entry, and the end of the row, in one transaction; a row whose entry is refused waits for its author.

    A conversation that ended within these seconds is taken up again: what was said is not lost.
    """
    try:
        with deciding():
            rows = PendingAnswer.objects.select_for_update(of=("self",)).select_related("conversation", "author")
            pending = rows.filter(pk=pk, due_at__lte=now).first()
            if pending is None:
                return False
            reopen(pending.conversation, AFTER_THE_END)
            part = operator_part(pending.conversation, pending.author)
            post_entry(pending.conversation, part, pending.body, pending.client_id)
            pending.delete()
            return True
    except Refused as refused:
        log.warning("Answer %s was not posted: %s", pk, refused.code)
        return False
