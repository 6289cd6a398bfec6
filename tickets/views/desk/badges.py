"""Below an entry at the desk: that it came by mail and what is to be known of that, or how far it got by mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatdesk.models import Conversation, Entry
from chatdesk.permissions import conversation_for_operator, may_do
from chatdesk.protocol import Refused
from chatdesk.querysets import SAID
from chatdesk.views.desk.door import desk_form, desk_view
from tickets import remarks
from tickets.actions import sending
from tickets.models import Letter, OutgoingMail
from tickets.permissions import may_read_originals

MOST = 50
State = OutgoingMail.State
ON_ITS_WAY: dict[str, Promise] = {
    State.HELD: _("by mail: waits for approval"),
    State.QUEUED: _("by mail: waiting"),
    State.SENDING: _("by mail: being sent"),
    State.SENT: _("by mail: sent"),
    State.UNCERTAIN: _("by mail: perhaps sent"),
    State.DELIVERED: _("by mail: delivered"),
    State.BOUNCED: _("by mail: came back"),
    State.FAILED: _("by mail: not delivered"),
}
BAD = (State.BOUNCED, State.FAILED, State.UNCERTAIN)


@desk_view
def badges(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """Those of the entries from number `from` on, for a page that stands open."""
    conversation = conversation_for_operator(user, ref)
    asked = request.GET.get("from", "")
    first = int(asked) if asked.isdecimal() and len(asked) < 10 else 1
    span = Entry.objects.filter(conversation=conversation, kind__in=SAID, seq__gte=first)
    numbers = list(span.order_by("-seq").values_list("seq", flat=True)[:MOST])
    shown = render_entries(user, conversation, numbers)
    return render(request, "tickets/_badges.html", {"shown": shown.items()})


@desk_form
def resend(request: HttpRequest, user: User, ref: str, number: int) -> HttpResponse:
    """The mail again; what stands below its entry (`seq`) afterwards, also where it is on its way already."""
    conversation = conversation_for_operator(user, ref, "answer")
    asked = request.POST.get("seq", "")
    seq = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    with suppress(Refused):
        sending.resend(user, number)
    return HttpResponse(render_entries(user, conversation, [seq]).get(seq, ""))


def render_entries(user: User, conversation: Conversation, numbers: Sequence[int]) -> Mapping[int, str]:
    """For the slot below entries: a few queries, however many entries there are."""
    found: dict[int, dict[str, Any]] = {
        number: {"letter": letter} for number, letter in _letters(conversation, numbers)
    }
    for number, mail in _mails(conversation, numbers):
        found.setdefault(number, {})["mail"] = mail
    has_bad = any(facts["mail"].state in BAD for facts in found.values() if "mail" in facts)
    opens = any("letter" in facts for facts in found.values()) and may_read_originals(user, conversation)
    context = {
        "conversation": conversation,
        "may_resend": has_bad and may_do(user, conversation, "answer"),
        "opens_original": opens,
    }
    return {
        number: render_to_string("tickets/_badge.html", context | {"seq": number} | _facts(**facts))
        for number, facts in found.items()
    }


def _facts(letter: Letter | None = None, mail: OutgoingMail | None = None) -> dict[str, Any]:
    facts: dict[str, Any] = {"letter": letter, "mail": mail}
    if letter is not None:
        facts["remarks"] = [remarks.WORDS.get(each, each) for each in letter.remarks]
    if mail is not None:
        facts |= {"words": ON_ITS_WAY.get(State(mail.state), ""), "is_bad": mail.state in BAD}
    return facts


def _letters(conversation: Conversation, numbers: Sequence[int]) -> Iterable[tuple[int, Letter]]:
    rows = Letter.objects.filter(entry__conversation=conversation, entry__seq__in=numbers).select_related("entry")
    return [(letter.entry.seq, letter) for letter in rows.defer("sealed_original")]


def _mails(conversation: Conversation, numbers: Sequence[int]) -> Iterable[tuple[int, OutgoingMail]]:
    """The mail that brought an entry to the visitor; of a second try, the newest."""
    if not numbers:
        return []
    rows = OutgoingMail.objects.filter(conversation=conversation, kind=OutgoingMail.Kind.RELAY, to__side="visitor")
    rows = rows.exclude(state=State.CANCELLED).filter(last_seq__gte=min(numbers), first_seq__lte=max(numbers))
    wanted = _by_operators(conversation, numbers)
    spans = [(mail, range(mail.first_seq, mail.last_seq + 1)) for mail in rows.defer("content").order_by("pk")]
    return [(number, mail) for mail, span in spans for number in wanted if number in span]


def _by_operators(conversation: Conversation, numbers: Sequence[int]) -> list[int]:
    rows = Entry.objects.filter(conversation=conversation, seq__in=numbers, participant__user__isnull=False)
    return list(rows.filter(kind__in=SAID).values_list("seq", flat=True))
