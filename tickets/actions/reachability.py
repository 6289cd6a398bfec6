"""Whether mail still reaches a correspondent: two hard bounces turn it off, a mail from them turns it on."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from tickets.actions import tickets
from tickets.models import Correspondent, TicketEvent

TURNS_OFF = 2
MAIL_OFF, MAIL_ON = "mail_off", "mail_on"


@transaction.atomic
def count_hard(correspondent: Correspondent | None) -> None:
    """One more mail to them that their server refused for good. To be called once a mail."""
    if correspondent is None:
        return
    rows = Correspondent.objects.filter(pk=correspondent.pk)
    rows.update(hard_bounces=F("hard_bounces") + 1)
    if rows.filter(hard_bounces__gte=TURNS_OFF, wants_mail=True).update(wants_mail=False):
        _note(correspondent, MAIL_OFF)


def heard_from(correspondent: Correspondent) -> None:
    """They have written by mail: so their address works. Who was switched off by a person stays so."""
    if correspondent.hard_bounces:
        _works_again(correspondent)


@transaction.atomic
def _works_again(correspondent: Correspondent) -> None:
    failing = Correspondent.objects.filter(pk=correspondent.pk, hard_bounces__gt=0)
    if failing.filter(hard_bounces__gte=TURNS_OFF, wants_mail=False).update(wants_mail=True, hard_bounces=0):
        _note(correspondent, MAIL_ON)
    failing.update(hard_bounces=0)


def _note(correspondent: Correspondent, what: str) -> None:
    ticket = tickets.ensure(correspondent.conversation)
    TicketEvent.objects.create(ticket=ticket, actor=None, what=what, after=str(correspondent.pk))
