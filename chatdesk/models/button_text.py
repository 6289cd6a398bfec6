from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.models.button import Button

BUTTON_TEXTS = ("title", "label", "greeting", "closed_text", "offline_text", "question_label")


class ButtonText(models.Model):
    """A button's texts in one more language; what is left empty stays as the button itself has it."""

    button = models.ForeignKey(Button, verbose_name=_("button"), on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=80, blank=True, default="")
    label = models.CharField(_("label"), max_length=40, blank=True, default="")
    greeting = models.CharField(_("greeting"), max_length=300, blank=True, default="")
    closed_text = models.CharField(_("when closed"), max_length=300, blank=True, default="")
    offline_text = models.CharField(_("when nobody is here"), max_length=300, blank=True, default="")
    question_label = models.CharField(_("the question"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("texts in other languages")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["button", "language"], name="one_text_per_language")]

    def __str__(self) -> str:
        return str(dict(settings.LANGUAGES).get(self.language, self.language))
