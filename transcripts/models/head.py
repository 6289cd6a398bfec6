from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DueMail


class LogKey(models.Model):
    """A key that signs heads, manifests and copies. The private half is kept sealed, and forgotten once replaced."""

    key = models.CharField(_("key"), max_length=32, unique=True)
    public = models.CharField(_("public key"), max_length=43)
    sealed = models.TextField(blank=True, default="", editable=False)
    said_at = models.CharField(max_length=27, editable=False)  # as it was signed by the key before
    previous = models.CharField(_("key before"), max_length=32, blank=True, default="")
    endorsement = models.CharField(max_length=86, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return self.key


class LogHead(models.Model):
    """The log's size and root at a time, signed. The database refuses to change or delete it."""

    size = models.BigIntegerField(_("entries"))
    root = models.CharField(_("root"), max_length=64)
    at = models.DateTimeField(_("signed"))
    key = models.CharField(_("key"), max_length=32)
    data = models.TextField()  # the file: canonical JSON with its signature

    class Meta:
        verbose_name = _("signed head")
        verbose_name_plural = _("signed heads")

    def __str__(self) -> str:
        return f"{self.size} {self.root[:8]}"


class HeadPost(DueMail):
    """A head on its way to where this desk can't change it: a row with the head, sent by a sweep."""

    class Way(models.TextChoices):
        STORAGE = "storage", _("storage")
        MAIL = "mail", _("mail")
        STAMP = "stamp", _("time stamp")

    head = models.ForeignKey(LogHead, on_delete=models.PROTECT, related_name="posts")
    way = models.CharField(max_length=7, choices=Way)
    done_at = models.DateTimeField(null=True, default=None)
    receipt = models.TextField(blank=True, default="")  # where it lies; of a stamp, the answer in base64
    trouble = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["head", "way"], name="head_post_once")]
        indexes = [models.Index("due_at", name="head_post_due", condition=models.Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.way} {self.head_id}"


class LogSettings(models.Model):
    """How often heads are signed, and where they go. One row."""

    minutes = models.PositiveSmallIntegerField(
        _("minutes between heads"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text=_("While something happens. A desk at rest signs one head a day."),
    )
    outside_address = models.EmailField(
        _("outside address"),
        blank=True,
        default="",
        help_text=_(
            "Each head is mailed there: to somebody who is not you, such as your auditor. Only so it can be shown later"
            " that the end of the log was not cut off."
        ),
    )
    stamp_url = models.CharField(
        _("time stamp service"),
        max_length=300,
        validators=[URLValidator(["http", "https"])],
        blank=True,
        default="",
        help_text=_("A service that answers RFC 3161 over http or https. It sees hashes alone. Empty: none."),
    )
    stamp_certificate = models.TextField(
        _("its certificate"),
        blank=True,
        default="",
        help_text=_("PEM, from the service's owner. With it each time stamp is checked as it comes in."),
    )

    class Meta:
        verbose_name = _("proof settings")
        verbose_name_plural = _("proof settings")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def load(cls) -> LogSettings:
        return cls.objects.get_or_create(pk=1)[0]
