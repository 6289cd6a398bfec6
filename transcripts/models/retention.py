"""How long things are kept, what is to change about that, and what became of what was due."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DueMail
from chatdesk.models import Conversation
from routing.models import Group
from transcripts.retention.rules import WHOLE, Anchor, Rule

DAYS = [MinValueValidator(1), MaxValueValidator(36_500)]


class RetentionPolicy(models.Model):
    """What one group (none: all) wants of one class of data. Changed by `transcripts.actions.retaining` alone."""

    class Anchor(models.TextChoices):
        CLOSED = "closed", _("the end of the conversation")
        LAST = "last", _("its last entry")

    group = models.ForeignKey(
        Group,
        verbose_name=_("routing group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="retention_policies",
        help_text=_("Empty: all groups. Of a chat that was in several, the longest counts."),
    )
    data = models.CharField(_("what"), max_length=20, default=WHOLE)
    kind = models.CharField(_("kind of conversation"), max_length=12, blank=True, default="")
    keep_days = models.PositiveIntegerField(
        _("keep at least, days"),
        null=True,
        blank=True,
        validators=DAYS,
        help_text=_("Nothing is deleted earlier, whatever another policy says."),
    )
    delete_days = models.PositiveIntegerField(
        _("delete after, days"),
        null=True,
        blank=True,
        validators=DAYS,
        help_text=_("Empty: this policy deletes nothing."),
    )
    anchor = models.CharField(_("counted from"), max_length=8, choices=Anchor, default=Anchor.CLOSED)
    export_first = models.BooleanField(
        _("export before deleting"),
        default=False,
        help_text=_("Nothing goes before an export that holds it was confirmed as received."),
    )
    note = models.CharField(_("why"), max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("retention policy")
        verbose_name_plural = _("retention policies")
        ordering = [models.F("group__name").asc(nulls_first=True), "data", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["data", "kind"], condition=Q(group=None), name="one_policy_for_all"),
            models.UniqueConstraint(
                fields=["group", "data", "kind"], condition=Q(group__isnull=False), name="one_policy_a_group"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} v{self.version}"

    def rule(self) -> Rule:
        anchor: Anchor = "last" if self.anchor == self.Anchor.LAST else "closed"
        return Rule(
            policy=str(self),
            group=self.group_id,
            data=self.data,
            kind=self.kind,
            keep_days=self.keep_days,
            delete_days=self.delete_days,
            anchor=anchor,
            export_first=self.export_first,
        )


class Proposal(models.Model):
    """Something that lets records go earlier: it waits for a second person, and then for a day. `verb`: what kind."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        DELAYED = "delayed", _("approved, begins later")
        DONE = "done", _("in force")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        FAILED = "failed", _("could not be done")

    verb = models.CharField(max_length=30)
    target = models.CharField(max_length=64, blank=True, default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    forecast = models.JSONField(default=dict)
    reason = models.CharField(_("why"), max_length=300)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("asked"), default=timezone.now)
    decider = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    effective_at = models.DateTimeField(_("begins"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-pk"]
        indexes = [models.Index("effective_at", name="proposal_due", condition=Q(state="delayed"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(decider__isnull=True) | ~Q(decider=models.F("author")) | Q(state="withdrawn"),
                name="nobody_approves_their_own",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"


class RetentionMail(DueMail):
    """To one of the compliance people: what was asked, approved, or stopped. `facts`: numbers and words of ours."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    letter = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [models.Index("due_at", name="retention_mail_due", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.letter} {self.pk}"


class RetentionClock(models.Model):
    """The last time at which the job looked at the clock. One row. Stopped: it had jumped, and somebody must look."""

    seen_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    jumped_to = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.seen_at:%c}"


class RetentionRun(models.Model):
    """One pass over all conversations, in batches: `cursor` is the number of the last one that was looked at."""

    begun_at = models.DateTimeField(_("begun"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    is_open = models.BooleanField(default=True)
    cursor = models.BigIntegerField(default=0)
    examined = models.PositiveIntegerField(_("looked at"), default=0)
    quarantined = models.PositiveIntegerField(_("put away"), default=0)

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["is_open"], condition=Q(is_open=True), name="one_retention_run"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Disposition(models.Model):
    """What becomes of a conversation whose time is up, or of one class of its data (`data`; WHOLE: all of it)."""

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("put away, can be brought back")
        DESTROYING = "destroying", _("being destroyed")
        PENDING = "pending", _("to be tried again")
        DESTROYED = "destroyed", _("destroyed")
        RESTORED = "restored", _("brought back")
        CANCELLED = "cancelled", _("not due any more")

    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.SET_NULL, related_name="dispositions", db_index=False
    )
    ref = models.CharField(max_length=22, db_index=True)
    data = models.CharField(max_length=20, default=WHOLE)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.QUARANTINED)
    policy = models.CharField(_("policy"), max_length=40)
    due_at = models.DateTimeField(_("due"))
    quarantined_at = models.DateTimeField(_("put away"))
    destroy_at = models.DateTimeField(_("to be destroyed"))
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True, default="")
    run = models.ForeignKey(RetentionRun, null=True, on_delete=models.PROTECT, related_name="dispositions")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        ordering = ["destroy_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "data"],
                condition=Q(state__in=("quarantined", "destroying", "pending")),
                name="one_disposition_at_a_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["destroy_at", "id"],
                name="disposition_due",
                condition=Q(state__in=("quarantined", "destroying", "pending")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.state}"


class KeptByHand(models.Model):
    """Somebody brought a conversation back, or wants it kept: until then no policy touches it."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="kept_by_hand")
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.until:%x}"


class Tombstone(models.Model):
    """That a conversation was, and that it was destroyed: numbers, hashes and times, no word and no name of it."""

    ref = models.CharField(max_length=22, unique=True)
    disposition = models.ForeignKey(Disposition, null=True, on_delete=models.PROTECT, related_name="tombstones")
    group_slug = models.CharField(_("group"), max_length=40)
    destroyed_at = models.DateTimeField(_("destroyed"))
    facts = models.JSONField()
    leaf = models.BigIntegerField(null=True, help_text="Its place in the log of the site.")
    stored_at = models.DateTimeField(null=True, help_text="When it was written to the storage as well.")

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        ordering = ["-pk"]
        indexes = [models.Index("id", name="tombstone_unstored", condition=Q(stored_at=None))]

    def __str__(self) -> str:
        return self.ref
