"""Second factors on the pages of people: who has one, and taking a lost one away. Keys are never shown or planted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actions.take_factor import take_factor_away
from accounts.models import User
from accounts.querysets import without_second_factor
from accounts.second_factor import has_app, has_second_factor, passkey_count, recovery_codes_left


class HasSecondFactor(admin.SimpleListFilter):
    title = gettext_lazy("second factor")
    parameter_name = "factor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("has one")), ("no", _("has none"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        bare = without_second_factor().values("pk")
        match self.value():
            case "yes":
                return queryset.filter(is_active=True).exclude(pk__in=bare)
            case "no":
                return queryset.filter(pk__in=bare)
        return queryset


class SecondFactorsOfPeople:
    """Mixed into the page of people."""

    @admin.display(description=gettext_lazy("second factor"))
    def second_factor(self, user: User) -> str:
        if not has_second_factor(user):
            return _("none")
        app = [_("authenticator app")] if has_app(user) else []
        keys, codes = passkey_count(user), recovery_codes_left(user)
        passkeys = [ngettext("%d passkey", "%d passkeys", keys) % keys] if keys else []
        left = ngettext("%d recovery code left", "%d recovery codes left", codes) % codes
        return ", ".join([*app, *passkeys, left])

    @admin.action(description=gettext_lazy("Remove the second factor"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For who lost phone and codes: the person is told by mail, and signed out everywhere."""
        others = [user for user in users if user != request.user and has_second_factor(user)]
        for user in others:
            take_factor_away(user)
        if request.user in users:
            messages.warning(request, _("Your own second factor is on your own page, where your password is asked."))
        text = ngettext("%d second factor removed.", "%d second factors removed.", len(others))
        messages.info(request, text % len(others))
