from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation, Entry


class IncomingMail(models.Model):
    """A mail as it came, with its envelope: committed before anybody is told that it was taken. Never changed.

    What became of it is in the fields from `state` on, which processing writes, as often as it is repeated.
    """

    class Via(models.TextChoices):
        SMTP = "smtp", _("SMTP")
        IMAP = "imap", _("IMAP")
        WEBHOOK = "webhook", _("webhook")
        FILE = "file", _("file")

    class State(models.TextChoices):
        STORED = "stored", _("stored")
        DONE = "done", _("done")
        FAILED = "failed", _("could not be read")

    via = models.CharField(_("came by"), max_length=8, choices=Via)
    recipient = models.CharField(_("recipient"), max_length=320)
    envelope_from = models.CharField(_("envelope sender"), max_length=320, blank=True, default="")
    client_ip = models.GenericIPAddressField(null=True, blank=True)
    helo = models.CharField(max_length=255, blank=True, default="")
    source_key = models.CharField(
        max_length=200, blank=True, default="", help_text="UIDVALIDITY and UID, or a webhook's event id."
    )
    message_id = models.CharField(max_length=500, blank=True, default="")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what makes it this mail: body, From, Date, Subject.")
    sender_hash = models.CharField(
        max_length=64, blank=True, default="", help_text="Of the address in From, or else of the envelope's."
    )
    raw = models.BinaryField()
    size = models.PositiveBigIntegerField()
    is_cut = models.BooleanField(_("too large: only its head was kept"), default=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now)

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.STORED)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(_("error"), max_length=300, blank=True, default="")
    facts = models.JSONField(default=dict, blank=True)
    conversation = models.ForeignKey(
        Conversation, null=True, blank=True, on_delete=models.PROTECT, related_name="incoming_mails"
    )
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "message_id", "digest"], name="mail_taken_in_once"),
            models.UniqueConstraint(
                fields=["via", "source_key"], condition=~Q(source_key=""), name="mail_of_a_source_once"
            ),
        ]
        indexes = [
            models.Index("due_at", name="incoming_due", condition=Q(state="stored")),
            models.Index("message_id", name="incoming_by_message_id"),
            models.Index("sender_hash", "recipient", "received_at", name="incoming_by_sender"),
        ]

    def __str__(self) -> str:
        return f"{self.via} {self.pk}"
