from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DueMail
from chatdesk.models.conversation import Conversation
from routing.models import Group


class Trigger(models.TextChoices):
    WAITING = "waiting", _("while the visitor waits for somebody")
    OPERATOR_SILENT = "operator_silent", _("while the visitor waits for an answer")
    VISITOR_SILENT = "visitor_silent", _("while the visitor writes nothing")
    HOLD = "hold", _("while something is looked up")
    CLOSING = "closing", _("when the group closes and somebody waits")
    ENDED = "ended", _("when an operator ends the chat")


class WaitingRules(Group):
    """A routing group, seen from those who wait for it: a settings page of its own."""

    class Meta:
        proxy = True
        verbose_name = _("rules for waiting")
        verbose_name_plural = _("rules for waiting")


class WaitMessage(models.Model):
    """A sentence that the desk writes by itself when nothing has happened for a while."""

    group = models.ForeignKey(
        Group, verbose_name=_("routing group"), on_delete=models.CASCADE, related_name="wait_messages"
    )
    trigger = models.CharField(_("when"), max_length=16, choices=Trigger, default=Trigger.WAITING)
    after_seconds = models.PositiveIntegerField(
        _("after seconds"),
        default=30,
        validators=[MaxValueValidator(86_400)],
        help_text=_("Since the wait, the silence or the hold began. The last two kinds are sent at once."),
    )
    texts = models.TextField(
        _("texts"), max_length=2_000, help_text=_("One a line. If there are several, one is chosen by chance.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("message while waiting")
        verbose_name_plural = _("messages while waiting")
        ordering = ["group", "trigger", "after_seconds", "pk"]

    def __str__(self) -> str:
        return f"{self.get_trigger_display()}, {self.after_seconds} s"

    @property
    def variants(self) -> list[str]:
        return [line.strip() for line in self.texts.splitlines() if line.strip()]


class SentMessage(models.Model):
    """What was written already: each message once for every wait, silence or hold (`since` is when that began)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="sent_messages")
    message = models.ForeignKey(WaitMessage, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "message", "since"], name="wait_message_sent_once")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.since:%c}"


class WaitChoice(models.Model):
    """What a waiting visitor was asked: to go on waiting, to leave a message, or to be told by mail."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="choice")
    offered_at = models.DateTimeField(null=True, default=None)
    due_at = models.DateTimeField(null=True, default=None)
    times_kept = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.conversation_id}"


class MailNotice(DueMail):
    """A word by mail that an answer is there. The address is used for this alone, and forgotten afterwards."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for an answer")
        SENT = "sent", _("sent")
        NOT_NEEDED = "not_needed", _("not needed: the answer was read in the chat")
        FAILED = "failed", _("failed")

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="mail_notice")
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index("due_at", name="mail_notice_due", condition=models.Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.state}"
