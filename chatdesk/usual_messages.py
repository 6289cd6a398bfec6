"""What a desk says by itself until somebody writes it better: calm, true whatever happens, and not too often."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from chatdesk.models import Trigger, WaitMessage
from routing.models import Group

USUAL: tuple[tuple[Trigger, int, tuple[Promise, ...]], ...] = (
    (Trigger.WAITING, 30, (_("Thank you for waiting. You keep your place."),)),
    (Trigger.WAITING, 120, (_("It takes a while today. Your message is kept, whatever happens."),)),
    (
        Trigger.OPERATOR_SILENT,
        60,
        (_("Your message has arrived. One moment more, please."), _("You are not forgotten.")),
    ),
    (Trigger.OPERATOR_SILENT, 240, (_("We are sorry that it takes so long. You need not write again."),)),
    (Trigger.VISITOR_SILENT, 300, (_("Take your time. When you are ready, just write on here."),)),
    (Trigger.HOLD, 60, (_("We are still looking it up. Thank you for your patience."),)),
    (Trigger.CLOSING, 0, (_("We are closing now. Your message is kept, and will be answered when we are back."),)),
)


def make_usual_messages(group: Group) -> list[WaitMessage]:
    """Give a group that has no messages the usual ones, in the desk's own language; what was made."""
    if WaitMessage.objects.filter(group=group).exists():
        return []
    with override(settings.LANGUAGE_CODE):
        rows = [_message(group, *facts) for facts in USUAL]
    return WaitMessage.objects.bulk_create(rows)


def _message(group: Group, trigger: Trigger, after: int, texts: Iterable[Promise]) -> WaitMessage:
    words = "\n".join(str(text) for text in texts)
    return WaitMessage(group=group, trigger=trigger, after_seconds=after, texts=words)
