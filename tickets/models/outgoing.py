from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation
from tickets.models.address import Correspondent


class OutgoingMail(models.Model):
    """One mail to one recipient: a row first, with its Message-ID and envelope sender, then SMTP.

    `content` is what leaves, byte for byte, composed once when it is first due. A row in `sending` whose claim is old
    was cut off: it is `uncertain` if the message may have been taken, and sent once more under the same Message-ID.
    """

    class Kind(models.TextChoices):
        RELAY = "relay", _("message")
        ACKNOWLEDGEMENT = "ack", _("acknowledgement")
        NOTICE = "notice", _("notice")
        RETURN_LINK = "return", _("return link")
        COPY = "copy", _("copy")
        TEST = "test", _("self-test")

    class State(models.TextChoices):
        HELD = "held", _("waits for approval")
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("perhaps sent")
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("returned")
        FAILED = "failed", _("not delivered")
        CANCELLED = "cancelled", _("taken back")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    conversation = models.ForeignKey(
        Conversation, null=True, blank=True, on_delete=models.PROTECT, related_name="outgoing_mails"
    )
    to = models.ForeignKey(
        Correspondent, null=True, blank=True, on_delete=models.SET_NULL, related_name="outgoing_mails"
    )
    sealed_recipient = models.TextField(editable=False, default="")
    first_seq = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    verp = models.CharField(max_length=120, unique=True)
    content = models.BinaryField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        constraints = [
            models.UniqueConstraint(
                fields=["to", "kind", "first_seq"],
                condition=Q(to__isnull=False, kind="relay") & ~Q(state="cancelled"),
                name="an_entry_mailed_once",
            )
        ]
        indexes = [
            models.Index("due_at", name="outgoing_due", condition=Q(state__in=("queued", "uncertain"))),
            models.Index("claimed_at", name="outgoing_claimed", condition=Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class PendingAnswer(models.Model):
    """An answer by mail that can still be taken back or changed: it becomes an entry when its time is up."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="pending_answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pending_answers")
    client_id = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.pk}"
