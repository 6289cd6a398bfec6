"""What lets records go earlier: one person asks, another agrees, a day passes. Every step is told and recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.audit import record
from accounts.models import User
from accounts.permissions import opens
from chatdesk.protocol import Code, Refused
from transcripts.actions import logbook
from transcripts.actions.retaining.clock import database_now
from transcripts.actions.retaining.telling import tell
from transcripts.models import Proposal
from transcripts.proof.canonical import Json

DELAY = timedelta(hours=24)
REASON_CHARS = (3, 300)
State = Proposal.State

log = logging.getLogger(__name__)


class Stale(Exception):
    """What was proposed does not fit any more: it was changed meanwhile."""


@dataclass(frozen=True)
class Verb:
    """`apply`: does it, inside a transaction; raises Stale. `name`: what it is, for people.

    `foretell`: sentences about what comes of it if it begins at a time.
    """

    key: str
    name: str | Promise
    apply: Callable[[Proposal], None]
    foretell: Callable[[Proposal, datetime], list[str]] = lambda proposal, begins: []


_verbs: dict[str, Verb] = {}


def add_verb(verb: Verb) -> None:
    """A kind of thing that can be proposed, such as releasing a hold."""
    _verbs[verb.key] = verb


def name_of(proposal: Proposal) -> str:
    verb = _verbs.get(proposal.verb)
    return str(verb.name) if verb else proposal.verb


def foretold(proposal: Proposal) -> list[str]:
    """What comes of it, in sentences: when it begins, or would if it were agreed to now."""
    verb = _verbs.get(proposal.verb)
    return verb.foretell(proposal, proposal.effective_at or database_now() + DELAY) if verb else []


@transaction.atomic
def propose(
    author: User,
    verb: str,
    target: str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    forecast: Mapping[str, Any],
    reason: str,
) -> Proposal:
    """Ask for it. Raises Refused `form.incomplete` without a reason."""
    made = Proposal.objects.create(
        verb=_verbs[verb].key,
        target=target,
        before=before,
        after=after,
        forecast=dict(forecast),
        reason=checked(reason),
        author=author,
        made_at=database_now(),
    )
    record("retention.propose", actor=author, on=made, before=before, after=after, reason=made.reason)
    tell("asked", _words(made))
    return made


@transaction.atomic
def approve(user: User, proposal_id: int) -> Proposal:
    """A second person agrees: it begins a day later. Raises Refused: `auth.denied` for its own author and for who is
    not of the compliance staff, `state.conflict` when it was decided already."""
    found = _waiting(user, proposal_id)
    if found.author_id == user.pk:
        raise Refused(Code.AUTH_DENIED, _("You asked for this yourself. Somebody else has to agree."))
    now = database_now()
    _decide(found, user, now, State.DELAYED, effective_at=now + DELAY)
    leaf: dict[str, Json] = {"proposal": found.pk, "verb": found.verb, "author": found.author_id}
    tell("approved", _words(found) | {"begins": now + DELAY})
    logbook.append("disposition.approved", leaf, actor=user)
    return found


@transaction.atomic
def withdraw(user: User, proposal_id: int) -> Proposal:
    """Anybody of the compliance staff, its author too, can stop it until it is done. Raises Refused as `approve`."""
    found = _waiting(user, proposal_id, State.WAITING, State.DELAYED)
    _decide(found, user, database_now(), State.WITHDRAWN if found.author_id == user.pk else State.REFUSED)
    tell("stopped", _words(found))
    return found


def apply_due(now: datetime) -> int:
    """Do what was agreed a day ago; how much. Each in a transaction of its own."""
    due = Proposal.objects.filter(state=State.DELAYED, effective_at__lte=now).order_by("effective_at", "pk")
    return sum(_apply(pk, now) for pk in list(due.values_list("pk", flat=True)))


def _apply(proposal_id: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            rows = Proposal.objects.select_for_update().filter(pk=proposal_id, state=State.DELAYED)
            found = rows.first()
            if found is None:
                return False
            rows.update(state=State.DONE, done_at=now)
            _verbs[found.verb].apply(found)
    except Stale:
        Proposal.objects.filter(pk=proposal_id, state=State.DELAYED).update(state=State.FAILED, done_at=now)
        return False
    return True


def checked(reason: str) -> str:
    """The reason without needless space and zero bytes. Raises Refused `form.incomplete`."""
    words = " ".join(reason.replace("\x00", " ").split())
    if not REASON_CHARS[0] <= len(words) <= REASON_CHARS[1]:
        raise Refused(Code.FORM, _("Please say why, in a few words."))
    return words


def check_staff(user: User) -> None:
    """Raises Refused `auth.denied` for who is not of the compliance staff."""
    if not opens(user, "transcripts"):
        raise Refused(Code.AUTH_DENIED, _("This is for the compliance staff."))


def _waiting(user: User, proposal_id: int, *states: State) -> Proposal:
    check_staff(user)
    found = Proposal.objects.select_for_update(of=("self",)).select_related("author").filter(pk=proposal_id).first()
    if found is None or found.state not in (states or (State.WAITING,)):
        raise Refused(Code.CONFLICT, _("This was decided already."))
    return found


def _decide(found: Proposal, user: User, now: datetime, state: State, **facts: Any) -> None:
    found.state, found.decider, found.decided_at = state, user, now
    found.effective_at = facts.get("effective_at")
    found.save(update_fields=["state", "decider", "decided_at", "effective_at"])
    record("retention.decide", actor=user, on=found, after={"state": state.value})


def _words(proposal: Proposal) -> dict[str, Any]:
    """In the language of the mails, whatever the language of who asks or agrees."""
    facts = {"number": proposal.pk, "author": proposal.author.display_name, "why": proposal.reason}
    with override(settings.LANGUAGE_CODE):
        return facts | {"what": name_of(proposal), "foretold": " ".join(foretold(proposal))}
