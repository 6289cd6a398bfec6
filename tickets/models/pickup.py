from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation


class PickupBox(models.Model):
    """What waits for a visitor who left. The link's secret and the eight words are kept as HMACs only."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="pickup_box")
    secret_hash = models.CharField(max_length=64, unique=True)
    words_hash = models.CharField(max_length=64, unique=True)
    sealed = models.TextField(editable=False, help_text="JSON: secret, words; to show or mail them again.")
    asks_code = models.BooleanField(_("asks for a code by mail"), default=False)
    sealed_code = models.TextField(editable=False, default="", help_text="The code that was mailed last.")
    code_until = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    collected_seq = models.PositiveIntegerField(_("collected up to"), default=0)
    collected_at = models.DateTimeField(_("collected"), null=True, blank=True)

    class Meta:
        verbose_name = _("pick-up box")
        verbose_name_plural = _("pick-up boxes")

    def __str__(self) -> str:
        return f"{self.conversation_id}"


class PickupOpening(models.Model):
    """Who looked at a return link, and what they did: a scanner's GET is `seen`, and takes nothing."""

    class Deed(models.TextChoices):
        SEEN = "seen", _("looked at the door")
        OPENED = "opened", _("opened")
        COLLECTED = "collected", _("saved a file")
        REFUSED = "refused", _("was refused")

    box = models.ForeignKey(PickupBox, on_delete=models.CASCADE, related_name="openings")
    deed = models.CharField(max_length=9, choices=Deed)
    at = models.DateTimeField(default=timezone.now)
    seq = models.PositiveIntegerField(default=0, help_text="Up to which entry it was shown.")
    address = models.GenericIPAddressField(null=True, blank=True)
    agent = models.CharField(max_length=200, blank=True, default="")
    file = models.ForeignKey("chatdesk.File", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("opening of a pick-up box")
        verbose_name_plural = _("openings of pick-up boxes")

    def __str__(self) -> str:
        return f"{self.deed} {self.at:%c}"
