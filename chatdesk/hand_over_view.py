"""Who is in a conversation, and what is offered of it, as people at the desk are told. None of it is for visitors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from chatdesk.entry_view import operator_author
from chatdesk.models import Conversation, Invitation, Participant
from chatdesk.permissions import may_be_asked
from chatdesk.protocol import ConversationPeople, InvitationEnded, InvitationOffered, Person, frame
from chatdesk.sitelimits import site_settings
from routing.models import Membership, State

Role = Participant.Role


@dataclass(frozen=True)
class ToldInvitation:
    """A frame about an invitation, and whom it concerns."""

    user_ids: set[int]
    text: str


def role_of(user: User, conversation: Conversation) -> str:
    """What this person is in an open conversation for; empty: nothing."""
    if conversation.request.state == State.CLOSED:
        return ""
    if conversation.request.state == State.ACTIVE and conversation.request.operator_id == user.pk:
        return Role.HOST
    part = Participant.objects.filter(conversation=conversation, user=user).exclude(role=Role.HOST).first()
    return part.role if part else ""


def people_of(conversation_ids: Collection[int]) -> dict[int, ConversationPeople]:
    """Who of the desk is in each conversation: its owner, the guests, and who watches in the open."""
    conversations = Conversation.objects.select_related("request__operator").filter(pk__in=conversation_ids)
    beside: defaultdict[int, list[Person]] = defaultdict(list)
    parts = Participant.objects.select_related("user").filter(conversation__in=conversation_ids)
    for part in parts.filter(role__in=(Role.GUEST, Role.MONITOR)).order_by("role", "pk"):
        if part.user is not None and not is_unseen(part):
            beside[part.conversation_id].append(Person(operator_author(part.user), part.role))
    return {
        one.pk: ConversationPeople(conversation=one.ref, people=_host(one) + beside[one.pk]) for one in conversations
    }


def is_unseen(part: Participant) -> bool:
    """Whether somebody watches without being shown: only while the site's notice tells visitors that it is done."""
    return part.is_silent and bool(site_settings().policy_text.strip())


def _host(conversation: Conversation) -> list[Person]:
    request = conversation.request
    if request.operator is None or request.state != State.ACTIVE:
        return []
    return [Person(operator_author(request.operator), Role.HOST)]


def open_between(user: User) -> list[Invitation]:
    """The offers that this person made or may answer, the oldest first."""
    groups = list(user.memberships.values_list("group_id", flat=True)) if may_be_asked(user) else []
    mine = Q(to_user=user) | Q(to_group__in=groups) | Q(from_user=user)
    offers = _known().filter(mine, state=Invitation.State.OFFERED, expires_at__gt=timezone.now()).order_by("pk")
    return [one for one in offers if user.pk not in one.declined_by]


def tell_invitations(invitation_ids: Collection[int]) -> list[ToldInvitation]:
    """What to say about each: that it is offered, or how it ended."""
    return [_told(one) for one in _known().filter(pk__in=invitation_ids)]


def _known() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("conversation__group", "from_user", "to_user", "to_group", "answered_by")


def _told(invitation: Invitation) -> ToldInvitation:
    event = offered(invitation) if invitation.state == Invitation.State.OFFERED else _ended(invitation)
    return ToldInvitation(_concerned(invitation), frame(event))


def _concerned(invitation: Invitation) -> set[int]:
    if invitation.to_group_id is None:
        return {invitation.from_user_id, invitation.to_user_id or 0}
    members = Membership.objects.filter(group=invitation.to_group_id, chat_limit__gt=0).select_related(
        "user__user_type"
    )
    return {invitation.from_user_id, *(member.user_id for member in members if may_be_asked(member.user))}


def offered(invitation: Invitation) -> InvitationOffered:
    left = (invitation.expires_at - timezone.now()).total_seconds()
    return InvitationOffered(
        offer=invitation.pk,
        conversation=invitation.conversation.ref,
        kind=invitation.kind,
        label=invitation.conversation.label,
        group=invitation.conversation.group.name,
        sender=operator_author(invitation.from_user),
        seconds=max(0, round(left)),
        operator=operator_author(invitation.to_user) if invitation.to_user else None,
        to_group=invitation.to_group.name if invitation.to_group else None,
        note=invitation.note,
    )


def _ended(invitation: Invitation) -> InvitationEnded:
    who = invitation.answered_by or invitation.to_user
    return InvitationEnded(
        offer=invitation.pk,
        conversation=invitation.conversation.ref,
        kind=invitation.kind,
        outcome=invitation.state,
        label=invitation.conversation.label,
        sender=operator_author(invitation.from_user),
        operator=operator_author(who) if who else None,
        to_group=invitation.to_group.name if invitation.to_group else None,
    )
