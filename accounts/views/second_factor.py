from __future__ import annotations

from base64 import b32encode
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp_webauthn.models import WebAuthnCredential

from accounts.actions.second_factors import (
    WrongCode,
    app_of,
    confirm_app,
    make_recovery_codes,
    new_key,
    remove_app,
)
from accounts.factor_changes import changed
from accounts.forms.passwords import is_own_password
from accounts.forms.second_factor import AppCodeForm, ConfirmForm
from accounts.freshness import is_fresh, mark_fresh
from accounts.models import User
from accounts.passkeys import has_name
from accounts.pending import Pending, pending
from accounts.qr import qr_svg
from accounts.second_factor import (
    has_app,
    has_second_factor,
    mark_verified,
    needs_second_factor,
    recovery_codes_left,
)
from accounts.views.directories import directory_answers
from accounts.views.entering import admit
from accounts.views.fresh import fresh_required, myself
from accounts.views.second_step import start_again

NEW_KEY = "new_app_key"


@never_cache
@login_required
@require_http_methods(["GET"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """What this person has, and what can be done about it."""
    user = myself(request)
    facts = {
        "has_app": has_app(user),
        "has_any": has_second_factor(user),
        "needed": needs_second_factor(user),
        "codes_left": recovery_codes_left(user),
        "passkeys": WebAuthnCredential.objects.filter(user=user).order_by("pk"),
        "has_name": has_name(request.get_host()),
        "fresh": is_fresh(request),
        "localhost": f"http://localhost:{settings.PORT}/",
    }
    return render(request, "accounts/second_factor.html", facts)


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@directory_answers
def confirm(request: HttpRequest) -> HttpResponse:
    """The password once more, before something that changes the locks. Wrong ones count as at the front door."""
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if is_own_password(request, form.cleaned_data["password"]):
            mark_fresh(request)
            return redirect(_next(request))
        if getattr(request, "axes_locked_out", False):
            return redirect("accounts:login")
        form.add_error("password", _("This password does not fit."))
    return render(request, "accounts/confirm.html", {"form": form, "next": _next(request)})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@fresh_required
def set_up_app(request: HttpRequest) -> HttpResponse:
    """Shows a key to scan, and takes the first code. Also for who has to have one and is not signed in yet."""
    held = _first_time(request)
    user = held.user if held else request.user
    if not isinstance(user, User):
        return start_again(request)
    form = AppCodeForm(request.POST or None)
    key = _key_for(request, user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                confirm_app(user, key, form.cleaned_data["code"])
                return _set_up(request, user, held)
        except WrongCode:
            form.add_error("code", _("This code does not fit. Check that the clock of your device is right."))
    return _app_page(request, user, key, form, held)


def _key_for(request: HttpRequest, user: User) -> str:
    """The key on offer in this session: never one that somebody else was shown in this browser before."""
    kept = request.session.get(NEW_KEY)
    if not isinstance(kept, dict) or kept["user"] != user.pk:
        kept = request.session[NEW_KEY] = {"user": user.pk, "key": new_key()}
    return str(kept["key"])


def _set_up(request: HttpRequest, user: User, held: Pending | None) -> HttpResponse:
    """The app is confirmed: show recovery codes, and let in who was waiting for it."""
    del request.session[NEW_KEY]
    if held:
        admit(request, user, held.target, second_factor=True)
    mark_verified(request)
    changed(request, user, "app", added=True)
    return _codes_page(request, user, held.target if held else reverse("accounts:second_factor"))


@never_cache
@login_required
@require_http_methods(["POST"])
@fresh_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    user = myself(request)
    if not has_second_factor(user):
        return redirect("accounts:second_factor")
    with transaction.atomic():
        changed(request, user, "recovery codes", added=True)
        return _codes_page(request, user, reverse("accounts:second_factor"))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@fresh_required
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    user = myself(request)
    if request.method == "POST":
        with transaction.atomic():
            remove_app(user)
            changed(request, user, "app", added=False)
        messages.success(request, _("The authenticator app is removed. You are signed out everywhere else."))
        return redirect("accounts:second_factor")
    return render(request, "accounts/factor_remove.html", {"needed": needs_second_factor(user)})


def _codes_page(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    facts = {"codes": make_recovery_codes(user), "onward": onward, "person": user}
    return render(request, "accounts/recovery_codes.html", facts)


def _app_page(request: HttpRequest, user: User, key: str, form: AppCodeForm, held: Pending | None) -> HttpResponse:
    address = app_of(user, key).config_url
    facts: dict[str, Any] = {"form": form, "person": user, "qr": qr_svg(address), "must": held is not None}
    return render(request, "accounts/app.html", {**facts, "words": _in_words(key), "address": address})


def _in_words(key: str) -> str:
    """The key as apps take it by hand: base 32 (RFC 4648, 6) in groups of four."""
    text = b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _first_time(request: HttpRequest) -> Pending | None:
    """Who gave the right password, needs a second factor and has none: such a person may set one up."""
    held = None if request.user.is_authenticated else pending(request)
    return held if held and not has_second_factor(held.user) else None


def _next(request: HttpRequest) -> str:
    asked = request.POST.get("next", request.GET.get("next", ""))
    here = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if here else reverse("accounts:second_factor")
