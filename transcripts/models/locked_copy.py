from __future__ import annotations

import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation
from transcripts.models.bucket import Bucket

MOST_DAYS = 36_525  # a hundred years


class LockMode(models.TextChoices):
    COMPLIANCE = "COMPLIANCE", _("compliance: nobody can delete it before its time, whoever they are")
    GOVERNANCE = "GOVERNANCE", _("governance: who has a right of their own in the storage can")


class LockedRules(models.Model):
    """Whether conversations that end are copied out of this desk's reach, and where to. One row."""

    is_on = models.BooleanField(
        _("make locked copies"),
        default=False,
        help_text=_("Of each conversation that ends from now on, encrypted with a key of its own."),
    )
    bucket = models.ForeignKey(
        Bucket,
        verbose_name=_("bucket"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_(
            "It needs Object Lock, which can be switched on when a bucket is made. Without a bucket the copies lie in"
            " a folder of this desk: no file system can promise that nobody deletes or changes them."
        ),
    )
    mode = models.CharField(_("mode"), max_length=10, choices=LockMode, default=LockMode.COMPLIANCE)
    days = models.PositiveIntegerField(
        _("locked for"),
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("In days from the end of the conversation; longer where a retention policy keeps it longer."),
    )

    class Meta:
        verbose_name = _("locked copies")
        verbose_name_plural = _("locked copies")

    def __str__(self) -> str:
        return str(_("Locked copies"))

    @classmethod
    def load(cls) -> LockedRules:
        return cls.objects.get_or_create(pk=1)[0]


def new_name() -> str:
    """Tells the day and nothing else: who lists the bucket learns no reference that a page would take."""
    return f"{timezone.now():%Y/%m/%d}/{secrets.token_hex(16)}.locked"


class LockedCopy(models.Model):
    """One encrypted copy of a conversation, up to a record. It outlives the conversation, which it can't tell then."""

    class State(models.TextChoices):
        WAITING = "waiting", _("about to be made")
        FAILED = "failed", _("not made yet")
        KEPT = "kept", _("kept")
        SHREDDED = "shredded", _("unreadable: its key was destroyed")
        GONE = "gone", _("deleted")

    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.SET_NULL, related_name="locked_copies", db_index=False
    )
    ref = models.CharField(_("conversation"), max_length=22)
    last = models.PositiveIntegerField(_("last record"))
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(_("error"), max_length=200, blank=True, default="")

    bucket = models.ForeignKey(Bucket, null=True, on_delete=models.PROTECT, related_name="copies")
    name = models.CharField(max_length=80, unique=True, default=new_name)
    key = models.CharField(max_length=32, blank=True, default="")  # the name of the key that opens it
    version = models.CharField(max_length=200, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    mode = models.CharField(max_length=10, choices=LockMode, blank=True, default="")
    until = models.DateTimeField(_("locked until"), null=True, blank=True)
    is_held = models.BooleanField(_("on legal hold"), default=False)  # as the storage was told
    looked_at = models.DateTimeField(null=True, blank=True)  # whether a policy has come to keep it longer
    kept_at = models.DateTimeField(_("stored"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("locked copy")
        verbose_name_plural = _("locked copies")
        indexes = [
            models.Index(fields=["conversation", "state"], name="locked_of_conversation"),
            models.Index(fields=["due_at"], name="locked_to_do", condition=Q(state__in=("waiting", "failed"))),
            models.Index(fields=["until"], name="locked_ending", condition=Q(state="kept")),
            models.Index(fields=["until"], name="locked_unreadable", condition=Q(state="shredded")),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.last}"
