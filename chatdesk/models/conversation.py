from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models.button import Button
from chatdesk.models.visitor import Visitor
from routing.models import Group, Request, State


def new_ref() -> str:
    """A conversation's public name: 128 bits, so that none can be guessed from another.

    None begins with "-": a command would take it for an option, and a spreadsheet for a formula.
    """
    while (ref := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return ref


class Conversation(models.Model):
    """One visitor's thread. Its entries are numbered 1, 2, 3 without a gap; `last_seq` is the newest."""

    ref = models.CharField(max_length=22, unique=True, default=new_ref, editable=False)
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="conversations")
    button = models.ForeignKey(Button, verbose_name=_("button"), on_delete=models.PROTECT, related_name="conversations")
    group = models.ForeignKey(Group, verbose_name=_("group"), on_delete=models.PROTECT, related_name="conversations")
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="conversation")
    start_id = models.CharField(max_length=64, db_index=True, editable=False)
    last_seq = models.PositiveIntegerField(_("entries"), default=0)
    last_at = models.DateTimeField(_("last entry"), default=timezone.now)
    last_note = models.PositiveIntegerField(_("notes"), default=0)
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    erased_at = models.DateTimeField(_("deleted by the visitor"), null=True, blank=True, editable=False)
    # Its time is up: neither the desk nor its visitor finds it any more. A new entry brings it back.
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    earlier_groups = models.JSONField(default=list, editable=False)  # by number: how long it is kept depends on all
    on_hold_since = models.DateTimeField(_("on hold since"), null=True, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    question = models.CharField(_("answer to the question"), max_length=500, blank=True, default="")
    page = models.CharField(_("page"), max_length=500, blank=True, default="")
    referrer = models.CharField(_("came from"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            # Nothing that a message changes is indexed: PostgreSQL can then update the row in place.
            models.Index(fields=["group", "-id"], name="conversation_by_group"),
            models.Index(fields=["group"], name="conversation_open", condition=Q(closed_at=None)),
            models.Index(
                fields=["on_hold_since"],
                name="conversation_on_hold",
                condition=Q(on_hold_since__isnull=False, closed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What people at the desk call the visitor: the name they gave, or a short mark of the reference."""
        return self.name or str(_("Visitor %(mark)s") % {"mark": self.mark})

    @property
    def standing(self) -> str:
        """waiting, active or closed; or `message`: it left the queue, and somebody answers later."""
        if self.request.accept_by is not None:
            return "waiting"  # offered to somebody who has not yet begun
        if self.request.state != State.CLOSED:
            return str(self.request.state)
        return "closed" if self.closed_at else "message"

    def moved_to(self, group_id: int) -> dict[str, object]:
        """What changes in its row when it goes to another group: it never forgets where it has been."""
        seen = dict.fromkeys([*self.earlier_groups, self.group_id])
        return {"group_id": group_id, "earlier_groups": list(seen)}

    @property
    def is_on_hold(self) -> bool:
        """Whether the operator who has it now said that they look something up."""
        taken = self.request.taken_at
        held = self.on_hold_since is not None and taken is not None and self.on_hold_since >= taken
        return held and self.request.state == State.ACTIVE

    @property
    def audit_name(self) -> str:
        """What the audit log calls it: never the visitor's own name, which may have to be erased."""
        return self.ref

    @property
    def mark(self) -> str:
        return "".join(c for c in self.ref.upper() if c.isalnum())[:3]


class Participant(models.Model):
    """Somebody in a conversation, with how far what was said reached them. No user: the visitor.

    The role is what they are there for now: who holds the chat is its host. Empty: the visitor, and who has left.
    """

    class Role(models.TextChoices):
        HOST = "host", _("host")
        GUEST = "guest", _("guest")
        MONITOR = "monitor", _("watching")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="participations"
    )
    name = models.CharField(_("name at the time"), max_length=80, blank=True, default="")
    role = models.CharField(_("role"), max_length=8, choices=Role, blank=True, default="")
    is_silent = models.BooleanField(_("watches unseen"), default=False)
    delivered_seq = models.PositiveIntegerField(_("delivered up to"), default=0)
    read_seq = models.PositiveIntegerField(_("read up to"), default=0)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="one_part_per_user"),
            models.UniqueConstraint(fields=["conversation"], condition=Q(user=None), name="one_visitor_part"),
        ]
        indexes = [models.Index("user", name="participant_beside", condition=Q(role__in=("guest", "monitor")))]

    def __str__(self) -> str:
        return self.name or str(_("Visitor"))
