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
        TRANSCRIPT = "record", _("transcript")
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
    copy_for = models.CharField(max_length=8, blank=True, default="", help_text="archive, crm, or rule and its number.")
    facts = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    verp = models.CharField(max_length=120, unique=True)
    content = models.BinaryField(null=True, blank=True)
    released = models.PositiveBigIntegerField(default=0, help_text="The held item that this mail brings after all.")
    tries = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(default=0, help_text="How often it was perhaps taken.")
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(
        null=True, blank=True, help_text="Set before the last line of DATA: from here on it may have been taken."
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    code = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        constraints = [
            models.UniqueConstraint(
                fields=["to", "conversation", "first_seq", "released"],
                condition=Q(to__isnull=False, kind="relay") & ~Q(state="cancelled"),
                name="an_entry_mailed_once",
            ),
            models.UniqueConstraint(fields=["to"], condition=Q(to__isnull=False, kind="ack"), name="acknowledged_once"),
            models.UniqueConstraint(
                fields=["conversation", "first_seq", "copy_for"], condition=~Q(copy_for=""), name="an_entry_copied_once"
            ),
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


class CopyMark(models.Model):
    """Up to which entry the silent copies of a conversation were queued."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="copy_mark")
    seq = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.seq}"


class OperatorMail(models.Model):
    """How a person of the desk takes part by mail: whether what visitors write follows them when they are away."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="operator_mail")
    wants_mail = models.BooleanField(
        _("mail me what visitors write while I am away"),
        default=False,
        help_text=_("In your own conversations. You can answer by mail; nobody sees your address."),
    )
    signature = models.CharField(_("below my mails"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("mail of a person")
        verbose_name_plural = _("mail of people")

    def __str__(self) -> str:
        return str(self.user)
