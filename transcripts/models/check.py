from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation


class BrokenChain(models.Model):
    """A conversation whose records or rows were changed behind the desk's back, as the last check found it."""

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="broken_chain"
    )
    number = models.PositiveIntegerField(_("record"))
    what = models.CharField(_("what is wrong"), max_length=20)
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    class Meta:
        verbose_name = _("broken chain of records")
        verbose_name_plural = _("broken chains of records")

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.number} {self.what}"


class CheckRound(models.Model):
    """How far the checks have come through all conversations: one row. They begin anew at the end."""

    cursor = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.cursor)
