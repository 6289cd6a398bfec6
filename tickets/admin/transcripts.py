from __future__ import annotations

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from tickets.actions.outbox.transcripts import mark_of
from tickets.models import OutgoingMail
from transcripts.models import TranscriptRule


@admin.register(TranscriptRule)
class TranscriptRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the rule asks for is a mail like any other: how its mails fared stands beside it."""

    list_display = ("name", "address", "form", "is_active", "fared")
    list_filter = ("is_active", "form")
    filter_horizontal = ("groups",)
    fields = ("name", "is_active", "address", "form", "groups", "with_contact", "since", "fared")
    readonly_fields = ("fared",)

    @admin.display(description=_("its mails"))
    def fared(self, rule: TranscriptRule) -> str:
        """By state, as the records of mails say it."""
        mails = OutgoingMail.objects.filter(copy_for=mark_of(rule)).values("state").annotate(count=Count("pk"))
        states = dict(OutgoingMail.State.choices)
        return ", ".join(f"{states[row['state']]}: {row['count']}" for row in mails.order_by("state")) or "-"
