"""Promising an answer: the dialog, and what becomes of a promise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.views.desk.door import desk_dialog, desk_form
from chatdesk.views.desk.targets import open_targets
from routing.models import Group
from tickets.actions import followups
from tickets.actions.followups import Contact, Promise
from tickets.lines import one_line
from tickets.models import FollowUp
from tickets.views.desk.changes import SHOWN, done, moment, person, whole
from tickets.views.desk.side import side_panel

USUAL_HOURS, USUAL_DAYS = 24, 14
MOST_DAYS = 365


@desk_dialog
def promise(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """The form; sent, it makes the promise and closes its dialog, or says what is missing."""
    conversation = conversation_for_operator(user, ref, "take")
    if request.method != "POST":
        return render(request, "tickets/_promise.html", _form(user, conversation))
    try:
        followups.promise(user, ref, _asked(request, user))
    except Refused as refused:
        if refused.code not in SHOWN:
            raise
        context = _form(user, conversation) | {"error": refused.detail, "given": request.POST}
        return render(request, "tickets/_promise.html", context | _written_due(request))
    return trigger_client_event(HttpResponse(status=204), "promised")


@desk_form
def end_promise(request: HttpRequest, user: User, ref: str, number: int) -> HttpResponse:
    """`how`: kept, or withdrawn."""
    end = followups.keep if request.POST.get("how") == "kept" else followups.withdraw
    return done(request, user, ref, lambda: end(user, ref, number))


@desk_form
def reveal_promise(request: HttpRequest, user: User, ref: str, number: int) -> HttpResponse:
    """The contact, for a reason."""
    try:
        contact = followups.reveal_contact(user, ref, number, request.POST.get("reason", ""))
    except Refused as refused:
        if refused.code not in SHOWN:
            raise
        return side_panel(request, user, conversation_for_operator(user, ref, "contact"), error=refused.detail)
    found = conversation_for_operator(user, ref, "contact")
    return side_panel(request, user, found, told=number, contact=contact or _("forgotten"))


def _form(user: User, conversation: Conversation) -> dict[str, Any]:
    due = timezone.localtime() + timedelta(hours=USUAL_HOURS)
    return {
        "conversation": conversation,
        "channels": FollowUp.Channel.choices,
        "targets": open_targets(user, conversation, inviting=False),
        "due": due.replace(minute=0, second=0, microsecond=0),
        "days": USUAL_DAYS,
        "most_days": MOST_DAYS,
        "given": {},
    }


def _written_due(request: HttpRequest) -> dict[str, Any]:
    """The time that was chosen stays as it was, as long as it is one."""
    try:
        due = moment(request.POST.get("due", ""))
    except Refused:
        due = None
    return {"due": due} if due else {}


def _asked(request: HttpRequest, user: User) -> Promise:
    form = request.POST
    due = moment(form.get("due", ""))
    if due is None:
        raise Refused(Code.FORM, _("Please say until when you promise it."))
    days = whole(form.get("days", ""))
    contact = Contact(
        address=form.get("contact", ""),
        reason=form.get("reason", ""),
        keep_until=timezone.now() + timedelta(days=days) if 0 < days <= MOST_DAYS else None,
        has_consented=form.get("consent") == "yes",
    )
    keeper = _keeper(form.get("target", ""), user)
    return Promise(form.get("question", ""), form.get("channel", ""), due, keeper, contact)


def _keeper(target: str, user: User) -> User | Group:
    """`me`, `operator:12` or `group:sales`."""
    kind, _colon, name = one_line(target).partition(":")
    if kind == "group":
        group = Group.objects.filter(slug=name, is_active=True).first()
        if group is not None:
            return group
    if kind == "operator":
        found = person(name)
        if found is not None:
            return found
    if kind == "me":
        return user
    raise Refused(Code.FORM, _("Please choose who is to answer."))
