from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chatdesk.models.conversation import Conversation, Participant
from chatdesk.models.file import File


class Kind(models.TextChoices):
    MESSAGE = "message", _("message")
    FILE = "file", _("file")
    JOIN = "join", _("joined")
    LEAVE = "leave", _("left")
    TRANSFER = "transfer", _("transferred")
    CLOSE = "close", _("closed")
    NOTICE = "notice", _("note of the desk to the visitor")


class Entry(models.Model):
    """One numbered item of a conversation. Written by `chatdesk.actions.entries` alone, and never changed."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.MESSAGE)
    participant = models.ForeignKey(
        Participant, verbose_name=_("author"), null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    body = models.TextField(_("text"), blank=True)
    file = models.OneToOneField(File, null=True, blank=True, on_delete=models.PROTECT, related_name="entry")
    client_id = models.CharField(max_length=64, null=True, blank=True, editable=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["conversation", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="entry_number"),
            models.UniqueConstraint(
                fields=["participant", "client_id"], condition=Q(client_id__isnull=False), name="entry_written_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"
