from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation
from routing.models import Group, Request
from tickets.models.address import Correspondent


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """A conversation that somebody has to come back to: whose it is, until when, how it stands."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        PENDING = "pending", _("waits for the visitor")
        SOLVED = "solved", _("solved")

    class Priority(models.IntegerChoices):
        LOW = 1, _("low")
        NORMAL = 2, _("normal")
        HIGH = 3, _("high")
        URGENT = 4, _("urgent")

    conversation = models.OneToOneField(Conversation, on_delete=models.PROTECT, related_name="ticket")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", verbose_name=_("merged into")
    )
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="split", verbose_name=_("split from")
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="tickets", verbose_name=_("tags"))
    seen_seq = models.PositiveIntegerField(default=0, help_text="Up to which entry its state follows what was said.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [models.Index("due_at", name="ticket_due", condition=Q(due_at__isnull=False) & ~Q(state="solved"))]

    def __str__(self) -> str:
        return self.subject or str(self.conversation)


class TicketEvent(models.Model):
    """A line of the timeline: what of a ticket was changed, by whom (nobody: the desk), from what to what."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    before = models.CharField(max_length=200, blank=True, default="")
    after = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.what


class FollowUp(models.Model):
    """A promise to come back: to whom, about what, by when, who keeps it, and on which channel the visitor wants it."""

    class Channel(models.TextChoices):
        PAGE = "page", _("on the chat page, by the return link")
        MAIL = "mail", _("by e-mail")
        PHONE = "phone", _("by telephone")

    class State(models.TextChoices):
        PROMISED = "promised", _("promised")
        KEPT = "kept", _("kept")
        WITHDRAWN = "withdrawn", _("withdrawn")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="follow_ups")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PROMISED)
    question = models.TextField(_("what is to be answered"), max_length=1000)
    channel = models.CharField(_("the answer goes"), max_length=5, choices=Channel, default=Channel.PAGE)
    sealed_contact = models.TextField(editable=False, blank=True, default="")
    reason = models.CharField(_("why the contact is kept"), max_length=200, blank=True, default="")
    consented_at = models.DateTimeField(_("consented"), null=True, blank=True)
    delete_at = models.DateTimeField(_("contact kept until"), null=True, blank=True)
    correspondent = models.ForeignKey(
        Correspondent,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
        help_text="Made for this promise alone, and forgotten with its contact.",
    )
    live_request = models.ForeignKey(
        Request,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The chat in which it was promised: what is said until its end does not keep it yet.",
    )
    promised_for = models.DateTimeField(_("promised for"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(condition=Q(user__isnull=True) ^ Q(group__isnull=True), name="kept_by_one")
        ]
        indexes = [
            models.Index("promised_for", name="follow_up_due", condition=Q(state="promised")),
            models.Index("delete_at", name="follow_up_forget", condition=~Q(sealed_contact="")),
        ]

    def __str__(self) -> str:
        return self.question[:60]


class DeskNews(models.Model):
    """What came while somebody was away: between `since` and `until`. Once they have seen it, the two are the same."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_news")
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}"
