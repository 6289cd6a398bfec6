"""The sweep that sends: claims a mail, composes it, has it carried on, and writes down how that ended."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.sealing import seal
from chatdesk.language import for_everybody
from tickets.actions.drafting import Nothing, content_of, recipient
from tickets.actions.outbox.presence import seen_by
from tickets.actions.reachability import count_hard
from tickets.actions.sending import states
from tickets.actions.sending.backend import BackendSession
from tickets.actions.sending.dialogue import End, Parcel, Result, Session
from tickets.actions.sending.reasons import names_no_mailbox, reason
from tickets.actions.sending.ways import Way, way_for
from tickets.models import MailSettings, OutgoingMail

log = logging.getLogger("chatdesk.mail")

AT_ONCE = 50  # dialogues with servers
LOOKED_AT = 500
READ = _("Read in the chat before it was sent.")
REVOKED = _("Its reader takes part no more.")
NOT_COMPOSED = _("It could not be put together yet.")
Kind = OutgoingMail.Kind


def send_due(now: datetime | None = None) -> int:
    """Send what is due; how many mails were taken by a server. Safe to repeat, and from several processes at once."""
    sweep = Sweep(now - timezone.now() if now else timedelta())
    states.recover(sweep.now())
    return sum(_send(mail, sweep) for mail in _next(sweep))


@dataclass
class Sweep:
    """One run. It may take long: each mail is claimed at its own moment, and a server that is down is tried once."""

    ahead: timedelta
    down: set[Way] = field(default_factory=set)
    seen: list[int] = field(default_factory=list)
    tried: int = 0

    def now(self) -> datetime:
        return timezone.now() + self.ahead


def _next(sweep: Sweep) -> Iterator[OutgoingMail]:
    """One after the other, asked for anew each time: what one settles may let the next one go."""
    rows = states.due(sweep.now())
    if not MailSettings.load().is_sending:
        rows = rows.filter(kind=Kind.TEST)
    while sweep.tried < AT_ONCE and len(sweep.seen) < LOOKED_AT:
        mail = rows.exclude(pk__in=sweep.seen).first()
        if mail is None:
            return
        sweep.seen.append(mail.pk)
        yield mail


def _send(mail: OutgoingMail, sweep: Sweep) -> bool:
    way, now = way_for(mail), sweep.now()
    if way in sweep.down:
        return states.put_off(mail, now)
    if not states.claim(mail, now):
        return False
    sweep.tried += 1
    if _is_needless(mail) or not _is_composed(mail, now):
        return False
    result = _carry(mail, way)
    if result.end == End.DOWN:
        sweep.down.add(way)
    return _settle(mail, sweep.now(), result)


def _is_needless(mail: OutgoingMail) -> bool:
    """Cancel what was read meanwhile, or whose reader has gone or was forgotten."""
    if not recipient(mail) or (mail.to is not None and mail.to.revoked_at is not None):
        return states.mark_cancelled(mail, for_everybody(REVOKED))
    if mail.kind != Kind.RELAY or mail.to is None or mail.doubts or mail.released:
        return False
    return seen_by(mail.to) >= mail.last_seq and states.mark_cancelled(mail, for_everybody(READ))


def _is_composed(mail: OutgoingMail, now: datetime) -> bool:
    """Compose the mail if it has not been, and keep its bytes."""
    if mail.content is not None:
        return True
    try:
        mail.content = content_of(mail, now)
        return states.keep_content(mail, mail.content)
    except Nothing:
        states.mark_cancelled(mail, "")
    except DatabaseError:
        raise
    except Exception as failed:  # storage, a cleaner, a template: none of them may stop the other mails
        log.warning("Mail %s could not be composed: %s", mail.pk, type(failed).__name__)
        states.mark_later(mail, now, 0, for_everybody(NOT_COMPOSED))
    return False


def _carry(mail: OutgoingMail, way: Way) -> Result:
    """One dialogue. The line is hung up after the result is written down, so this keeps it on the mail's own."""
    session = Session(way) if way.host else BackendSession()
    refused = session.open()
    if refused is not None:
        return refused
    result = Result(End.LATER)
    try:
        parcel = Parcel(mail.verp, recipient(mail), bytes(mail.content or b""))
        result = session.send(parcel, lambda: states.mark_handing_over(mail))
        if result.end == End.TAKEN:
            states.mark_sent(mail, result.code)
        return result
    finally:
        session.close(politely=result.end in (End.TAKEN, End.REFUSED))


def _settle(mail: OutgoingMail, now: datetime, result: Result) -> bool:
    if result.end in (End.TAKEN, End.LOST):
        return result.end == End.TAKEN
    words = reason(result)
    log.warning("Mail %s was not sent: %s %s", mail.pk, result.end.value, result.code or "")
    _keep_words(mail, result)
    if result.end == End.REFUSED:
        if states.mark_refused(mail, result.code, words) and names_no_mailbox(result):
            count_hard(mail.to)
    elif result.end == End.UNCERTAIN:
        states.mark_uncertain(mail, now, words)
    else:
        states.mark_later(mail, now, result.code, words)
    return False


def _keep_words(mail: OutgoingMail, result: Result) -> None:
    """The server's own words name addresses: they are kept, sealed."""
    facts = mail.facts | {"sealed_words": seal(result.words[:1000])}
    OutgoingMail.objects.filter(pk=mail.pk).update(facts=facts)
