from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.validators import validate_button_name, validate_languages, validate_sites
from routing.models import Group

HEX_COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six hexadecimal digits, like #14614a."))


class FieldRule(models.TextChoices):
    OFF = "off", _("off")
    OPTIONAL = "optional", _("optional")
    REQUIRED = "required", _("required")


class Preview(models.TextChoices):
    OFF = "off", _("off: nothing is shown while a visitor types")
    INDICATOR = "indicator", _("indicator: operators see that the visitor types, not what")
    PREVIEW = "preview", _("preview: operators see the text before it is sent, and the visitor is told")


class WhenClosed(models.TextChoices):
    MASK = "mask", _("greyed, with when you open; messages are still taken")
    MESSAGE = "message", _("as usual, with the offer to leave a message")
    HIDE = "hide", _("hidden, also while nobody is here")


class Button(models.Model):
    """What a web page embeds; it routes to a group or lets the visitor choose."""

    class Position(models.TextChoices):
        END = "end", _("bottom, at the end of the line (right in English)")
        START = "start", _("bottom, at the start of the line (left in English)")

    slug = models.SlugField(
        _("short name"),
        max_length=40,
        unique=True,
        validators=[validate_button_name],
        help_text=_("Its address is /chat/ and this. “default” is /chat/."),
    )
    title = models.CharField(_("title"), max_length=80, help_text=_("At the top of the chat page."))
    label = models.CharField(_("label"), max_length=40, default="Chat with us", help_text=_("On the button itself."))
    greeting = models.CharField(
        _("greeting"), max_length=300, blank=True, help_text=_("Shown before the first message. May be empty.")
    )
    closed_text = models.CharField(
        _("when closed"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Said outside the groups' hours, beside when you open. May be empty."),
    )
    offline_text = models.CharField(
        _("when nobody is here"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Said during the hours, while nobody is there to answer. May be empty."),
    )
    when_closed = models.CharField(
        _("while closed, the button is"), max_length=8, choices=WhenClosed, default=WhenClosed.MASK
    )
    languages = models.JSONField(
        _("languages"),
        default=list,
        blank=True,
        validators=[validate_languages],
        help_text=_("In which the chat page may speak. None chosen: all that the desk has."),
    )
    group = models.ForeignKey(
        Group,
        verbose_name=_("routing group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="buttons",
        help_text=_("Where its chats go. Leave empty to let the visitor choose from the groups below."),
    )
    choices = models.ManyToManyField(
        Group,
        verbose_name=_("groups to choose from"),
        blank=True,
        related_name="offered_by",
        help_text=_("Offered to the visitor when no routing group is set. None chosen: all active groups."),
    )
    name_field = models.CharField(_("ask for a name"), max_length=8, choices=FieldRule, default=FieldRule.OFF)
    email_field = models.CharField(_("ask for an e-mail"), max_length=8, choices=FieldRule, default=FieldRule.OFF)
    question_field = models.CharField(_("ask a question"), max_length=8, choices=FieldRule, default=FieldRule.OFF)
    question_label = models.CharField(_("the question"), max_length=120, blank=True, default="")
    group_field = models.CharField(
        _("ask for the group"),
        max_length=8,
        choices=FieldRule,
        default=FieldRule.OPTIONAL,
        help_text=_("Only asked when the button has no routing group of its own."),
    )
    typing_preview = models.CharField(_("typing"), max_length=10, choices=Preview, default=Preview.OFF)
    colour = models.CharField(_("colour"), max_length=7, default="#14614a", validators=[HEX_COLOUR])
    logo = models.CharField(_("logo"), max_length=40, blank=True, default="", editable=False)
    position = models.CharField(_("position"), max_length=5, choices=Position, default=Position.END)
    allowed_sites = models.TextField(
        _("allowed sites"),
        blank=True,
        default="",
        validators=[validate_sites],
        help_text=_(
            "Web sites that may show this button, one a line, like https://www.example.com. Empty: this desk only."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("button")
        verbose_name_plural = _("buttons")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
