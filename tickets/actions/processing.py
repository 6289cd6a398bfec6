"""Working off kept mails. Each step can be repeated: whatever is killed, the sweep takes it up again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from chatdesk.protocol import Code, Refused
from chatdesk.realtime import telling_together
from tickets.actions.arriving import Waits, arrive
from tickets.actions.holding import hold
from tickets.actions.marking import mark_done
from tickets.faults import named
from tickets.memory import remembering
from tickets.models import Held, IncomingMail

logger = logging.getLogger(__name__)

State = IncomingMail.State
AT_ONCE = 200
RESULT = ("state", "tries", "due_at", "error", "facts", "conversation", "entry")
LONGEST_PAUSE = timedelta(minutes=15)
TRIES_TO_READ = 3  # what fails this often in our own code is shown as unreadable


def process(mail_id: int) -> IncomingMail:
    """Do what is still to be done about a kept mail; the mail as it then is. Safe to repeat and to run twice at once.

    What can't be done just now (storage, name servers) is tried again later, more and more seldom.
    """
    mail = IncomingMail.objects.get(pk=mail_id)
    if mail.state == State.STORED:
        _work_off(mail)
        mail.refresh_from_db(fields=RESULT)
    return mail


def _work_off(mail: IncomingMail) -> None:
    try:
        facts = arrive(mail)
    except (Waits, DatabaseError, OSError) as trouble:
        _later(mail, trouble)
    except Refused as refused:
        passes = refused.retry or refused.code == Code.CLOSED  # ended meanwhile: it is taken up again
        _later(mail, refused) if passes else _given_up(mail, refused)
    except Exception as fault:
        logger.error("incoming mail %s could not be processed: %s", mail.pk, named(fault))
        _later(mail, fault) if mail.tries + 1 < TRIES_TO_READ else _given_up(mail, fault)
    else:
        mark_done(mail, facts)


def process_due(stop: Callable[[], bool] | None = None) -> int:
    """Process what is due, the oldest first; how many there were. `stop` is asked before each."""
    due = IncomingMail.objects.filter(state=State.STORED, due_at__lte=timezone.now()).order_by("pk")
    ids = list(due.values_list("pk", flat=True)[:AT_ONCE])
    with remembering(), telling_together() as tell_if_late:
        for mail_id in ids:
            if stop is not None and stop():
                break
            _work_off_if_stored(mail_id)
            tell_if_late()
    return len(ids)


def _work_off_if_stored(mail_id: int) -> None:
    """Another worker may have been quicker."""
    mail = IncomingMail.objects.filter(pk=mail_id, state=State.STORED).first()
    if mail is not None:
        _work_off(mail)


def _later(mail: IncomingMail, trouble: Exception) -> None:
    pause = min(timedelta(seconds=5 * 2 ** min(mail.tries, 10)), LONGEST_PAUSE)
    again = {"tries": F("tries") + 1, "due_at": timezone.now() + pause, "error": type(trouble).__name__}
    IncomingMail.objects.filter(pk=mail.pk).update(**again)


def _given_up(mail: IncomingMail, trouble: Exception) -> None:
    """A person has to look: it stays, whole, among what is held."""
    hold(Held.Reason.UNREADABLE, conversation=mail.conversation, incoming=mail, detail=type(trouble).__name__)
    IncomingMail.objects.filter(pk=mail.pk).update(state=State.FAILED, error=type(trouble).__name__)
