"""How an answer written now would reach the visitor: what people at the desk are told before they write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from chatdesk.models import Conversation
from tickets.actions import tickets
from tickets.actions.outbox import is_on
from tickets.models import Correspondent, Ticket

STILL_THERE = timedelta(seconds=75)  # an open page is heard of every minute
HARD_BOUNCES = 2
BEGUN_WITHOUT_A_PAGE = ("mail-", "split-")


@dataclass(frozen=True)
class Way:
    """`kind`: page (they are there), mail, returned (mail comes back), waits (no address), merged or none."""

    kind: str
    words: str = ""
    elsewhere: Conversation | None = None

    @property
    def is_away(self) -> bool:
        """Whether an answer goes out by itself after a while, and not into an open page."""
        return self.kind in ("mail", "returned", "waits")


def way_to(conversation: Conversation, now: datetime | None = None) -> Way:
    """The way to this conversation's visitor."""
    elsewhere = tickets.resolve(conversation)
    if elsewhere.pk != conversation.pk:
        return Way(
            "merged", _("This ticket was merged. What comes and goes from now on is in the other one."), elsewhere
        )
    if conversation.standing == "closed":
        return Way("none")
    if is_there(conversation, now or timezone.now()):
        return Way("page")
    return _by_mail(conversation) or _waits(conversation)


def is_there(conversation: Conversation, now: datetime) -> bool:
    """Whether the visitor has the page open. Who has only ever written by mail has none."""
    visitor = conversation.visitor
    has_page = visitor.token_used or not conversation.start_id.startswith(BEGUN_WITHOUT_A_PAGE)
    return has_page and visitor.seen_at > now - STILL_THERE


def _by_mail(conversation: Conversation) -> Way | None:
    if not is_on():
        return None
    rows = Correspondent.objects.filter(conversation=conversation, side=Correspondent.Side.VISITOR, revoked_at=None)
    known = rows.exclude(sealed_address="").first()
    if known is None and not conversation.email:
        return None
    if known is not None and (known.hard_bounces >= HARD_BOUNCES or not known.wants_mail):
        words = _("Mail to this visitor comes back. Your answer waits until they come back to their page.")
        return Way("returned", words)
    return Way("mail", _("The visitor is not here. Your answer goes to them by e-mail, under a masked address."))


def _waits(conversation: Conversation) -> Way:
    """Nobody is told of a way that is not a ticket's: in a live chat the visitor may be back in a moment."""
    if not Ticket.objects.filter(conversation=conversation).exists():
        return Way("page")
    return Way("waits", _("The visitor is not here and left no address. Your answer waits behind their return link."))
