from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from tickets.models import ForwardingAddress, MailPolicy, Tag


@admin.register(ForwardingAddress)
class ForwardingAddressAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("address", "group", "button", "acknowledges", "is_active")
    list_filter = ("is_active", "group")
    list_select_related = ("group", "button")
    search_fields = ("address",)


@admin.register(MailPolicy)
class MailPolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("group", "who_sees", "masks_phones", "masks_links", "holds_until_approved")
    list_select_related = ("group",)
    fieldsets = (
        (None, {"fields": ("group",)}),
        (_("Masking"), {"fields": ("who_sees", "masks_phones", "masks_links", "allowed_addresses")}),
        (_("Before it leaves"), {"fields": ("holds_until_approved",)}),
        (
            _("Silent copies"),
            {
                "fields": ("archive_address", "crm_address", "crm_unmasked"),
                "description": _("Each is a mail of its own: neither side can see that there are any."),
            },
        ),
    )


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    search_fields = ("name",)
