"""Working off kept mails. Each step can be repeated: whatever is killed, the sweep takes it up again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from accounts.rows import answers
from chatdesk.protocol import Code, Refused
from chatdesk.realtime import telling_together
from tickets.actions.arrival import Facts
from tickets.actions.arriving import Delivery, Waits, arrive, consider
from tickets.actions.delivering import deliver, finish
from tickets.actions.holding import hold
from tickets.actions.marking import mark_done
from tickets.actions.together import Together
from tickets.faults import named
from tickets.memory import portions, remembering
from tickets.models import Held, IncomingMail

logger = logging.getLogger(__name__)

T = TypeVar("T")
State = IncomingMail.State
AT_ONCE = 200
MAILS_READ, BYTES_READ = 8, 4_000_000  # at once
WAITS = "SELECT 1 FROM tickets_incomingmail WHERE id = %s AND state = %s"
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
    _conclude(mail, _attempted(mail, partial(arrive, mail)))


def _attempted(mail: IncomingMail, step: Callable[[], T]) -> T | None:
    """What the step answers; None if the mail has to wait, or is given up."""
    try:
        return step()
    except (Waits, DatabaseError, OSError) as trouble:
        _later(mail, trouble)
    except Refused as refused:
        passes = refused.retry or refused.code == Code.CLOSED  # ended meanwhile: it is taken up again
        _later(mail, refused) if passes else _given_up(mail, refused)
    except Exception as fault:
        logger.error("incoming mail %s could not be processed: %s", mail.pk, named(fault))
        _later(mail, fault) if mail.tries + 1 < TRIES_TO_READ else _given_up(mail, fault)
    return None


def _conclude(mail: IncomingMail, facts: Facts | None) -> None:
    if facts is not None:
        mark_done(mail, facts)


def process_due(stop: Callable[[], bool] | None = None) -> int:
    """Process what is due, the oldest first; how many there were. `stop` is asked before each."""
    due = IncomingMail.objects.filter(state=State.STORED, due_at__lte=timezone.now()).order_by("pk")
    found = list(due.values_list("pk", "size")[:AT_ONCE])
    with remembering(), telling_together() as tell_if_late:
        together = Together()
        for mail in _read_ahead(found):
            if stop is not None and stop():
                break
            _take(mail, together)
            tell_if_late()
        _store(together)
    return len(found)


def _read_ahead(found: Sequence[tuple[int, int]]) -> Iterator[IncomingMail]:
    """The mails, several read at once: another worker may have been quicker with each."""
    for ids in portions(found, MAILS_READ, BYTES_READ):
        for mail in IncomingMail.objects.filter(pk__in=ids, state=State.STORED).order_by("pk"):
            if answers(WAITS, (mail.pk, State.STORED)):
                yield mail


def _take(mail: IncomingMail, together: Together) -> None:
    """What begins a conversation is stored with others that do; everything else in its turn."""
    if not together.may_hold(mail):
        _store(together)
    considered = _attempted(mail, partial(consider, mail))
    if isinstance(considered, Delivery):
        if together.takes(considered):
            return
        _store(together)
        considered = _attempted(mail, partial(deliver, considered))
    _conclude(mail, considered)


def _store(together: Together) -> None:
    entered, left_out = together.store()
    for each in entered:
        mail = each.delivery.arrival.mail
        _conclude(mail, _attempted(mail, partial(finish, each)))
    for mail in _read_ahead([(pk, BYTES_READ) for pk in left_out]):
        _work_off(mail)


def _later(mail: IncomingMail, trouble: Exception) -> None:
    pause = min(timedelta(seconds=5 * 2 ** min(mail.tries, 10)), LONGEST_PAUSE)
    again = {"tries": F("tries") + 1, "due_at": timezone.now() + pause, "error": type(trouble).__name__}
    IncomingMail.objects.filter(pk=mail.pk).update(**again)


def _given_up(mail: IncomingMail, trouble: Exception) -> None:
    """A person has to look: it stays, whole, among what is held."""
    hold(Held.Reason.UNREADABLE, conversation=mail.conversation, incoming=mail, detail=type(trouble).__name__)
    IncomingMail.objects.filter(pk=mail.pk).update(state=State.FAILED, error=type(trouble).__name__)
