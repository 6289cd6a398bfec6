"""Silent copies of correspondence for the owner: separate mails, of which nobody in the conversation learns."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chatdesk.models import Conversation, Entry
from chatdesk.querysets import SAID
from tickets.actions.outbox.lately import GATHER, halves
from tickets.actions.outbox.queueing import Kind, queue
from tickets.models import CopyMark, Correspondent, MailPolicy

AT_ONCE = 100


def queue_copies(now: datetime) -> int:
    """Queue copies of what was said since the last ones; how many mails. Each entry once for each address."""
    policies = MailPolicy.objects.exclude(archive_address="", crm_address="").select_related("group")
    parts = [(policy, part) for policy in policies for part in halves(now)]
    return sum(_copy(each, policy) for policy, part in parts for each in _uncopied(policy, part, now)[:AT_ONCE])


def addresses_of(policy: MailPolicy) -> dict[str, str]:
    """Where copies go, by what for."""
    named = {"archive": policy.archive_address, "crm": policy.crm_address}
    return {name: address for name, address in named.items() if address}


def _uncopied(policy: MailPolicy, part: Q, now: datetime) -> QuerySet[Conversation]:
    mark = CopyMark.objects.filter(conversation=OuterRef("pk")).values("seq")[:1]
    by_mail = Exists(Correspondent.objects.filter(conversation=OuterRef("pk")))
    rows = Conversation.objects.filter(part, by_mail, group=policy.group, last_at__lte=now - GATHER)
    return rows.annotate(copied=Coalesce(Subquery(mark), 0)).filter(last_seq__gt=F("copied")).order_by("pk")


@transaction.atomic
def _copy(conversation: Conversation, policy: MailPolicy) -> int:
    mark = CopyMark.objects.get_or_create(conversation=conversation)[0]
    if not CopyMark.objects.filter(pk=mark.pk, seq=mark.seq).update(seq=conversation.last_seq):
        return 0
    new = Entry.objects.filter(conversation=conversation, kind__in=SAID, seq__gt=mark.seq)
    numbers = list(new.filter(seq__lte=conversation.last_seq).order_by("seq").values_list("seq", flat=True))
    if not numbers:
        return 0
    targets = addresses_of(policy)
    first, last = numbers[0], numbers[-1]
    for purpose, to in targets.items():
        queue(Kind.COPY, conversation=conversation, address=to, copy_for=purpose, first_seq=first, last_seq=last)
    return len(targets)
