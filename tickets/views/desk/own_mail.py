"""A person's own mail: whether it follows them, what stands below it, and the server that it leaves by."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.views.desk.door import desk_dialog, desk_form
from tickets.actions import own_mail as acts
from tickets.checking.findings import Grade
from tickets.checking.ways import try_way_out
from tickets.forms.own_mail import REMOVED, OwnMailForm, OwnServerForm
from tickets.models import MailSettings
from tickets.views.desk.lists import frame

HERE = "tickets:own-mail"


@desk_dialog
def own_mail(request: HttpRequest, user: User) -> HttpResponse:
    """The page; sent, it keeps the first form."""
    form = OwnMailForm(request.POST if request.method == "POST" else None, instance=acts.own_mail(user))
    if not form.is_bound or not form.is_valid():
        return _page(request, user, form=form)
    acts.keep(user, form.save(commit=False))
    messages.success(request, _("Saved."))
    return redirect(HERE)


@desk_form
def own_server(request: HttpRequest, user: User) -> HttpResponse:
    """Keeps the server, and says how it answered."""
    form = OwnServerForm(request.POST, instance=acts.own_server(user))
    if not form.is_valid():
        return _page(request, user, server=form)
    form.save(commit=False)
    acts.keep(user, form.instance)
    finding = try_way_out(acts.own_server(user))
    say = messages.success if finding.grade == Grade.GOOD else messages.warning
    say(request, finding.words)
    return redirect(HERE)


@desk_form
def remove_own_server(request: HttpRequest, user: User) -> HttpResponse:
    if acts.remove_server(user):
        messages.success(request, REMOVED)
    return redirect(HERE)


def _page(request: HttpRequest, user: User, **forms: Any) -> HttpResponse:
    server = acts.own_server(user)
    context = {
        "form": forms.get("form") or OwnMailForm(instance=acts.own_mail(user)),
        "server": forms.get("server") or OwnServerForm(instance=server),
        "has_server": server.pk is not None,
        "is_on": bool(MailSettings.load().relay_domain),
    }
    return render(request, "tickets/own_mail.html", context | frame(user, "own"))
