"""Whose eyes real addresses are for, where people correspond by mail: the rule of the group decides."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.models import Scope, User
from accounts.permissions import may
from chatdesk.models import Conversation
from chatdesk.permissions import in_scope, may_do
from tickets.models import Correspondent, MailPolicy, WhoSees


def oversees(user: User) -> bool:
    """Whether somebody answers for others' correspondence: may see contact data beyond their own chats."""
    return may(user, "contact") in (Scope.GROUPS, Scope.ALL)


def overseen(user: User) -> Q:
    """The conversations for whose correspondence this person answers, whoever may see the addresses in it."""
    return in_scope(user, may(user, "contact") if oversees(user) else Scope.NONE)


def open_to(user: User) -> Q:
    """Where the permission to see contact data holds for this person: everywhere but where a group's rule forbids it.

    The rule counts from the first correspondent on. Without a row it is SUPERVISOR, as in MailPolicy.
    """
    live_only = ~Q(Exists(Correspondent.objects.filter(conversation=OuterRef("pk"))))
    rules = MailPolicy.objects.values("group_id")
    if oversees(user):
        return live_only | ~Q(group_id__in=rules.filter(who_sees=WhoSees.NONE))
    return live_only | Q(group_id__in=rules.filter(who_sees=WhoSees.OPERATOR))


def may_read_originals(user: User, conversation: Conversation | None) -> bool:
    """Whether this person may read mails as they came: they show everybody. Of no conversation: who may see all."""
    if conversation is None:
        return may(user, "contact") == Scope.ALL
    return oversees(user) and may_do(user, conversation, "contact")
