from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from transcripts.actions.buckets.trying import try_out
from transcripts.models import Bucket

PLACE = ("endpoint", "access_key")  # to whom the secret is shown to be known
FIXED = ("bucket", "prefix")  # where locked copies are looked for


class BucketForm(forms.ModelForm):  # type: ignore[type-arg]
    new_secret = forms.CharField(
        label=gettext_lazy("Secret key"),
        required=False,
        strip=True,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Stored sealed, and never shown. Leave it empty to keep the one that is there."),
    )

    class Meta:
        model = Bucket
        fields = ("name", "endpoint", "region", "bucket", "prefix", "access_key", "new_secret", "for_exports")

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        elsewhere = any(str(facts[name]) != str(self.initial.get(name, "")) for name in PLACE if name in facts)
        if self.instance.sealed and not facts.get("new_secret") and elsewhere:
            self.add_error("new_secret", _("Type the secret again: it would be used in another place."))
        return facts

    def save(self, commit: bool = True) -> Bucket:
        if secret := self.cleaned_data.get("new_secret"):
            self.instance.secret_key = secret
        saved: Bucket = super().save(commit)
        return saved


@admin.register(Bucket)
class BucketAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = BucketForm
    list_display = ("name", "address", "for_exports")
    actions: ClassVar[list[str]] = ["try_out"]  # type: ignore[misc]
    fieldsets = (
        (None, {"fields": ("name", "for_exports")}),
        (gettext_lazy("Storage"), {"fields": ("endpoint", "region", "bucket", "prefix")}),
        (
            gettext_lazy("Credentials"),
            {
                "fields": ("access_key", "new_secret"),
                "description": gettext_lazy(
                    "They need to put, read, list versions, and delete in this bucket; for locked copies also to lock."
                    " Without keys the desk uses those of its environment."
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Bucket | None = None) -> tuple[str, ...]:
        return FIXED if obj and obj.copies.exists() else ()

    @admin.display(description=gettext_lazy("address"))
    def address(self, bucket: Bucket) -> str:
        return bucket.address

    @admin.action(description=gettext_lazy("Try the chosen buckets"), permissions=["change"])
    def try_out(self, request: HttpRequest, buckets: QuerySet[Bucket]) -> None:
        for bucket in buckets:
            tried = try_out(bucket)
            grade = messages.SUCCESS if tried.is_reached else messages.ERROR
            messages.add_message(request, grade, f"{bucket}: {tried.words}")
