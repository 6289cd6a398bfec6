"""Coming and going beside the one who holds a chat: guests, who write, and monitors, who watch."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import record
from accounts.models import User
from chatdesk.actions.conversations import operator_part
from chatdesk.actions.entries import closed, post_entry
from chatdesk.actions.joining import BESIDE
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Kind, Participant
from chatdesk.permissions import check_answers, conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.realtime import publish
from chatdesk.signals import watching_changed
from chatdesk.sitelimits import site_settings
from routing.locks import deciding
from routing.models import State

Role = Participant.Role


def enter_as_guest(conversation: Conversation, user: User) -> None:
    """The person may read and write beside the owner, and the visitor is told. Raises Refused `state.conflict`."""
    part = operator_part(conversation, user)
    if part.role == Role.GUEST or conversation.request.operator_id == user.pk:
        raise Refused(Code.CONFLICT, _("You are in this conversation already."))
    set_role(part, Role.GUEST)
    words = for_everybody(gettext_lazy("%(name)s joined the conversation."), name=user.display_name)
    post_entry(conversation, part, words, kind=Kind.JOIN)
    tell(conversation, user)


def join(user: User, ref: str) -> Conversation:
    """A supervisor comes in beside the operator, seen by everybody. Raises Refused."""
    with deciding():
        conversation = conversation_for_operator(user, ref, "monitor")
        check_answers(user)
        if conversation.request.state != State.ACTIVE:
            raise _nobody_has_it(conversation)
        enter_as_guest(conversation, user)
        record("chat.join", actor=user, on=conversation)
        return conversation


def monitor(user: User, ref: str) -> bool:
    """Watch a colleague's chat; True if unseen: their type may, and the site's notice says so to visitors."""
    with deciding():
        conversation = conversation_for_operator(user, ref, "monitor")
        if conversation.request.state != State.ACTIVE:
            raise _nobody_has_it(conversation)
        part = operator_part(conversation, user)
        if conversation.request.operator_id == user.pk or part.role == Role.GUEST:
            raise Refused(Code.CONFLICT, _("You are in this conversation already."))
        silent = watches_unseen(user)
        set_role(part, Role.MONITOR, silent=silent)
        record("chat.monitor", actor=user, on=conversation, after={"silent": silent})
        tell(conversation, user)
        return silent


def leave(user: User, ref: str) -> None:
    """A guest or a monitor goes. The owner goes by a transfer alone: Refused `state.conflict`."""
    with deciding():
        conversation = conversation_for_operator(user, ref)
        if conversation.request.operator_id == user.pk and conversation.request.state == State.ACTIVE:
            raise Refused(Code.CONFLICT, _("You hold this chat: hand it over, or close it."))
        part = Participant.objects.filter(conversation=conversation, user=user, role__in=BESIDE).first()
        if part is None:
            raise Refused(Code.CONFLICT, _("You are not in this conversation."))
        go(conversation, part, user, gettext_lazy("%(name)s left the conversation."))


def go(conversation: Conversation, part: Participant, user: User, words: Promise) -> None:
    """Let somebody go who was beside: the visitor hears of guests alone."""
    was_guest = part.role == Role.GUEST
    set_role(part, "")
    if was_guest and conversation.closed_at is None:
        post_entry(conversation, part, for_everybody(words, name=user.display_name), kind=Kind.LEAVE)
    tell(conversation, user)


def gone(user_id: int) -> None:
    """The person's line broke for good, or they signed out: they are beside nobody any more."""
    open_ones = Participant.objects.filter(user=user_id, role__in=BESIDE, conversation__closed_at=None)
    if not open_ones.exists():
        return
    with deciding():
        for part in open_ones.select_related("conversation", "user"):
            if part.user is not None:
                go(part.conversation, part, part.user, gettext_lazy("%(name)s lost the connection."))


def watches_unseen(user: User) -> bool:
    """Whether this person watches without being shown: by their type, and only while visitors are told of it."""
    by_type = user.is_superuser or bool(user.user_type and user.user_type.monitors_silently)
    return by_type and bool(site_settings().policy_text.strip())


def set_role(part: Participant, role: str, *, silent: bool = False) -> None:
    watches, unseen = Role.MONITOR in (part.role, role), silent if role else part.is_silent
    part.role, part.is_silent = role, silent
    part.save(update_fields=["role", "is_silent"])
    if watches:  # whoever takes part comes and goes by entries
        watching_changed.send(None, participant=part, unseen=unseen)


def tell(conversation: Conversation, user: User) -> None:
    """Everybody there asks anew what they may do, and the person's windows hear what they are there for."""
    publish("state", conversation.pk)
    publish("people", conversation.pk)
    publish("assigned", conversation.pk, user.pk)


def _nobody_has_it(conversation: Conversation) -> Refused:
    if conversation.request.state == State.CLOSED:
        return closed()
    return Refused(Code.CONFLICT, _("Nobody answers this chat yet."))
