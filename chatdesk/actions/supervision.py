"""What a supervisor may do in a colleague's chat beyond watching it: whisper, and take it over."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from chatdesk.actions.conversations import routed
from chatdesk.actions.entries import checked_body, closed
from chatdesk.actions.notes import store_note
from chatdesk.models import Conversation, Note
from chatdesk.permissions import check_answers, conversation_for_operator
from chatdesk.protocol import Code, Refused
from chatdesk.sitelimits import site_settings
from routing.actions import taking
from routing.locks import deciding
from routing.models import State


def whisper(user: User, ref: str, body: str, client_id: str) -> Note:
    """A word to the desk alone, meant for the operator of an open chat. Raises Refused."""
    text = checked_body(body, site_settings().message_limit)
    with deciding():
        conversation = conversation_for_operator(user, ref, "monitor")
        if not may_whisper(user):
            raise Refused(Code.AUTH_DENIED, _("Your account does not whisper."))
        if conversation.request.state == State.CLOSED:
            raise closed()
        before = conversation.last_note
        note = store_note(conversation.pk, user, text, client_id, Note.Kind.WHISPER)
        if note.number > before:  # said again by a client that lost the answer, it is one whisper
            record("chat.whisper", actor=user, on=conversation, after={"note": note.number})
        return note


def may_whisper(user: User) -> bool:
    return user.is_superuser or bool(user.user_type and user.user_type.whispers)


def take_over(user: User, ref: str) -> Conversation:
    """The chat becomes the supervisor's, whoever holds it. Raises Refused `state.conflict` if it changed hands."""
    with deciding():
        conversation = conversation_for_operator(user, ref, "monitor")
        check_answers(user)
        holder = conversation.request.operator
        if conversation.request.state != State.ACTIVE or holder is None:
            raise closed() if conversation.closed_at else Refused(Code.CONFLICT, _("Nobody answers this chat yet."))
        if holder == user:
            raise Refused(Code.CONFLICT, _("You hold this chat already."))
        routed(lambda: taking.transfer(conversation.request_id, user, operator=user))
        record("chat.takeover", actor=user, on=conversation, before={"operator": holder.display_name})
        return conversation
