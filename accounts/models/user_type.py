from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """How far a permission reaches, from nothing to everything."""

    NONE = "none", _("none")
    OWN = "own", _("own chats")
    GROUPS = "groups", _("chats of own groups")
    ALL = "all", _("all chats")

    @property
    def reach(self) -> int:
        """0 for nothing to 3 for everything, to compare two scopes."""
        return list(Scope).index(self)


DEEDS = ("answer", "take", "transfer", "close")


class UserType(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    opens_dashboard = models.BooleanField(
        _("opens the dashboard"), default=True, help_text=_("May work at the desk and be given chats.")
    )
    opens_transcripts = models.BooleanField(
        _("opens transcripts"), default=False, help_text=_("May open the record of past conversations.")
    )
    opens_admin = models.BooleanField(
        _("opens the admin pages"), default=False, help_text=_("May change every setting, except what was said.")
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

    class Meta:
        verbose_name = _("user type")
        verbose_name_plural = _("user types")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        unseen = _("Nobody can do this to chats they can't see: let See chats reach as far.")
        problems = dict.fromkeys(self._unseen(), unseen)
        if self.take == Scope.OWN:
            problems["take"] = _("A waiting chat is nobody's own: choose none, chats of own groups, or all chats.")
        if problems:
            raise ValidationError(problems)

    def _unseen(self) -> list[str]:
        return [deed for deed in DEEDS if Scope(getattr(self, deed)).reach > Scope(self.see).reach]
