"""What the compliance desk's search finds by what tickets knows: mails, tags, tickets, the real addresses behind."""

from __future__ import annotations

import re

from django.db.models import Q

from accounts.sealing import unseal
from tickets.actions.correspondents import address_hash
from tickets.models import Correspondent, FollowUp, Letter, Ticket
from transcripts import conditions, wordindex
from transcripts.wordindex import Source

OF_LETTER = "(SELECT e.conversation_id FROM chatdesk_entry AS e WHERE e.id = t.entry_id)"
ENOUGH_DIGITS = 8
SEQ_OF_LETTER = "(SELECT e.seq FROM chatdesk_entry AS e WHERE e.id = t.entry_id)"
# Looked up for each letter there is, it would take longer with each mail; the few entries are found at once.
AMONG = "t.entry_id IN (SELECT e.id FROM chatdesk_entry AS e WHERE e.conversation_id IN ({numbers}))"


def by_channel(value: str) -> Q:
    """mail: something in it came by mail; chat: it began on the chat page, and somebody waited there."""
    letters = Letter.objects.all()
    if value == "mail":
        return Q(pk__in=letters.values("entry__conversation_id"))
    if value == "chat":
        first = letters.filter(entry__seq=1).values("entry__conversation_id")
        return ~Q(pk__in=first) & ~Q(request__outcome="message")
    return conditions.NOTHING


def by_tag(value: str) -> Q:
    return Q(pk__in=Ticket.objects.filter(tags__name__iexact=value).values("conversation_id"))


def by_ticket(value: str) -> Q:
    number = conditions.numbered(f"#{value.removeprefix('#')}")
    return Q(pk__in=Ticket.objects.filter(pk=number).values("conversation_id")) if number else conditions.NOTHING


def by_address(value: str) -> Q:
    """Addresses are kept sealed: only a whole one can be looked up, in any of its spellings."""
    if "@" not in value:
        return conditions.NOTHING
    known = Correspondent.objects.filter(address_hash=address_hash(value), side=Correspondent.Side.VISITOR)
    return Q(pk__in=known.values("conversation_id"))


TELEPHONE = re.compile(r"[+(]?[0-9][0-9 ()/.-]{4,40}")


def by_telephone(value: str) -> Q:
    """The number that a promise is to be kept on: sealed, so each that is still kept is looked at.

    Numbers are alike if one ends with the other without its first zeros: one with the country's number, one without.
    """
    if not TELEPHONE.fullmatch(value.strip()):
        return conditions.NOTHING
    kept = FollowUp.objects.filter(channel=FollowUp.Channel.PHONE).exclude(sealed_contact="")
    wanted = _national(value)
    rows = kept.values_list("conversation_id", "sealed_contact")
    return Q(pk__in=[pk for pk, sealed in rows if _alike(wanted, _national(unseal(sealed)))])


def _national(number: str) -> str:
    return "".join(c for c in number if c in "0123456789").lstrip("0")


def _alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return shorter == longer or (len(shorter) >= ENOUGH_DIGITS and longer.endswith(shorter))


def by_operators_address(value: str) -> Q:
    if "@" not in value:
        return conditions.NOTHING
    known = Correspondent.objects.filter(address_hash=address_hash(value), side=Correspondent.Side.OPERATOR)
    return Q(pk__in=known.values("conversation_id"))


wordindex.add(Source("subject", "subjects", "tickets_letter", "subject", OF_LETTER, SEQ_OF_LETTER, among=AMONG))
wordindex.add(Source("ticket", "subjects", "tickets_ticket", "subject"))
conditions.add("channels", by_channel)
conditions.add("tags", by_tag)
conditions.add("tickets", by_ticket)
conditions.add("visitors", by_address)
conditions.add("visitors", by_telephone)
conditions.add("operators", by_operators_address)
