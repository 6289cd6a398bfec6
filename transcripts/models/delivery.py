from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from transcripts.models.bucket import Bucket
from transcripts.models.export import Export, ExportPart


class Delivery(models.Model):
    """The bucket to which an export is brought, as it was called when somebody asked for it."""

    export = models.OneToOneField(Export, on_delete=models.CASCADE, related_name="delivery")
    bucket = models.ForeignKey(Bucket, on_delete=models.PROTECT, related_name="deliveries")
    address = models.CharField(max_length=600)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return self.address


class Shipment(models.Model):
    """One volume on its way into a bucket."""

    class State(models.TextChoices):
        WAITING = "waiting", _("on its way")
        FAILED = "failed", _("not there yet")
        THERE = "there", _("in the bucket")
        GIVEN_UP = "given-up", _("given up")

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="shipments")
    part = models.OneToOneField(ExportPart, on_delete=models.CASCADE, related_name="shipment")
    name = models.CharField(max_length=300)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(_("error"), max_length=200, blank=True, default="")
    upload = models.CharField(max_length=500, blank=True, default="")  # begun there, to be gone on with
    sent = models.PositiveBigIntegerField(default=0)
    version = models.CharField(max_length=200, blank=True, default="")
    done_at = models.DateTimeField(_("arrived"), null=True, blank=True)

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        indexes = [models.Index(fields=["due_at"], name="shipment_to_do", condition=Q(state__in=("waiting", "failed")))]

    def __str__(self) -> str:
        return self.name
