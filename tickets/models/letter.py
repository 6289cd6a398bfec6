from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Entry, File
from tickets.models.address import Correspondent
from tickets.models.incoming import IncomingMail


class Letter(models.Model):
    """What an entry is besides its text when it came by mail. The entry's own text is the masked, trimmed one."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="letter")
    incoming = models.ForeignKey(IncomingMail, on_delete=models.PROTECT, related_name="letters")
    sender = models.ForeignKey(Correspondent, null=True, blank=True, on_delete=models.SET_NULL, related_name="letters")
    addressee = models.ForeignKey(
        Correspondent,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Whom an operator answered by mail. Empty: the writer of what came before.",
    )
    subject = models.CharField(_("subject, masked"), max_length=300, blank=True, default="")
    folded = models.TextField(_("folded away, masked"), blank=True, default="")
    html = models.TextField(_("HTML, cleaned and masked"), blank=True, default="")
    sealed_original = models.TextField(editable=False, default="", help_text="JSON: subject, text, folded, unmasked.")
    masked_count = models.PositiveIntegerField(_("places masked"), default=0)
    is_machine = models.BooleanField(_("written by a machine"), default=False)
    is_unproven = models.BooleanField(_("sender not proven"), default=False)
    remarks = models.JSONField(default=list, blank=True, help_text="Words from tickets.remarks, for badges.")

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"{self.entry_id}"


class Held(models.Model):
    """What waits for a person: it could not be cleaned, its sender is not known, or a rule wants a second look.

    Nothing held has left, and nothing held is lost: its bytes are in `incoming` or `file`.
    """

    class Reason(models.TextChoices):
        NEW_SENDER = "new_sender", _("a sender who is not part of this conversation")
        SPOOFED = "spoofed", _("the sender could not be proven")
        UNCLEAN_FILE = "unclean_file", _("a file that could not be cleaned")
        ADDRESS_IN_FILE = "address_in_file", _("a file contains an address")
        ADDRESS_WRITTEN = "address_written", _("an address was written")
        CARD = "card", _("a visiting card or a whole mail")
        FILE_TYPE = "file_type", _("a kind of file that is not allowed")
        LOCKED = "locked", _("an encrypted file or mail")
        APPROVAL = "approval", _("waits for approval")
        UNREADABLE = "unreadable", _("could not be read")
        MACHINE = "machine", _("a machine wrote it")

    class State(models.TextChoices):
        HELD = "held", _("held")
        RELEASED = "released", _("released")
        REFUSED = "refused", _("refused")

    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.HELD)
    conversation = models.ForeignKey(
        "chatdesk.Conversation", null=True, blank=True, on_delete=models.PROTECT, related_name="held"
    )
    incoming = models.ForeignKey(IncomingMail, null=True, blank=True, on_delete=models.PROTECT, related_name="held")
    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="held")
    file = models.ForeignKey(File, null=True, blank=True, on_delete=models.PROTECT, related_name="held")
    part = models.IntegerField(default=-1, help_text="The file's place in the mail, from 0; -1: the whole mail.")
    name = models.CharField(_("what"), max_length=200, blank=True, default="")
    detail = models.CharField(_("why"), max_length=300, blank=True, default="")
    at = models.DateTimeField(_("since"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("held item")
        verbose_name_plural = _("held items")
        indexes = [models.Index("at", name="held_open", condition=models.Q(state="held"))]
        constraints = [
            models.UniqueConstraint(
                fields=["incoming", "part", "reason"],
                name="mail_part_held_once",
                condition=models.Q(incoming__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.state}"
