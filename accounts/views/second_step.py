from __future__ import annotations

import math

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions.second_factors import Checked, check_code
from accounts.audit import record
from accounts.forms.second_factor import SecondStepForm
from accounts.models import User
from accounts.pending import pending
from accounts.second_factor import has_app, has_passkey, has_second_factor
from accounts.views.entering import admit

NOTICED = 2  # seconds: a shorter wait is over before anybody has typed again


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """A code of the app or a recovery code; or a passkey, see accounts.views.passkeys."""
    held = pending(request)
    if held is None or not has_second_factor(held.user):
        return start_again(request)
    form = SecondStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        checked = check_code(held.user, form.cleaned_data["code"])
        if checked.passed:
            return admit(request, held.user, held.target, second_factor=True)
        if not checked.held_up:  # what waits is not tried: nobody may fill the log by hammering
            record("sign_in.refused", actor=held.user, on=held.user, reason="second_factor")
        form.add_error("code", ValidationError(refusal(checked), code="wait" if checked.held_up else "wrong"))
    return _page(request, held.user, form)


def start_again(request: HttpRequest) -> HttpResponse:
    """Nobody is at the second step, or was too slow."""
    if not request.user.is_authenticated:
        messages.info(request, _("That took too long. Please sign in again."))
    return redirect("accounts:login")


def refusal(checked: Checked) -> str:
    """What is said about a code that did not pass."""
    if checked.held_up:
        return _("Too many wrong codes.") + " " + patience(checked.wait)
    text = _("This code does not fit, or was used before. Take the newest one.")
    return f"{text} {patience(checked.wait)}" if checked.wait > NOTICED else text


def patience(seconds: int) -> str:
    if seconds < 100:
        text = ngettext("Wait %d second before the next try.", "Wait %d seconds before the next try.", seconds)
        return text % seconds
    minutes = math.ceil(seconds / 60)
    return ngettext("Wait %d minute before the next try.", "Wait %d minutes before the next try.", minutes) % minutes


def _page(request: HttpRequest, user: User, form: SecondStepForm) -> HttpResponse:
    app, spare = _("The six digits that your authenticator app shows now, or a recovery code."), _("A recovery code.")
    form.fields["code"].help_text = app if has_app(user) else spare
    facts = {"form": form, "person": user, "has_passkey": has_passkey(user)}
    # 429: Too Many Requests (RFC 6585, 4)
    return render(request, "accounts/second_step.html", facts, status=429 if form.has_error("code", "wait") else 200)
