from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.sign_ins import end_sign_in, end_sign_ins
from accounts.browsers import browser_name
from accounts.models import SignIn
from accounts.views.fresh import myself


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this person is signed in: the own session first, then the latest."""
    own = request.session.session_key
    found = sorted(_mine(request), key=lambda one: one.session_key != own)
    rows = [{"sign_in": one, "browser": browser_name(one.user_agent), "own": one.session_key == own} for one in found]
    return render(request, "accounts/sessions.html", {"rows": rows, "others": len(rows) > 1})


@never_cache
@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the person's own sessions; the one they are in is ended by signing out."""
    one = get_object_or_404(_mine(request).exclude(session_key=request.session.session_key), pk=pk)
    if end_sign_in(one, reason="by the person"):
        messages.success(request, _("That session is ended."))
    return redirect("accounts:sessions")


@never_cache
@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    count = end_sign_ins(myself(request), but=request.session.session_key, reason="by the person")
    messages.success(request, ngettext("%d session is ended.", "%d sessions are ended.", count) % count)
    return redirect("accounts:sessions")


def _mine(request: HttpRequest) -> QuerySet[SignIn]:
    return SignIn.objects.filter(user__email=request.user.get_username())
