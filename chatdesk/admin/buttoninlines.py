from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.forms import ModelForm, Textarea
from django.utils.translation import gettext_lazy as _

from chatdesk.models import ButtonText, InvitationRule

GREETING = {"greeting": Textarea(attrs={"rows": 2})}


class TextForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        widgets = GREETING


class RuleForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        widgets = {"texts": Textarea(attrs={"rows": 2})}


class TextInline(admin.StackedInline):  # type: ignore[type-arg]
    model = ButtonText
    form = TextForm
    extra = 0
    max_num = len(settings.LANGUAGES)


class RuleInline(admin.StackedInline):  # type: ignore[type-arg]
    model = InvitationRule
    form = RuleForm
    extra = 0
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("page", "seconds"),
                    ("texts", "language"),
                    ("returning_only", "queue_below", "hours"),
                    "is_active",
                ),
                "description": _(
                    "Shown beside the button, once a visit, only while somebody is free to answer, and never over an"
                    " open chat. The page decides by itself: nothing is stored or told before the visitor acts."
                ),
            },
        ),
    )
