"""The operator's commands of handing over and supervising: each calls one action and answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from chatdesk import pace
from chatdesk.actions import beside, invitations, notes, supervision
from chatdesk.actions.asking import Asked
from chatdesk.consumers.socket import Answer
from chatdesk.models import Invitation
from chatdesk.protocol import (
    AnswerInvitation,
    Invite,
    Join,
    Leave,
    Monitor,
    NotePost,
    TakeOver,
    Transfer,
    Whisper,
    WithdrawInvitation,
)

if TYPE_CHECKING:
    from chatdesk.consumers.operator import OperatorSocket


async def offer(socket: OperatorSocket, command: Transfer | Invite) -> Answer:
    """A warm transfer, or an invitation: asked first, moved when somebody accepts."""
    kind = Invitation.Kind.WARM if isinstance(command, Transfer) else Invitation.Kind.INVITE
    asked = Asked(command.group, command.operator)
    ref, note, within = command.conversation, command.note, command.within
    made = await socket._as_me(invitations.offer, ref, kind, asked, note=note, within=within)
    return {"seconds": round((made.expires_at - made.offered_at).total_seconds())}


async def _answer(socket: OperatorSocket, command: AnswerInvitation) -> Answer:
    await socket._as_me(invitations.answer, command.conversation, accept=command.accept, number=command.offer)
    return {}


async def _withdraw(socket: OperatorSocket, command: WithdrawInvitation) -> Answer:
    await socket._as_me(invitations.withdraw, command.conversation)
    return {}


async def _note(socket: OperatorSocket, command: NotePost) -> Answer:
    pace.check(pace.operator_posts, socket.user_id)
    note = await socket._as_me(notes.post_note, command.conversation, command.body, command.client_id)
    return {"seq": note.number}


async def _whisper(socket: OperatorSocket, command: Whisper) -> Answer:
    pace.check(pace.operator_posts, socket.user_id)
    note = await socket._as_me(supervision.whisper, command.conversation, command.body, command.client_id)
    return {"seq": note.number}


async def _monitor(socket: OperatorSocket, command: Monitor) -> Answer:
    return {"silent": await socket._as_me(beside.monitor, command.conversation)}


async def _join(socket: OperatorSocket, command: Join) -> Answer:
    await socket._as_me(beside.join, command.conversation)
    return {}


async def _leave(socket: OperatorSocket, command: Leave) -> Answer:
    socket._stop_typing(command.conversation)
    await socket._as_me(beside.leave, command.conversation)
    return {}


async def _take_over(socket: OperatorSocket, command: TakeOver) -> Answer:
    await socket._as_me(supervision.take_over, command.conversation)
    return {}


HANDLERS: dict[type, Callable[[OperatorSocket, Any], Awaitable[Answer]]] = {
    Invite: offer,
    AnswerInvitation: _answer,
    WithdrawInvitation: _withdraw,
    NotePost: _note,
    Whisper: _whisper,
    Monitor: _monitor,
    Join: _join,
    Leave: _leave,
    TakeOver: _take_over,
}
