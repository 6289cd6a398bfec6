"""One conversation at the desk: what was said, what is known of the visitor, what may be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import reswap, retarget

from accounts.models import User
from accounts.permissions import Verb
from chatdesk.models import Conversation
from chatdesk.permissions import Able, conversation_for_operator, deeds
from chatdesk.protocol import Refused
from chatdesk.querysets import everything
from chatdesk.slots import beside_entries
from chatdesk.views.desk.door import desk_view, wants_fragment
from chatdesk.views.desk.history import history
from chatdesk.views.desk.page import shell
from chatdesk.views.desk.people import people_context
from chatdesk.views.desk.records import contact_context
from routing.models import State

EARLIER = 5
VERBS: tuple[Verb, ...] = ("answer", "take", "transfer", "close")


@desk_view
def conversation(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """The conversation as a fragment, its frame alone (`part=frame`), or the whole desk with it open."""
    if wants_fragment(request) and request.GET.get("part") == "frame":
        return frame(request, user, ref)
    found = conversation_for_operator(user, ref)
    context = frame_context(user, found)
    context |= {**lines_context(user, found), "visitor_marks": visitor_marks(found)}
    if wants_fragment(request):
        return render(request, "desk/_conversation.html", context)
    return render(request, "desk/page.html", shell(request, user, found.ref) | context)


def frame(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """What stands around the entries; or, for a chat that went out of sight or never was, a word in its place."""
    try:
        found = conversation_for_operator(user, ref)
    except Refused:
        return reswap(retarget(render(request, "desk/_gone.html"), "#panel"), "innerHTML")
    return render(request, "desk/_frame.html", frame_context(user, found))


@desk_view
def entries(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """The entries before number `before`, oldest first."""
    found = conversation_for_operator(user, ref)
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 10 else found.last_seq + 1
    return render(request, "desk/_entries.html", {"conversation": found, **lines_context(user, found, before)})


def lines_context(user: User, conversation: Conversation, before: int | None = None) -> dict[str, Any]:
    """A page of what was said, with what other apps show below it."""
    shown = history(conversation, before)
    return {"history": shown, "beside": beside_entries(user, conversation, [entry.seq for entry in shown.entries])}


def visitor_marks(conversation: Conversation) -> dict[str, int]:
    """How far what was said reached the visitor."""
    marks = conversation.participants.filter(user=None).values("delivered_seq", "read_seq").first()
    return {"delivered": marks["delivered_seq"], "read": marks["read_seq"]} if marks else {"delivered": 0, "read": 0}


def frame_context(user: User, conversation: Conversation) -> dict[str, Any]:
    """Everything around the entries."""
    able = deeds(user, conversation, *VERBS, "contact", "export", "monitor")
    return {
        "conversation": conversation,
        "held": conversation.request.state == State.ACTIVE and conversation.request.operator_id == user.pk,
        "may": possible(conversation, able),
        "earlier": earlier(user, conversation),
        "mail_notice": mail_notice(conversation),
        "may_export": able["export"],
        **contact_context(user, conversation, able),
        **people_context(user, conversation, able),
    }


def mail_notice(conversation: Conversation) -> str:
    """How it stands with a word by mail that the visitor asked for; empty if they asked for none."""
    return conversation.mail_notice.get_state_display() if hasattr(conversation, "mail_notice") else ""


def possible(conversation: Conversation, able: Able) -> dict[str, bool]:
    """What this person may do here and now. What waits or was left is taken before it is answered."""
    if conversation.standing == "closed":
        return {}
    waits, left = (conversation.standing == state for state in ("waiting", "message"))
    here = {"answer": not waits and not left, "take": waits or left, "transfer": not left}
    return {verb: able[verb] and here.get(verb, True) for verb in VERBS}


def earlier(user: User, conversation: Conversation) -> list[Conversation]:
    """The same visitor's other conversations that this person may see, newest first."""
    seen = everything(user).filter(visitor_id=conversation.visitor_id).exclude(pk=conversation.pk)
    return list(seen[:EARLIER])
