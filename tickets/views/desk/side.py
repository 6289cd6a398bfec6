"""The ticket beside its conversation: its fields, what was promised, and what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Scope, User
from accounts.permissions import may
from chatdesk.models import Conversation, Entry, Kind
from chatdesk.permissions import conversation_for_operator, deeds, in_scope, may_be_asked
from chatdesk.views.desk.door import desk_view
from tickets.models import FollowUp, IncomingMail, Ticket
from tickets.querysets import seen_by
from tickets.views.desk.timeline import lines_of

MOST_SPLITS = 20
MOST_SIMILAR = 5
MOST_OWNERS = 100


@desk_view
def side(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """The panel anew."""
    return side_panel(request, user, conversation_for_operator(user, ref))


def side_panel(request: HttpRequest, user: User, conversation: Conversation, **more: Any) -> HttpResponse:
    """`more`: an `error` to show, or a contact that was revealed."""
    return render(request, "tickets/_side.html", side_context(user, conversation) | more)


def render_side(context: Mapping[str, Any]) -> str:
    """What the slot beside the conversation shows."""
    user, conversation = context["user"], context["conversation"]
    return render_to_string("tickets/_side.html", side_context(user, conversation), context.get("request"))


def side_context(user: User, conversation: Conversation) -> dict[str, Any]:
    rows = Ticket.objects.select_related("owner", "merged_into__conversation", "split_from__conversation")
    ticket = rows.filter(conversation=conversation).first()
    able = deeds(user, conversation, "take", "contact")
    context = {
        "conversation": conversation,
        "ticket": ticket,
        "may_change": able["take"],
        "may_contact": able["contact"],
        "promises": _promises(conversation),
        "now": timezone.now(),
    }
    return context | (_details(user, ticket, able["take"]) if ticket else {})


def _details(user: User, ticket: Ticket, may_change: bool) -> dict[str, Any]:
    return {
        "states": Ticket.State.choices,
        "priorities": Ticket.Priority.choices,
        "owners": owners(ticket.conversation, ticket.owner) if may_change else [],
        "tags": ", ".join(ticket.tags.values_list("name", flat=True)),
        "merged": list(seen_by(user).filter(merged_into=ticket)),
        "branches": list(seen_by(user).filter(split_from=ticket)),
        "similar": _similar(user, ticket) if may_change else [],
        "splits": _splits(ticket) if may_change else [],
        "lines": lines_of(ticket),
    }


def owners(conversation: Conversation, owner: User | None = None) -> list[User]:
    """Who could be given it: the group's people and whoever else may see it, by name."""
    members = set(conversation.group.memberships.values_list("user_id", flat=True))
    near = Q(pk__in=members | {owner.pk if owner else 0})
    everybody = User.objects.filter(is_active=True).select_related("user_type").order_by("display_name", "pk")
    here = Conversation.objects.filter(pk=conversation.pk)
    close_by, others = everybody.filter(near)[:MOST_OWNERS], everybody.exclude(near)[:MOST_OWNERS]
    found = [person for person in close_by if may_be_asked(person)]
    found += [person for person in others if may_be_asked(person) and _reaches(person, here)]
    return sorted(found, key=lambda person: (person.display_name, person.pk))


def _reaches(person: User, here: Any) -> bool:
    scope = may(person, "see")
    return scope == Scope.ALL or bool(here.filter(in_scope(person, scope)).exists())


def _promises(conversation: Conversation) -> list[FollowUp]:
    rows = conversation.follow_ups.exclude(state=FollowUp.State.WITHDRAWN)
    return list(rows.select_related("user", "group", "asked_by").order_by("-state", "promised_for"))


def _similar(user: User, ticket: Ticket) -> list[Ticket]:
    """Other unsolved tickets of the same visitor, or of the same sender as far as mails told."""
    facts = IncomingMail.objects.filter(conversation=ticket.conversation_id).values_list("facts", flat=True)[:20]
    related = {ref for each in facts for ref in (each or {}).get("related", [])}
    rows = seen_by(user).filter(merged_into=None).exclude(pk=ticket.pk).exclude(state=Ticket.State.SOLVED)
    same_visitor = rows.filter(conversation__visitor=ticket.conversation.visitor_id)
    return list((same_visitor | rows.filter(conversation__ref__in=related)).order_by("-pk")[:MOST_SIMILAR])


def _splits(ticket: Ticket) -> list[Entry]:
    """Where it could be split: the visitor's messages but the first, while no chat goes on."""
    if ticket.conversation.standing in ("waiting", "active"):
        return []
    said = Entry.objects.filter(conversation=ticket.conversation_id, kind=Kind.MESSAGE, participant__user=None)
    return list(said.exclude(participant=None).order_by("-seq")[:MOST_SPLITS])[::-1][1:]
