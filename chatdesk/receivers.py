"""What routing decides, written into the conversation and told to its people: in routing's own transaction."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.signals import access_changed
from chatdesk.actions import beside, invitations
from chatdesk.actions.beside import set_role
from chatdesk.actions.conversations import operator_part
from chatdesk.actions.entries import post_entry
from chatdesk.actions.joining import join_all
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Kind
from chatdesk.permissions import may_be_asked
from chatdesk.realtime import publish, publish_all
from chatdesk.usual_messages import make_usual_messages
from routing import signals
from routing.actions.presence import leave, sign_in
from routing.models import Group, Presence, Request


def _conversation(request: Request) -> Conversation:
    return Conversation.objects.get(request=request)


@receiver(signals.requests_given)
def on_given(requests: list[Request], **kwargs: Any) -> None:
    """As `on_assigned`, for all of a pass at once."""
    rows = {each.request_id: each for each in Conversation.objects.filter(request__in=requests)}
    given = [(rows[request.pk], request, operator) for request in requests if (operator := request.operator)]
    join_all([(conversation, operator) for conversation, request, operator in given if request.accept_by is None])
    invitations.withdraw_all(list(rows.values()), timezone.now())
    for kind in ("state", "people"):
        publish_all([[kind, conversation.pk] for conversation, _request, _operator in given])
    publish_all([["assigned", conversation.pk, operator.pk] for conversation, _request, operator in given])


@receiver(signals.request_assigned)
def on_assigned(request: Request, operator: User, by: User | None, previous: User | None, **kwargs: Any) -> None:
    conversation = _conversation(request)
    if previous is not None:
        _leave(conversation, previous)
        publish("assigned", conversation.pk, previous.pk)
    if request.accept_by is None:  # else the visitor is told when they begin
        join_all([(conversation, operator)])
    _went_on(conversation)
    publish("assigned", conversation.pk, operator.pk)


@receiver(signals.request_accepted)
def on_accepted(request: Request, operator: User, **kwargs: Any) -> None:
    conversation = _conversation(request)
    join_all([(conversation, operator)])
    _went_on(conversation)


@receiver(signals.request_passed)
def on_passed(request: Request, operator: User, **kwargs: Any) -> None:
    conversation = _conversation(request)
    _went_on(conversation)
    publish("assigned", conversation.pk, operator.pk)


@receiver(signals.request_requeued)
def on_requeued(request: Request, lost: User | None, **kwargs: Any) -> None:
    conversation = _conversation(request)
    Conversation.objects.filter(pk=conversation.pk).update(on_hold_since=None)
    if lost is not None:
        part = operator_part(conversation, lost)
        post_entry(conversation, part, _lost(lost), kind=Kind.LEAVE)
        set_role(part, "")
        publish("assigned", conversation.pk, lost.pk)
    _went_on(conversation)
    if request.group.is_manual:
        publish("offered", conversation.pk)


@receiver(signals.request_moved)
def on_moved(request: Request, group: Group, by: User, previous: User | None, **kwargs: Any) -> None:
    conversation = _conversation(request)
    Conversation.objects.filter(pk=conversation.pk).update(**conversation.moved_to(group.pk), on_hold_since=None)
    post_entry(conversation, operator_part(conversation, by), _moved(by, group), kind=Kind.TRANSFER)
    _went_on(conversation)
    if previous is not None:
        set_role(operator_part(conversation, previous), "")
        publish("assigned", conversation.pk, previous.pk)
    if group.is_manual:
        publish("offered", conversation.pk)


@receiver(signals.request_ended)
def on_ended(request: Request, **kwargs: Any) -> None:
    _went_on(_conversation(request))


@receiver(signals.request_overflowed)
def on_overflowed(request: Request, group: Group, left: Group, **kwargs: Any) -> None:
    conversation = _conversation(request)
    Conversation.objects.filter(pk=conversation.pk).update(**conversation.moved_to(group.pk))
    post_entry(conversation, None, _overflowed(left, group), kind=Kind.TRANSFER)
    _went_on(conversation)
    if group.is_manual:
        publish("offered", conversation.pk)


@receiver(signals.group_added)
def on_group_added(group: Group, **kwargs: Any) -> None:
    """A new group begins with the usual words for those who wait."""
    make_usual_messages(group)


@receiver(signals.presence_changed)
def on_presence(user_id: int, **kwargs: Any) -> None:
    if not Presence.objects.filter(user_id=user_id, lease_until__gt=timezone.now(), is_here=True).exists():
        beside.gone(user_id)
    publish("presence", user_id)
    publish("queue")


@receiver(signals.queue_changed)
def on_queue(**kwargs: Any) -> None:
    publish("queue")


@receiver(access_changed)
def on_access(user_id: int, **kwargs: Any) -> None:
    publish("access", user_id)


@receiver(user_logged_in)
def on_signed_in(user: User, **kwargs: Any) -> None:
    sign_in(user.pk)


@receiver(user_logged_out)
def on_signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is None:
        return
    key = request.session.session_key
    if key:
        publish("signout", key)
    leave(user.pk)


def _went_on(conversation: Conversation) -> None:
    """It changed hands, waits again, or ended: what was offered of it is void, and everybody there asks anew."""
    invitations.withdraw_all([conversation], timezone.now())
    publish("state", conversation.pk)
    publish("people", conversation.pk)


def _leave(conversation: Conversation, operator: User) -> None:
    part = operator_part(conversation, operator)
    post_entry(conversation, part, _left(operator), kind=Kind.LEAVE)
    set_role(part, "")


def _left(operator: User) -> str:
    return for_everybody(_("%(name)s left the conversation."), name=operator.display_name)


def _lost(operator: User) -> str:
    if not may_be_asked(operator):
        return _left(operator)  # connected all the same, but answering chats was taken from them
    words = _("%(name)s lost the connection. Somebody else will take over.")
    return for_everybody(words, name=operator.display_name)


def _moved(by: User, group: Group) -> str:
    words = _("%(name)s passed the conversation on to %(group)s.")
    return for_everybody(words, name=by.display_name, group=group.name)


def _overflowed(left: Group, group: Group) -> str:
    words = _("Nobody in %(left)s is free yet. The conversation goes on to %(group)s.")
    return for_everybody(words, left=left.name, group=group.name)
