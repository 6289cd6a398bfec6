"""Asking a colleague into a chat, beside oneself or in one's place: offered, then answered, taken back or too late.

Every step is one conditional UPDATE under routing's lock, so that an offer has one end and a chat one owner.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from chatdesk.actions.asking import Asked, Target, out_of_question, target_of
from chatdesk.actions.beside import enter_as_guest
from chatdesk.actions.conversations import routed
from chatdesk.actions.entries import checked_body, closed
from chatdesk.actions.notes import LONGEST_NOTE, store_note
from chatdesk.models import Conversation, Invitation
from chatdesk.permissions import check_answers, conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.realtime import publish
from routing.actions import taking
from routing.eligible import free_people
from routing.locks import deciding
from routing.models import State as RequestState

Kind, State = Invitation.Kind, Invitation.State


def offer(
    user: User, ref: str, kind: Invitation.Kind, asked: Asked, *, note: str = "", within: int | None = None
) -> Invitation:
    """Ask somebody who is free; they have `within` seconds (else the group's or the site's time) to answer.

    Raises Refused: `frame.invalid` unless one of group and operator is named, `state.conflict` when nobody asked is
    free or the chat is offered already, and what `conversation_for_operator` raises for `transfer`.
    """
    with deciding() as now:
        conversation = conversation_for_operator(user, ref, "transfer")
        if conversation.request.state == RequestState.CLOSED:
            raise closed()
        target = target_of(asked)
        target.refuse_unless_free(user, conversation, warm=kind == Kind.WARM, now=now)
        _refuse_second(conversation, kind, target)
        made = Invitation.objects.create(
            conversation=conversation,
            kind=kind,
            from_user=user,
            to_group=target.group,
            to_user=target.person,
            note=checked_body(note, LONGEST_NOTE) if note.strip() else "",
            offered_at=now,
            expires_at=now + timedelta(seconds=within or target.usual_seconds()),
        )
        publish("invitation", made.pk)
        return made


def _refuse_second(conversation: Conversation, kind: Invitation.Kind, target: Target) -> None:
    open_ones = _open().filter(conversation=conversation, kind=kind)
    if kind == Kind.INVITE:
        open_ones = open_ones.filter(to_group=target.group, to_user=target.person)
    if open_ones.exists():
        raise Refused(Code.CONFLICT, _("This is offered already: wait for the answer, or take it back."))


def answer(user: User, ref: str, *, accept: bool, number: int | None = None) -> Invitation:
    """Accept or decline what is offered of a conversation to this person. Raises Refused.

    `number` is the offer's; without it there has to be a single one. `conversation.unknown` without an offer,
    `state.conflict` if several could be meant, too late, or to accept without a free place.
    """
    with deciding() as now:
        invitation = _meant(open_for(user, now).filter(conversation__ref=ref), number)
        if accept:
            _accept(invitation, user, now)
        else:
            _decline(invitation, user, now)
        return invitation


def _meant(offers: QuerySet[Invitation], number: int | None) -> Invitation:
    found = list(offers if number is None else offers.filter(pk=number))
    if not found:
        raise _no_offer()
    if len(found) > 1:  # from a page that is older than the numbers
        raise Refused(Code.CONFLICT, _("Load the page again"))
    return found[0]


def _no_offer() -> Refused:
    return Refused(Code.UNKNOWN, _("There is no such offer any more."))


def open_for(user: User, now: datetime) -> QuerySet[Invitation]:
    """The offers that this person may answer."""
    mine = Q(to_user=user) | Q(to_group__in=list(user.memberships.values_list("group_id", flat=True)))
    offers = Invitation.objects.select_related("conversation__request", "conversation__group", "from_user", "to_group")
    return offers.filter(mine, state=State.OFFERED, expires_at__gt=now).exclude(from_user=user)


def _accept(invitation: Invitation, user: User, now: datetime) -> None:
    check_answers(user)
    if not end(invitation, State.ACCEPTED, now, user):
        raise _no_offer()
    conversation = invitation.conversation
    if invitation.note:
        store_note(conversation.pk, invitation.from_user, invitation.note, f"offer-{invitation.pk}")
    if invitation.kind == Kind.INVITE:
        enter_as_guest(conversation, user)
        record("chat.invite", actor=invitation.from_user, on=conversation, after={"guest": user.display_name})
    else:
        routed(lambda: taking.transfer(conversation.request_id, invitation.from_user, operator=user))
        record("chat.transfer", actor=invitation.from_user, on=conversation, after={"to": user.display_name})


def _decline(invitation: Invitation, user: User, now: datetime) -> None:
    """A person's no ends it. A group's does when everybody who could take it has said it."""
    if invitation.to_group is None:
        end(invitation, State.DECLINED, now, user)
        return
    invitation.declined_by = sorted({*invitation.declined_by, user.pk})
    invitation.save(update_fields=["declined_by"])
    warm = invitation.kind == Kind.WARM
    others = out_of_question(invitation.from_user_id, invitation.conversation, warm=warm)
    if not free_people(invitation.to_group.pk, now) - {*invitation.declined_by, *others}:
        end(invitation, State.DECLINED, now, user)


def withdraw(user: User, ref: str) -> None:
    """Take back what is offered of a conversation: by who offered it, or who may hand it over. Raises Refused."""
    with deciding() as now:
        conversation = conversation_for_operator(user, ref, "transfer")
        if not withdraw_all([conversation], now):
            raise _no_offer()


def withdraw_all(these: Collection[Conversation], now: datetime) -> int:
    """The chats ended or went on: nothing of them is on offer any more. How many were."""
    return sum(end(one, State.WITHDRAWN, now) for one in _open().filter(conversation__in=these))


def end_overdue() -> int:
    """What nobody answered in time ends; how many. Safe to repeat, and without a lock while there is nothing."""
    if not _open().filter(expires_at__lte=timezone.now()).exists():
        return 0
    with deciding() as now:
        return sum(end(one, State.EXPIRED, now) for one in _open().filter(expires_at__lte=now))


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(state=State.OFFERED)


def end(invitation: Invitation, state: Invitation.State, now: datetime, by: User | None = None) -> bool:
    """One conditional UPDATE: False if it had ended already."""
    if not _open().filter(pk=invitation.pk).update(state=state, ended_at=now, answered_by=by):
        return False
    publish("invitation", invitation.pk)
    return True
