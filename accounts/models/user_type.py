from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """How far a permission reaches, from nothing to everything."""

    NONE = "none", _("none")
    OWN = "own", _("own chats")
    GROUPS = "groups", _("chats of own groups")
    ALL = "all", _("all chats")


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
    see = models.CharField(_("see chats"), max_length=8, choices=Scope, default=Scope.GROUPS)
    answer = models.CharField(_("answer chats"), max_length=8, choices=Scope, default=Scope.OWN)
    take = models.CharField(_("take chats"), max_length=8, choices=Scope, default=Scope.GROUPS)
    transfer = models.CharField(_("transfer chats"), max_length=8, choices=Scope, default=Scope.OWN)
    close = models.CharField(_("close chats"), max_length=8, choices=Scope, default=Scope.OWN)

    class Meta:
        verbose_name = _("user type")
        verbose_name_plural = _("user types")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
