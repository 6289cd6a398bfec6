"""What waited for a person is let go, or refused: by who may see the addresses in it, once, and noted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Scope, User
from accounts.permissions import may
from accounts.sealing import unseal
from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive
from chatdesk.models import Conversation
from chatdesk.permissions import reached
from chatdesk.protocol import Code, Refused
from tickets.actions import recorded
from tickets.actions.maskrules import rules_for
from tickets.actions.outbox import approve, send_released, turn_down
from tickets.actions.reasons import checked_reason
from tickets.masking import Rules, What, mask_text
from tickets.models import Held, IncomingMail, Letter
from tickets.permissions import overseen
from tickets.reading.message import read

Reason, State = Held.Reason, Held.State


def release(user: User, held_id: int, reason: str = "") -> Held:
    """Let it go as it is. By two people at once: one release.

    Safe to repeat: a release cut short is finished by the next. Outside a transaction. Raises Refused:
    `conversation.unknown` (there is none that this person may decide), `state.conflict` (decided already),
    `form.incomplete` (no reason), and for a file what `receive` raises, such as for a kind that nobody may send.
    """
    held = _undecided(user, held_id)
    words = checked_reason(reason)
    _effect(held)(held)
    return _decided(user, held, State.RELEASED, words)


def refuse(user: User, held_id: int, reason: str = "") -> Held:
    """Keep it back for good; it stays where it is, for who may see it. Raises as `release`."""
    held = _undecided(user, held_id)
    words = checked_reason(reason)
    if held.reason == Reason.APPROVAL and held.entry is not None:
        turn_down(held.entry)
    return _decided(user, held, State.REFUSED, words)


def may_decide(user: User, held: Held) -> bool:
    """Whether this person answers for the correspondence; of a mail without a conversation: for all of it."""
    if held.conversation is None:
        return may(user, "contact") == Scope.ALL
    return Conversation.objects.filter(overseen(user) & reached(user, "see"), pk=held.conversation.pk).exists()


def _undecided(user: User, held_id: int) -> Held:
    rows = Held.objects.select_related("conversation__group", "conversation__button", "incoming", "entry", "file")
    held = rows.filter(pk=held_id).first()
    if held is None or not may_decide(user, held):
        raise Refused(Code.UNKNOWN, _("There is nothing held under this number."))
    if held.state != State.HELD:
        raise Refused(Code.CONFLICT, _("Somebody has decided about this already."))
    return held


@transaction.atomic
def _decided(user: User, held: Held, state: str, reason: str) -> Held:
    """The mark that it is decided, after everything is done: who comes second did nothing new."""
    now = timezone.now()
    rows = Held.objects.filter(pk=held.pk, state=State.HELD)
    if not rows.update(state=state, decided_by=user, decided_at=now):
        raise Refused(Code.CONFLICT, _("Somebody has decided about this already."))
    record(f"held.{state}", actor=user, on=held, reason=reason, after={"reason": held.reason})
    held.refresh_from_db()
    recorded.decided(held, reason)
    if state == State.RELEASED:
        _after(held)
    return held


def _effect(held: Held) -> Callable[[Held], None]:
    if held.reason == Reason.APPROVAL:
        return _approve
    if held.reason == Reason.ADDRESS_WRITTEN:
        return _say_again
    if held.incoming is not None and held.part >= 0:
        return _take_in
    return _nothing


def _after(held: Held) -> None:
    """What only counts once the row says that it was released."""
    if held.incoming is not None and held.part < 0 and held.reason != Reason.ADDRESS_WRITTEN:
        again = {"state": IncomingMail.State.STORED, "due_at": timezone.now(), "tries": 0}
        IncomingMail.objects.filter(pk=held.incoming.pk, entry=None).update(**again)
    elif held.file is not None and held.incoming is None:
        send_released(held)


def _nothing(held: Held) -> None:
    """Its effect follows from the row itself."""


def _approve(held: Held) -> None:
    if held.entry is not None:
        approve(held.entry)


def _take_in(held: Held) -> None:
    """A file of a mail, as it came, as the next entry."""
    mail, entry = held.incoming, held.entry
    if mail is None or entry is None:
        return
    parts = [part for part in read(bytes(mail.raw)).files if part.index == held.part]
    for part in parts:
        upload = SimpleUploadedFile(held.name or part.name or "file", part.data)
        stored = receive(entry.conversation, entry.participant, upload, f"held-{held.pk}", paced=False)
        Held.objects.filter(pk=held.pk).update(file=stored.file)


def _say_again(held: Held) -> None:
    """What was written with the address in it, once more: entries are never changed."""
    entry = held.entry
    letter = Letter.objects.filter(entry=entry).first() if entry else None
    if entry is None or letter is None:
        return
    original = json.loads(unseal(letter.sealed_original) or "{}").get("text", "")
    body = _with_addresses(original, rules_for(entry.conversation, None))
    said = post_entry(entry.conversation, entry.participant, body, f"held-{held.pk}")
    Held.objects.filter(pk=held.pk).update(entry=said)


def _with_addresses(text: str, rules: Rules) -> str:
    """Masked but for the addresses of nobody here: those of the participants stay hidden."""
    written = {each.original.lower() for each in mask_text(text, rules).found if each.kind == What.ADDRESS}
    return mask_text(text, replace(rules, allowed=rules.allowed | written)).text
