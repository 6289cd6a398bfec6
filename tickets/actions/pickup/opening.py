"""Opening a box: who knocks is written down, who only looks takes nothing, and who opens sees one conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chatdesk.models import Conversation, File
from chatdesk.protocol import Code, Refused
from chatdesk.querysets import last_of_operators
from chatdesk.realtime import marks
from tickets.actions import recorded
from tickets.actions.pickup.boxes import Box, Standing, lifetime, look_at, of_secret, of_words
from tickets.actions.pickup.codes import check_code
from tickets.composing.eightwords import read_words
from tickets.models import PickupBox, PickupOpening

Deed = PickupOpening.Deed
AGENT_CHARS = 200


@dataclass(frozen=True)
class Caller:
    """Who knocks: an IP address, empty if there is none, and what the program calls itself."""

    address: str = ""
    agent: str = ""


def knock(secret: str, caller: Caller) -> Box | None:
    """A look at the door: it is written down, and takes nothing. None if the link leads nowhere."""
    row = of_secret(secret)
    if row is None:
        return None
    box = look_at(row)
    note(row, Deed.SEEN if box.is_open else Deed.REFUSED, caller)
    return box


def open_by_secret(secret: str, caller: Caller, code: str | None = None) -> PickupBox:
    """The box behind a link. Raises Refused: `conversation.unknown`, `auth.required` for one that asks for a code."""
    return _open(of_secret(secret), caller, code)


def open_by_words(typed: str, caller: Caller, code: str | None = None) -> PickupBox:
    """The same by eight words, typed in any way; `form.incomplete` for what are not eight words of the list."""
    words = read_words(typed)
    if not words:
        raise Refused(Code.FORM, _("These are not eight words of ours. Please look for a slip of the pen."))
    return _open(of_words(words), caller, code)


def collect(conversation: Conversation, caller: Caller, *, again: bool = False) -> None:
    """Everything that is in the conversation now was shown to its visitor. `again`: a page that was open before."""
    part = conversation.participants.get(user=None)
    marks.store([(conversation.last_seq, conversation.last_seq, part.pk)])
    row = PickupBox.objects.filter(conversation=conversation).first()
    if row is None or (again and row.collected_seq >= conversation.last_seq):
        return
    with transaction.atomic():
        note(row, Deed.OPENED, caller, seq=conversation.last_seq)
        answered = last_of_operators(conversation).values_list("seq", flat=True).first() or 0
        fresh: dict[str, int | datetime] = {"expires_at": timezone.now() + lifetime()}
        if conversation.last_seq > row.collected_seq:
            fresh["collected_seq"] = conversation.last_seq
        if answered > row.collected_seq:
            fresh["collected_at"] = timezone.now()
            recorded.collected(conversation)
        PickupBox.objects.filter(pk=row.pk, revoked_at=None).update(**fresh)


def saved(file: File, caller: Caller) -> None:
    """A file was fetched through the box."""
    row = PickupBox.objects.filter(conversation=file.conversation_id).first()
    if row is not None:
        note(row, Deed.COLLECTED, caller, file=file)


def note(row: PickupBox, deed: PickupOpening.Deed, caller: Caller, *, seq: int = 0, file: File | None = None) -> None:
    """A line of the log of openings."""
    PickupOpening.objects.create(
        box=row, deed=deed, seq=seq, file=file, address=caller.address or None, agent=caller.agent[:AGENT_CHARS]
    )


def refused(box: Box) -> Refused:
    """Why a box that was found does not open, in words."""
    if box.state == Standing.EXPIRED:
        day = date_format(timezone.localtime(box.expires_at), "DATE_FORMAT")
        return Refused(Code.UNKNOWN, _("This expired on %(day)s. Write to us, and we send it again.") % {"day": day})
    return Refused(Code.UNKNOWN, _("This was withdrawn. Write to us, and we send it again."))


def _open(row: PickupBox | None, caller: Caller, code: str | None) -> PickupBox:
    if row is None:
        raise Refused(Code.UNKNOWN, _("Nothing is found here. Please check that the link or the words are complete."))
    box = look_at(row)
    if not box.is_open:
        note(row, Deed.REFUSED, caller)
        raise refused(box)
    if row.asks_code:
        _check(row, caller, code)
    collect(row.conversation, caller)
    return row


def _check(row: PickupBox, caller: Caller, code: str | None) -> None:
    if code is None:
        raise Refused(Code.AUTH_REQUIRED, _("Please enter the code that we sent you by mail."))
    if not check_code(row, code):
        note(row, Deed.REFUSED, caller)
        raise Refused(Code.AUTH_DENIED, _("This is not the code, or it is too old. Please ask for a new one."))
