"""Making, changing and taking away policies: at once if nothing goes earlier for it, else as a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from chatdesk.protocol import Code, Refused
from transcripts.actions import logbook
from transcripts.actions.retaining.clock import database_now
from transcripts.actions.retaining.forecasting import forecast
from transcripts.actions.retaining.proposing import Stale, checked, propose
from transcripts.actions.retaining.telling import tell
from transcripts.models import Proposal, RetentionPolicy
from transcripts.retention import classes
from transcripts.retention.rules import WHOLE, Rule
from transcripts.retention.shortening import shortens

SAVE, DELETE = "policy.save", "policy.delete"  # what is proposed
FIELDS = ("group_id", "data", "kind", "keep_days", "delete_days", "anchor", "export_first", "note")


@dataclass(frozen=True)
class By:
    """Who wanted it, why, and who agreed, if somebody had to."""

    user: User
    why: str
    approver: User | None = None


def save_policy(user: User, policy: RetentionPolicy, reason: str) -> Proposal | None:
    """Store a policy as somebody filled it in: None if it is in force, else what a second person has to agree to.

    `policy` may be new. What would go is counted outside of any transaction: on a large archive that takes a while, and
    nobody's message waits for it. Raises Refused `form.incomplete` for what can't be: no reason, nothing said, kept
    longer than it stays, a class that is never deleted.
    """
    why = checked(reason)
    check(policy)
    while True:
        before = RetentionPolicy.objects.filter(pk=policy.pk).first() if policy.pk else None
        if shortens(before.rule() if before else None, policy.rule()):
            return _proposed(user, SAVE, before, policy, why)
        if _stored(before, policy, By(user, why)):
            return None


@transaction.atomic
def _stored(before: RetentionPolicy | None, after: RetentionPolicy, by: By) -> bool:
    """Not if somebody changed it meanwhile."""
    now = RetentionPolicy.objects.select_for_update(of=("self",)).filter(pk=before.pk).first() if before else None
    if facts_of(now) != facts_of(before):
        return False
    _store(now, facts_of(after) or {}, by)
    return True


def delete_policy(user: User, policy: RetentionPolicy, reason: str) -> Proposal:
    """Always a proposal: what it kept may go. Raises Refused `form.incomplete` without a reason."""
    return _proposed(user, DELETE, policy, None, checked(reason))


def check(policy: RetentionPolicy) -> None:
    data, keeps, deletes = classes.class_of(policy.data), policy.keep_days, policy.delete_days
    if data is None or policy.kind not in ("", *(kind.key for kind in classes.all_kinds())):
        raise Refused(Code.FORM, _("There is no such kind of data."))
    if not keeps and not deletes:
        raise Refused(Code.FORM, _("Say for how long it is kept, or when it is deleted, or both."))
    if keeps and deletes and deletes < keeps:
        raise Refused(Code.FORM, _("It can't be deleted before the time for which it has to be kept."))
    if deletes and data.key != WHOLE and not (data.remove or data.sweep):
        raise Refused(Code.FORM, _("This is never deleted: the database itself refuses it."))
    if data.sweep and (policy.group_id or policy.kind):
        raise Refused(Code.FORM, _("This belongs to no group: leave group and kind empty."))


def facts_of(policy: RetentionPolicy | None) -> dict[str, Any] | None:
    if policy is None:
        return None
    return {name: getattr(policy, name) for name in FIELDS} | {"pk": policy.pk, "version": policy.version}


def rules_with(before: RetentionPolicy | None, after: RetentionPolicy | None) -> list[Rule]:
    """All rules as they would be."""
    others = RetentionPolicy.objects.exclude(pk=before.pk) if before else RetentionPolicy.objects.all()
    return [policy.rule() for policy in others] + ([after.rule()] if after else [])


def _proposed(
    user: User, verb: str, before: RetentionPolicy | None, after: RetentionPolicy | None, why: str
) -> Proposal:
    seen = forecast(database_now(), rules_with(before, after)).plain()
    target = str(before.pk) if before else ""
    return propose(user, verb, target, before=facts_of(before), after=facts_of(after), forecast=seen, reason=why)


def apply_save(proposal: Proposal) -> None:
    _store(_as_it_was(proposal), proposal.after or {}, By(proposal.author, proposal.reason, proposal.decider))


def apply_delete(proposal: Proposal) -> None:
    policy = _as_it_was(proposal)
    if policy is None:
        raise Stale
    number = policy.pk
    policy.delete()
    _log(number, proposal.before, None, By(proposal.author, proposal.reason, proposal.decider))


def _as_it_was(proposal: Proposal) -> RetentionPolicy | None:
    """The policy, if nobody changed it since it was asked for. Raises Stale."""
    before = proposal.before
    if before is None:
        wanted = {name: (proposal.after or {})[name] for name in ("group_id", "data", "kind")}
        if RetentionPolicy.objects.filter(**wanted).exists():
            raise Stale
        return None
    found = (
        RetentionPolicy.objects.select_for_update(of=("self",))
        .filter(pk=before["pk"], version=before["version"])
        .first()
    )
    if found is None:
        raise Stale
    return found


def _store(before: RetentionPolicy | None, after: dict[str, Any], by: By) -> None:
    was = facts_of(before)
    policy = before or RetentionPolicy(version=0)
    for name in FIELDS:
        setattr(policy, name, after[name])
    policy.version, policy.changed_at = policy.version + 1, database_now()
    policy.save()
    _log(policy.pk, was, facts_of(policy), by)


def _log(number: int, before: dict[str, Any] | None, after: dict[str, Any] | None, by: By) -> None:
    record("retention.policy", actor=by.user, name=f"{number}", before=before, after=after, reason=by.why)
    tell("changed", {"number": number, "author": by.user.display_name, "why": by.why})
    leaf = {"policy": number, "before": _public(before), "after": _public(after)}
    logbook.append("policy.changed", leaf | {"approver": by.approver.pk if by.approver else None}, actor=by.user)


def _public(facts: dict[str, Any] | None) -> dict[str, Any] | None:
    """Without the note, which is free text."""
    return {key: value for key, value in facts.items() if key != "note"} if facts else None
