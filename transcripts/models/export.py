"""A production of records: what was asked for, the set it was fixed to, the volumes it came to, and what was amiss."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from transcripts.models.matter import Matter

PREFIX = RegexValidator(r"^[A-Z0-9_-]{0,20}$", _("Capital letters, digits, - and _ only."))


def new_export_ref() -> str:
    return secrets.token_urlsafe(16)


def usual_formats() -> list[str]:
    return ["jsonl", "html"]


class Profile(models.TextChoices):
    FULL = "full", _("full: everything, with internal notes")
    EXTERNAL = "external", _("external: without notes and whatever else is internal")
    SUBJECT = "subject", _("subject access: for the visitor themselves; other people are redacted")
    TRAINING = "training", _("training: pseudonyms, and addresses, telephone and card numbers masked")


class ExportState(models.TextChoices):
    SELECTING = "selecting", _("being counted")
    WAITING = "waiting", _("waits for a second person")
    QUEUED = "queued", _("about to begin")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")
    WARNED = "warned", _("done with warnings")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("stopped by an error")
    EXPIRED = "expired", _("removed after its time")


FINISHED = (ExportState.DONE, ExportState.WARNED)
UNDER_WAY = (ExportState.SELECTING, ExportState.QUEUED, ExportState.RUNNING)


class Export(models.Model):
    """One job. Its set is fixed by `ExportItem` rows before anybody approves it, and never grows afterwards."""

    ref = models.CharField(max_length=22, unique=True, default=new_export_ref, editable=False)
    matter = models.ForeignKey(
        Matter, verbose_name=_("matter"), null=True, blank=True, on_delete=models.PROTECT, related_name="exports"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    requested_at = models.DateTimeField(_("asked for"), default=timezone.now)
    reason = models.CharField(_("purpose"), max_length=500, blank=True, default="")
    query = models.TextField(_("search"), blank=True, default="")
    profile = models.CharField(_("profile"), max_length=8, choices=Profile, default=Profile.FULL)
    formats = models.JSONField(_("formats"), default=usual_formats)
    with_redactions = models.BooleanField(_("with redactions"), default=True)
    only_new = models.BooleanField(
        _("only what is new"),
        default=False,
        help_text=_("Leaves out what an earlier export of this stream has brought, once its receipt was confirmed."),
    )
    stream = models.CharField(
        _("stream"), max_length=80, blank=True, default="", help_text=_("Where it goes, such as “archive”.")
    )
    volume_bytes = models.PositiveBigIntegerField(_("size of a volume"), default=1_000_000_000)
    bates_prefix = models.CharField(_("Bates prefix"), max_length=20, blank=True, default="", validators=[PREFIX])
    bates_next = models.PositiveBigIntegerField(_("next Bates number"), default=1, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=ExportState, default=ExportState.SELECTING)
    wish = models.CharField(max_length=6, blank=True, default="", editable=False)  # pause or cancel, while it runs
    failure = models.CharField(_("error"), max_length=200, blank=True, default="", editable=False)
    snapshot_at = models.DateTimeField(_("as of"), null=True, blank=True, editable=False)
    conversations = models.PositiveIntegerField(_("conversations"), default=0, editable=False)
    records = models.PositiveBigIntegerField(_("records"), default=0, editable=False)
    position = models.PositiveIntegerField(default=0, editable=False)  # everything up to here is in finished volumes
    working_at = models.PositiveIntegerField(default=0, editable=False)  # where the unfinished volume has come to
    warnings = models.PositiveIntegerField(_("warnings"), default=0, editable=False)
    in_foreground = models.BooleanField(default=False, editable=False)  # by the command, which nobody takes over from
    lease = models.CharField(max_length=22, blank=True, default="", editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True, editable=False)
    manifest_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    acknowledged_at = models.DateTimeField(_("receipt confirmed"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [
            models.Index(fields=["-requested_at"], name="export_newest"),
            models.Index(
                fields=["requested_at"], name="export_to_do", condition=Q(state__in=("selecting", "queued", "running"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d} {self.ref[:6]}"

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED


class ExportItem(models.Model):
    """One conversation of an export, as far as it had come when the set was fixed. No foreign key: it may be gone."""

    class State(models.TextChoices):
        PENDING = "pending", _("to come")
        DONE = "done", _("exported")
        SKIPPED = "skipped", _("left out")

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveIntegerField()
    conversation_id = models.BigIntegerField()
    ref = models.CharField(max_length=22)
    group_id = models.BigIntegerField()
    closed_at = models.DateTimeField(null=True)
    last = models.PositiveIntegerField(_("last record"))
    head = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reason = models.CharField(_("why left out"), max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("exported conversation")
        verbose_name_plural = _("exported conversations")
        constraints = [models.UniqueConstraint(fields=["export", "position"], name="export_position")]
        indexes = [models.Index(fields=["conversation_id", "last"], name="export_of_conversation")]

    def __str__(self) -> str:
        return f"{self.position} {self.ref}"


class ExportPart(models.Model):
    """One volume: made whole, or made again. Fetched once, by who asked for it."""

    class State(models.TextChoices):
        STORED = "stored", _("ready")
        FETCHED = "fetched", _("fetched")
        REMOVED = "removed", _("removed")

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    first_position = models.PositiveIntegerField()
    last_position = models.PositiveIntegerField()
    place = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    manifest_sha256 = models.CharField(max_length=64)
    bates_first = models.CharField(max_length=40, blank=True, default="")
    bates_last = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.STORED)
    served = models.PositiveBigIntegerField(default=0)  # bytes that left the desk, from the first on
    line = models.CharField(max_length=22, blank=True, default="")  # the one request that may move it on
    begun_at = models.DateTimeField(_("fetching began"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("fetched"), null=True, blank=True)

    class Meta:
        verbose_name = _("volume")
        verbose_name_plural = _("volumes")
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_part_number")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"VOL{self.number:03d}"


class ExportWarning(models.Model):
    """Something that could not be brought as recorded. Numbers and hashes, no names."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("the file is missing")
        CHANGED = "changed", _("the file is not the one that was recorded")
        GONE = "gone", _("the conversation is no longer there")
        BROKEN = "broken", _("the conversation could not be written in this format")

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="warning_rows")
    part = models.PositiveIntegerField(_("volume"))
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    conversation = models.CharField(_("conversation"), max_length=22)
    record = models.PositiveIntegerField(_("record"), default=0)
    expected = models.CharField(max_length=64, blank=True, default="")
    found = models.CharField(max_length=64, blank=True, default="")
    format = models.CharField(_("format"), max_length=20, blank=True, default="")

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        ordering = ["part", "position", "record"]

    def __str__(self) -> str:
        return f"{self.conversation} {self.record} {self.kind}"


class ExportRules(models.Model):
    """What holds for every export of this desk. One row."""

    approve_above = models.PositiveIntegerField(
        _("second person above"),
        default=100,
        help_text=_("Conversations. An export of more waits until another person of compliance has approved it."),
    )
    keep_days = models.PositiveSmallIntegerField(
        _("kept for"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("In days. Then the volumes are removed from this desk; the manifest's hash stays."),
    )
    volume_mb = models.PositiveIntegerField(
        _("size of a volume"),
        default=1000,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("In MB. A volume ends with the conversation that reaches it."),
    )

    class Meta:
        verbose_name = _("export rules")
        verbose_name_plural = _("export rules")

    def __str__(self) -> str:
        return str(_("Export rules"))

    @classmethod
    def load(cls) -> ExportRules:
        return cls.objects.get_or_create(pk=1)[0]
