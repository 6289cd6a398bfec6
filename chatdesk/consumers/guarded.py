"""What the rules of signing in do to an operator's socket: asked before commands, told of an end, shown out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.actions.sign_ins import note_deed
from chatdesk.consumers.socket import Closed
from chatdesk.dbthreads import in_thread
from chatdesk.protocol import AccessEnding, Command, DeskHello, DeskRead, DeskResume, frame
from chatdesk.realtime.access import rulings, show_out
from chatdesk.realtime.guard import TRUSTED_FOR, abide

if TYPE_CHECKING:
    from chatdesk.consumers.operator import OperatorSocket

NO_DEEDS = (DeskHello, DeskResume, DeskRead)  # a page does these by itself
NOTED_EVERY = 60.0  # seconds


async def ask_rules(socket: OperatorSocket) -> None:
    """Ask whether the person may be here, unless that was asked a moment ago. Raises Closed for who may not."""
    if socket.standing.is_fresh(TRUSTED_FOR):
        return
    ruling = (await in_thread(rulings, [socket.holder]))[socket.holder]
    if ruling.close is not None:
        socket.withdraw(ruling.close)
        await in_thread(show_out, socket.holder, ruling)
        raise Closed
    await abide(socket, ruling)


async def note(socket: OperatorSocket, command: Command) -> None:
    """What a person does keeps the session alive; what the page does by itself does not."""
    if isinstance(command, NO_DEEDS) or time.monotonic() - socket.noted_at < NOTED_EVERY:
        return
    socket.noted_at = time.monotonic()
    await in_thread(note_deed, socket.me.sign_in_id)


def tell_ending(socket: OperatorSocket) -> None:
    """Say once when the log-in window ends, and once more if it does not after all."""
    at = socket.standing.ending(timezone.now())
    if at != socket.standing.told:
        socket.standing.told = at
        socket.push(frame(AccessEnding(at=at)))
