"""The talk between a browser's passkeys and the desk, as JSON; static/accounts/passkeys.js is the other side."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.models import WebAuthnCredential
from django_otp_webauthn.utils import rewrite_exceptions

from accounts.actions.second_factors import begin_passkey, passkey_passed, remove_passkey
from accounts.addresses import client_address
from accounts.audit import record
from accounts.decision import told
from accounts.factor_changes import changed
from accounts.freshness import is_fresh
from accounts.gate import decide
from accounts.models import User
from accounts.passkeys import Passkeys
from accounts.pending import pending
from accounts.querysets import password_kept_in
from accounts.second_factor import has_second_factor, mark_verified
from accounts.views.entering import admit, first_door
from accounts.views.fresh import fresh_required, myself
from accounts.views.second_step import patience

STATE = "passkey"  # in the session: the challenge, good for one answer
BROKEN = (OTPWebAuthnApiError, LookupError, TypeError, ValueError, AttributeError, RecursionError, struct.error)
MOST, LONGEST_NAME, MOST_BYTES = 20, 64, 20_000


class Refused(Exception):
    """What the browser's page shows."""

    status = 403


class TooEarly(Refused):
    """Wrong answers make the next one wait."""

    status = 429  # RFC 6585, 4


View = Callable[[HttpRequest], HttpResponse]


def answers_json(view: View) -> View:
    """A POST whose refusals are sentences. Whatever the browser sent, it gets no more than that."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Refused as refused:
            return JsonResponse({"detail": str(refused)}, status=refused.status)
        except BROKEN:
            text = _("That did not work. Perhaps this passkey was removed, or took too long: please try again.")
            return JsonResponse({"detail": text}, status=400)

    return never_cache(require_POST(guarded))


@answers_json
def add_begin(request: HttpRequest) -> HttpResponse:
    user = _owner(request)
    if WebAuthnCredential.objects.filter(user=user).count() >= MOST:
        raise Refused(_("You have many passkeys already. Remove one first."))
    options, state = Passkeys(request).register_begin(user)
    request.session[STATE] = state
    return JsonResponse(options)


@answers_json
def add_complete(request: HttpRequest) -> HttpResponse:
    user, said = _owner(request), _said(request)
    with transaction.atomic(), rewrite_exceptions():
        passkey = Passkeys(request).register_complete(user, _state(request), said["credential"])
        name = " ".join(str(said.get("name", "")).replace("\x00", "").split())[:LONGEST_NAME]
        WebAuthnCredential.objects.filter(pk=passkey.pk).update(name=name or _("Passkey"))
        mark_verified(request)
        changed(request, user, "passkey", added=True)
    messages.success(request, _("The passkey is kept. You are signed out everywhere else."))
    return JsonResponse({"next": reverse("accounts:second_factor")})


@answers_json
def second_begin(request: HttpRequest) -> HttpResponse:
    held = pending(request)
    if held is None:
        raise Refused(_("That took too long. Please sign in again."))
    return _ask(request, held.user)


@answers_json
def second_complete(request: HttpRequest) -> HttpResponse:
    held = pending(request)
    if held is None:
        raise Refused(_("That took too long. Please sign in again."))
    tried = begin_passkey(held.user)
    if tried.held_up:  # what waits is not tried: nobody may fill the log by hammering
        raise TooEarly(_("That did not work just now.") + " " + patience(tried.wait))
    try:
        _check(request, held.user)
    except BROKEN:
        record("sign_in.refused", actor=held.user, on=held.user, reason="second_factor")
        raise
    passkey_passed(held.user)
    return JsonResponse({"next": admit(request, held.user, held.target, second_factor=True).headers["Location"]})


@answers_json
def alone_begin(request: HttpRequest) -> HttpResponse:
    return _ask(request, None)


@answers_json
def alone_complete(request: HttpRequest) -> HttpResponse:
    """A passkey instead of the password. The log-in rules are asked as at the form."""
    user = _check(request, None)
    if directory := password_kept_in(user):
        text = _("Sign in with your password of %s first. Your passkey is the second step.")
        raise Refused(text % directory)
    decision = decide(user, client_address(request))
    if not decision.allowed:
        record("sign_in.refused", actor=user, on=user, reason=decision.code)
        raise Refused(told(decision))
    return JsonResponse({"next": admit(request, user, first_door(user), second_factor=True).headers["Location"]})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@fresh_required
def remove_key(request: HttpRequest, pk: int) -> HttpResponse:
    user = myself(request)
    passkey = WebAuthnCredential.objects.filter(user=user, pk=pk).first()
    if passkey is None:
        raise Http404
    if request.method == "POST":
        with transaction.atomic():
            remove_passkey(user, pk)
            changed(request, user, "passkey", added=False)
        messages.success(request, _("The passkey is removed. You are signed out everywhere else."))
        return redirect("accounts:second_factor")
    return render(request, "accounts/passkey_remove.html", {"passkey": passkey})


def _owner(request: HttpRequest) -> User:
    """Who adds a passkey: signed in, with a fresh password."""
    if not request.user.is_authenticated:
        raise Refused(_("That took too long. Please sign in again."))
    if not is_fresh(request):
        raise Refused(_("Your password was given a while ago. Load this page again: it asks for it once more."))
    return myself(request)


def _ask(request: HttpRequest, user: User | None) -> HttpResponse:
    options, state = Passkeys(request).authenticate_begin(user=user, require_user_verification=True)
    request.session[STATE] = state
    return JsonResponse(options)


def _check(request: HttpRequest, user: User | None) -> User:
    """Whose passkey answered. Raises OTPWebAuthnApiError, or ValueError for somebody who may not sign in."""
    credential = _said(request)["credential"]
    with rewrite_exceptions():
        passkey = Passkeys(request).authenticate_complete(user, _state(request), credential)
    owner = User.objects.select_related("user_type").get(pk=passkey.user_id)
    if not owner.is_active or not passkey.confirmed or not has_second_factor(owner):
        raise ValueError("not in use")
    return owner


def _state(request: HttpRequest) -> dict[str, Any]:
    """The challenge that was asked. Taken away before it is looked at: an answer counts once, right or wrong."""
    state: dict[str, Any] = request.session.pop(STATE)
    request.session.save()
    return state


def _said(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > MOST_BYTES:
        raise ValueError("too long")
    said = json.loads(request.body)
    if not isinstance(said, dict) or not isinstance(said.get("credential"), dict):
        raise TypeError("not an answer")
    return said
