from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.clocks import zone_field
from accounts.models.scope import Scope
from accounts.rules import validate_networks

DEEDS = ("answer", "take", "transfer", "close", "store", "export", "monitor", "contact")
EVERY_PART = "everything"  # the key of all admin parts, also of those that a later version adds


def every_part() -> list[str]:
    return [EVERY_PART]


class UserType(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    opens_dashboard = models.BooleanField(
        _("opens the dashboard"), default=True, help_text=_("May work at the desk and be given chats.")
    )
    opens_transcripts = models.BooleanField(
        _("opens transcripts"), default=False, help_text=_("May open the record of past conversations.")
    )
    opens_admin = models.BooleanField(
        _("opens the admin pages"), default=False, help_text=_("May change the settings of the parts chosen below.")
    )
    admin_parts = models.JSONField(
        _("admin parts"),
        default=every_part,
        blank=True,
        help_text=_(
            "Counts only where the admin pages are opened. Whoever has the part People and permissions can give "
            "themselves every other."
        ),
    )
    see = models.CharField(
        _("see chats"),
        max_length=8,
        choices=Scope,
        default=Scope.GROUPS,
        help_text=_("Own chats are those this person was given or took."),
    )
    answer = models.CharField(
        _("answer chats"),
        max_length=8,
        choices=Scope,
        default=Scope.OWN,
        help_text=_("Whose chats this person may write in."),
    )
    take = models.CharField(
        _("take chats"),
        max_length=8,
        choices=Scope,
        default=Scope.GROUPS,
        help_text=_("Waiting chats that this person may pick up by hand."),
    )
    transfer = models.CharField(
        _("transfer chats"),
        max_length=8,
        choices=Scope,
        default=Scope.OWN,
        help_text=_("Which chats this person may hand to a group or a colleague."),
    )
    close = models.CharField(
        _("close chats"),
        max_length=8,
        choices=Scope,
        default=Scope.OWN,
        help_text=_("Which chats this person may end."),
    )
    store = models.CharField(
        _("store transcripts"),
        max_length=8,
        choices=Scope,
        default=Scope.OWN,
        help_text=_("Whose transcripts this person may keep a copy of."),
    )
    export = models.CharField(
        _("export transcripts"),
        max_length=8,
        choices=Scope,
        default=Scope.NONE,
        help_text=_("Which chats this person may export for others."),
    )
    monitor = models.CharField(
        _("monitor chats"),
        max_length=8,
        choices=Scope,
        default=Scope.NONE,
        help_text=_("Which chats of colleagues this person may follow while they happen."),
    )
    contact = models.CharField(
        _("see contact data"),
        max_length=8,
        choices=Scope,
        default=Scope.OWN,
        help_text=_("In which chats this person may see the visitor's address and telephone number."),
    )
    monitors_silently = models.BooleanField(
        _("monitors silently"), default=False, help_text=_("Neither the operator nor the visitor is told.")
    )
    whispers = models.BooleanField(
        _("whispers"),
        default=False,
        help_text=_("May write to the operator of a monitored chat, unseen by the visitor."),
    )
    starts_unavailable = models.BooleanField(
        _("starts as unavailable"),
        default=False,
        help_text=_("After signing in, no chats are given until the person chooses to be available."),
    )
    counts_for_presence = models.BooleanField(
        _("counts for presence"),
        default=True,
        help_text=_("Off: this person is never given a chat, and no button is online because of them."),
    )
    zone = zone_field(_("The log-in hours below are meant on the clocks there."))
    networks = models.TextField(
        _("authorised networks"),
        blank=True,
        default="",
        validators=[validate_networks],
        help_text=_("One address or network a line, such as 192.0.2.0/24 or 2001:db8::/32. Empty: from anywhere."),
    )
    grace_minutes = models.PositiveSmallIntegerField(
        _("grace, minutes"),
        default=0,
        validators=[MaxValueValidator(30)],
        help_text=_("After the log-in hours: to finish open chats. No new ones are given. At most 30."),
    )
    idle_minutes = models.PositiveSmallIntegerField(
        _("sign out when idle, minutes"),
        default=60,
        validators=[MaxValueValidator(1440)],
        help_text=_("Without a key, a click or an opened page for so long, the session ends. 0: never."),
    )
    session_hours = models.PositiveSmallIntegerField(
        _("longest session, hours"),
        default=12,
        validators=[MaxValueValidator(168)],
        help_text=_("After so long everybody signs in anew, however busy. 0: never."),
    )
    needs_second_factor = models.BooleanField(
        _("needs a second factor"), default=False, help_text=_("The password alone opens nothing but its set-up.")
    )

    class Meta:
        verbose_name = _("user type")
        verbose_name_plural = _("user types")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def opens_part(self, part: str) -> bool:
        """Whether its people may change the settings of a part of the admin pages, by the part's key."""
        return self.opens_admin and (EVERY_PART in self.admin_parts or part in self.admin_parts)

    def clean(self) -> None:
        unseen = _("Nobody can do this to chats they can't see: let See chats reach as far.")
        problems = dict.fromkeys(self._unseen(), unseen)
        if self.take == Scope.OWN:
            problems["take"] = _("A waiting chat is nobody's own: choose none, chats of own groups, or all chats.")
        if problems:
            raise ValidationError(problems)

    def _unseen(self) -> list[str]:
        return [deed for deed in DEEDS if Scope(getattr(self, deed)).reach > Scope(self.see).reach]
