from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.models.button import Button
from chatdesk.validators import validate_page_pattern
from routing.models import Hours


class InvitationRule(models.Model):
    """When a web page offers the chat by itself. The page decides, from what it knows without storing anything."""

    button = models.ForeignKey(Button, verbose_name=_("button"), on_delete=models.CASCADE, related_name="invitations")
    page = models.CharField(
        _("pages"),
        max_length=200,
        default="*",
        validators=[validate_page_pattern],
        help_text=_("The page's path, like /prices/*, or a whole address. * stands for anything."),
    )
    seconds = models.PositiveIntegerField(
        _("seconds on the page"), default=30, validators=[MinValueValidator(3), MaxValueValidator(3600)]
    )
    returning_only = models.BooleanField(
        _("only who has written before"), default=False, help_text=_("In this browser, through this button.")
    )
    queue_below = models.PositiveSmallIntegerField(
        _("only while fewer wait than"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    hours = models.ForeignKey(
        Hours,
        verbose_name=_("only in these hours"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
        help_text=_("None: whenever somebody is here to answer. Nobody is invited while nobody is."),
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, default="", choices=settings.LANGUAGES, help_text=_("Empty: all.")
    )
    texts = models.TextField(
        _("text"), max_length=1000, help_text=_("One a line: with several, one of them is shown by chance.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations to chat")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.page

    def variants(self) -> list[str]:
        return [line.strip() for line in self.texts.splitlines() if line.strip()]
