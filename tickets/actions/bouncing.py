"""What a report does to the mail it is about."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.sealing import seal
from chatdesk.language import for_everybody
from tickets.actions import recorded
from tickets.actions.reachability import count_hard
from tickets.actions.sending.reasons import plain
from tickets.models import OutgoingMail
from tickets.reading import bounces
from tickets.reading.bounces import Bounce

State = OutgoingMail.State
ON_ITS_WAY = (State.QUEUED, State.SENDING, State.UNCERTAIN, State.SENT, State.DELIVERED)
PERHAPS_THERE = (State.SENDING, State.UNCERTAIN, State.SENT)
DELAYED = _("The receiving server has not taken it yet, and goes on trying.")


@transaction.atomic
def take_bounce(outgoing_id: int, bounce: Bounce) -> bool:
    """Write down what became of a mail; False if it was known already, or does not matter any more.

    The server's words name real addresses: they are kept sealed, and people at the desk read a plain sentence.
    """
    mail = OutgoingMail.objects.select_for_update(of=("self",)).select_related("to").filter(pk=outgoing_id).first()
    if mail is None:
        return False
    if bounce.kind in (bounces.HARD, bounces.SOFT):
        return _returned(mail, bounce)
    if bounce.kind == bounces.ARRIVED:
        return _end(mail, PERHAPS_THERE, state=State.DELIVERED, ended_at=timezone.now(), reason="")
    if bounce.kind == bounces.LATE:
        return _change(mail, (State.SENT,), reason=for_everybody(DELAYED))
    return False


def _returned(mail: OutgoingMail, bounce: Bounce) -> bool:
    """A mail counts once, however many reports there are of it."""
    words = mail.facts | {"sealed_words": seal(bounce.diagnostic), "bounce": bounce.kind}
    told = {"code": bounce.code or None, "reason": plain(bounce.status, bounce.code), "facts": words}
    if not _end(mail, ON_ITS_WAY, state=State.BOUNCED, ended_at=timezone.now(), **told):
        return False
    if bounce.kind == bounces.HARD and bounce.blames_address:
        count_hard(mail.to)
    return True


def _end(mail: OutgoingMail, states: tuple[str, ...], *, state: OutgoingMail.State, **changes: Any) -> bool:
    """A change that the conversation's records tell of."""
    if not _change(mail, states, state=state, **changes):
        return False
    recorded.became(mail, state)
    return True


def _change(mail: OutgoingMail, states: tuple[str, ...], **changes: Any) -> bool:
    return OutgoingMail.objects.filter(pk=mail.pk, state__in=states).update(**changes) == 1
