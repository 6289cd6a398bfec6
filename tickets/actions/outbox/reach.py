"""Whom an entry is for: the other side, and of several people there the one who was answered."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from chatdesk.models import Entry
from chatdesk.querysets import SAID
from tickets.models import Correspondent, Letter, OutgoingMail

Side = Correspondent.Side
LOGGED_ID = "logd"  # what the client id of an entry begins with that reached the other side elsewhere
MAIL_ID = 37  # characters of the client id that the text and the files of one mail begin with


def for_them(to: Correspondent, first: int, last: int) -> list[Entry]:
    """The entries `first`..`last` that are to reach this correspondent, in their order."""
    said = _said(to.conversation_id).filter(seq__gte=first, seq__lte=last).order_by("seq")
    said = said.select_related("conversation", "participant__user", "file", "letter__sender")
    if to.side == Side.OPERATOR:
        return list(said.filter(participant__user=None).exclude(letter__is_machine=True))
    answers = said.filter(participant__user__isnull=False).exclude(client_id__startswith=LOGGED_ID)
    return [entry for entry in answers if addressee(entry) in _names_of(to)]


def writer_of(mail: OutgoingMail) -> Correspondent | None:
    """Who wrote the last entry that a mail brought, if they are a correspondent: whom an answer to it is meant for."""
    entry = _said(mail.conversation_id or 0).filter(seq__gte=mail.first_seq, seq__lte=mail.last_seq)
    last = entry.filter(participant__user=None).order_by("-seq").first()
    if last is None:
        return None
    number = _writer(last) or 0
    found = Correspondent.objects.filter(pk=number).first()
    return found or Correspondent.objects.filter(conversation=last.conversation_id, side=Side.VISITOR).first()


def addressee(entry: Entry) -> int | None:
    """The number of the third party that an operator's entry is for; None: the visitor."""
    letter = letter_of(entry)
    if letter is not None and letter.addressee is not None:
        return None if letter.addressee.side == Side.VISITOR else letter.addressee_id
    if not Correspondent.objects.filter(conversation=entry.conversation_id, side=Side.THIRD).exists():
        return None
    before = _said(entry.conversation_id).filter(seq__lt=entry.seq, participant__user=None)
    last = before.order_by("-seq").first()
    return _writer(last) if last is not None else None


def _names_of(to: Correspondent) -> tuple[int | None]:
    return (to.pk,) if to.side == Side.THIRD else (None,)


def _said(conversation_id: int) -> QuerySet[Entry]:
    return Entry.objects.filter(conversation=conversation_id, kind__in=SAID)


def _writer(entry: Entry) -> int | None:
    """A third party has no part of their own: who they are is said by the letter."""
    letter = letter_of(entry) if entry.participant_id is None else None
    return letter.sender_id if letter is not None else None


def letter_of(entry: Entry) -> Letter | None:
    """The letter that an entry came with: its own, or for a file that of the mail it was in."""
    same_mail = Q(entry__client_id=entry.client_id[:MAIL_ID]) if entry.client_id else Q(pk=None)
    letters = Letter.objects.filter(same_mail | Q(entry=entry), entry__conversation=entry.conversation_id)
    return letters.select_related("sender", "addressee").first()
