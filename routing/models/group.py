from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from routing.models.hours import Hours


class Policy(models.TextChoices):
    FEWEST = "fewest", _("to who holds the fewest chats")
    ROUND_ROBIN = "round_robin", _("in turn: to who was given one longest ago")
    MANUAL = "manual", _("by hand: people pick waiting chats up")


class Group(models.Model):
    """A department that chats are directed to."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("Visitors see this name."))
    slug = models.SlugField(
        _("short name"), max_length=40, unique=True, help_text=_("Used by programs and in addresses.")
    )
    hours = models.ForeignKey(
        Hours,
        verbose_name=_("opening hours"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="groups",
        help_text=_("Outside these, no new chat is handed out, and the button says when it opens. None: always open."),
    )
    policy = models.CharField(_("chats are given"), max_length=12, choices=Policy, default=Policy.FEWEST)
    same_language_first = models.BooleanField(
        _("same language first"),
        default=False,
        help_text=_("Of the free people, those who speak the visitor's language are asked first, then the others."),
    )
    chat_limit = models.PositiveSmallIntegerField(
        _("chats in the whole group"),
        default=0,
        help_text=_("While so many are held, nobody is given another; people may still take one by hand. 0: no limit."),
    )
    queue_limit = models.PositiveSmallIntegerField(
        _("people in the queue"),
        default=0,
        help_text=_("While so many wait, nobody can start another chat; a message can be left. 0: no limit."),
    )
    accept_seconds = models.PositiveSmallIntegerField(
        _("seconds to accept"),
        default=0,
        validators=[MaxValueValidator(600)],
        help_text=_(
            "A chat that is neither taken nor answered in that time goes to the next person. 0: it stays theirs."
        ),
    )
    pause_seconds = models.PositiveSmallIntegerField(
        _("seconds between two chats"),
        default=0,
        validators=[MaxValueValidator(3600)],
        help_text=_("So long after a chat nobody is given the next. 0: no pause."),
    )
    overflow_group = models.ForeignKey(
        "self",
        verbose_name=_("overflow to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="overflows",
        help_text=_("Where chats go on that wait too long here, if somebody is there. The visitor is told."),
    )
    overflow_seconds = models.PositiveIntegerField(
        _("seconds until they overflow"), default=60, validators=[MaxValueValidator(86_400)]
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Switched off, it takes no new chats."))
    choice_seconds = models.PositiveIntegerField(
        _("ask after seconds"),
        default=60,
        validators=[MaxValueValidator(86_400)],
        help_text=_("Who waits so long may choose: keep waiting, or leave a message. 0: nobody is asked."),
    )
    offers_mail = models.BooleanField(
        _("offer a word by mail"),
        default=True,
        help_text=_("They may also leave an address to be told of the answer. Needs a desk that can send mail."),
    )
    close_silent_after = models.PositiveIntegerField(
        _("end silent chats after seconds"),
        default=0,
        validators=[MaxValueValidator(604_800)],
        help_text=_("When a visitor writes nothing after an answer. 0: such chats stay open."),
    )
    alarm_minutes = models.PositiveSmallIntegerField(
        _("alarm after minutes"),
        default=0,
        validators=[MaxValueValidator(1440)],
        help_text=_("When the group is open and nobody has been there for so long. 0: no alarm."),
    )
    alarm_address = models.EmailField(
        _("alarm to"), blank=True, default="", help_text=_("Gets one mail when nobody is there, and one at the end.")
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="routing_groups")

    class Meta:
        verbose_name = _("routing group")
        verbose_name_plural = _("routing groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_manual(self) -> bool:
        """Whether people pick its waiting chats up by hand."""
        return self.policy == Policy.MANUAL


class Membership(models.Model):
    group = models.ForeignKey(Group, verbose_name=_("group"), on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="memberships"
    )
    chat_limit = models.PositiveSmallIntegerField(
        _("chat limit"),
        default=4,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
        help_text=_("Once this person holds so many chats, in all groups together, this group gives no more. 0: none."),
    )
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Free people with a higher number are asked first.")
    )
    by_directory = models.BooleanField(_("by a directory"), default=False, editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="one_membership_per_group")]

    def __str__(self) -> str:
        return f"{self.user} · {self.group}"
