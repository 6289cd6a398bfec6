from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.directories import link_person, sign_its_people_out
from accounts.directory.errors import DirectoryDown
from accounts.directory.extra import extra, missing_text
from accounts.forms.passwords import LONGEST
from accounts.models import Directory, DirectoryGroup, DirectoryIdentity
from accounts.querysets import nobody_else_administers

PLACE = ("servers", "start_tls", "ca_certificate", "bind_dn")  # where the service account's password goes


class DirectoryForm(forms.ModelForm):  # type: ignore[type-arg]
    bind_password = forms.CharField(
        label=gettext_lazy("Password of the service account"),
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Stored sealed, and never shown. Leave it empty to keep the one that is there."),
    )

    class Meta:
        model = Directory
        exclude: tuple[str, ...] = ()
        widgets = {
            "servers": forms.Textarea(attrs={"rows": 2}),
            "ca_certificate": forms.Textarea(attrs={"rows": 3}),
            "people_filter": forms.Textarea(attrs={"rows": 2}),
            "group_filter": forms.Textarea(attrs={"rows": 1}),
        }

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if self.instance.bind_secret and not facts.get("bind_password") and self._goes_elsewhere(facts):
            self.add_error("bind_password", _("Type the password again: it would be sent to another place."))
        if self.initial.get("is_active") and not facts.get("is_active") and nobody_else_administers(self.instance):
            words = _("Every admin signs in with this directory. Make somebody else an admin first.")
            self.add_error("is_active", words)
        return facts

    def _goes_elsewhere(self, facts: dict[str, Any]) -> bool:
        """Browsers end lines in their own way: that alone is no other place."""
        return any(str(facts[name]).split() != str(self.initial.get(name)).split() for name in PLACE if name in facts)

    def save(self, commit: bool = True) -> Directory:
        if secret := self.cleaned_data.get("bind_password"):
            self.instance.bind_password = secret
        saved: Directory = super().save(commit)
        return saved


class DirectoryGroupInline(admin.StackedInline):  # type: ignore[type-arg]
    model = DirectoryGroup
    extra = 0
    fields = (("dn", "user_type", "priority"),)


@admin.register(Directory)
class DirectoryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = DirectoryForm
    change_form_template = "admin/accounts/directory.html"
    list_display = ["name", "is_active", "reached_at", "trouble"]
    readonly_fields = ["reached_at", "trouble"]
    inlines = [DirectoryGroupInline]
    fieldsets = [
        (None, {"fields": ["name", "is_active", "reached_at", "trouble"]}),
        (
            gettext_lazy("Connection"),
            {"fields": ["servers", "start_tls", "ca_certificate", "bind_dn", "bind_password", "base"]},
        ),
        (
            gettext_lazy("People"),
            {
                "fields": [
                    "people_filter",
                    "name_attributes",
                    "uid_attribute",
                    "email_attribute",
                    "display_name_attribute",
                    "photo_attribute",
                ],
                "description": gettext_lazy(
                    "The values here fit Active Directory. OpenLDAP: (objectClass=inetOrgPerson); uid, mail; "
                    "entryUUID; mail; displayName; jpegPhoto; (objectClass=groupOfNames)."
                ),
            },
        ),
        (gettext_lazy("Groups"), {"fields": ["group_filter", "member_attribute", "nested_groups"]}),
        (
            gettext_lazy("Wrong passwords and outages"),
            {"fields": ["wrong_tries", "wrong_minutes", "offline_hours"]},
        ),
    ]

    def get_urls(self) -> list[URLPattern]:
        trial = path("<int:pk>/try/", self.admin_site.admin_view(self.try_view), name="accounts_directory_try")
        return [trial, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not settings.DIRECTORIES:
            messages.warning(request, missing_text())
        return super().changelist_view(request, extra_context)

    def save_related(self, request: HttpRequest, form: ModelForm[Directory], formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "is_active" in form.changed_data and not form.instance.is_active:
            sign_its_people_out(form.instance)
        if not form.instance.groups.exists():
            messages.warning(request, _("No group is chosen yet: nobody of this directory can sign in."))

    def try_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tries the connection, looks a person up, and links one to an account that is here already."""
        directory = get_object_or_404(Directory, pk=pk)
        if not self.has_change_permission(request, directory):
            raise PermissionDenied
        name = request.POST.get("name", "").strip()[:254]
        facts = self._facts(request, directory, name)
        if request.method == "POST" and "link" in request.POST and facts.get("found"):
            return self._link(request, directory, facts["found"])
        context = {**self.admin_site.each_context(request), **facts, "title": _("Try %s") % directory}
        return TemplateResponse(request, "admin/accounts/directory_try.html", context)

    def _facts(self, request: HttpRequest, directory: Directory, name: str) -> dict[str, Any]:
        facts: dict[str, Any] = {"directory": directory, "name": name, "opts": Directory._meta}
        if not settings.DIRECTORIES:
            return {**facts, "missing": missing_text()}
        if request.method != "POST":
            return facts
        trial = extra("trial")
        if not name:
            return {**facts, "findings": trial.try_out(directory)}
        try:
            return {**facts, "looked": True, "found": trial.look_up(directory, name)}
        except DirectoryDown as down:
            return {**facts, "trouble": down.reason}

    def _link(self, request: HttpRequest, directory: Directory, found: Any) -> HttpResponse:
        if found.account is None or DirectoryIdentity.objects.filter(user=found.account).exists():
            messages.error(request, _("There is no account here to link."))
        else:
            link_person(directory, found.entry.uid, found.account)
            text = _("%s signs in with the directory's password from now on.")
            messages.success(request, text % found.account)
        return redirect(reverse("admin:accounts_directory_try", args=[directory.pk]))
