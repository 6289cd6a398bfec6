"""The audit log's one way in: a row in the running transaction, so that what can't be audited is not done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from accounts.models import AuditEntry, User

MOST_CHARS = 2000  # of one value: the log tells that it changed, and is no copy of the settings
LONGEST = {"actor_name": 254, "object_id": 64, "object_name": 254, "address": 45, "reason": 500}


@dataclass(frozen=True)
class Acting:
    """Who is at work here, and from where. The person may be Django's lazy one: looked up only if something is done."""

    user: User | AnonymousUser | None
    address: str


NOBODY = Acting(None, "")
_acting: ContextVar[Acting] = ContextVar("acting", default=NOBODY)


@contextmanager
def acting(user: User | AnonymousUser | None, address: str) -> Iterator[None]:
    """What is recorded inside was done by this person from this address, in this task and the threads it asks."""
    token = _acting.set(Acting(user, address))
    try:
        yield
    finally:
        _acting.reset(token)


def record(
    action: str,
    *,
    actor: User | None = None,
    on: Model | None = None,
    name: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """One row of the audit log, in the running transaction: if it can't be written, the deed is not committed either.

    `actor`: who did it; without one, whoever acts here. `on`: what it was done to, known by its label, number and
    name (`name`, when that says more). `before` and `after`: the facts that changed. Never pass secrets, hashes or
    what people wrote to each other. Raises django.db.DatabaseError when it can't be written.
    """
    doer = actor or _person(_acting.get().user)
    facts = {
        "actor_name": _named(doer),
        "object_id": str(on.pk) if on is not None else "",
        "object_name": name or _called(on),
        "address": _acting.get().address,
        "reason": reason,
    }
    return AuditEntry.objects.create(
        action=action,
        actor_id=doer.pk if doer else None,
        object_type=on._meta.label_lower if on is not None else "",
        before=_plain(before),
        after=_plain(after),
        **{field: _storable(text)[: LONGEST[field]] for field, text in facts.items()},
    )


def _person(user: User | AnonymousUser | None) -> User | None:
    return user if isinstance(user, User) else None


def _named(user: User | None) -> str:
    return f"{user.display_name} <{user.email}>" if user else ""


def _called(on: Model | None) -> str:
    """Its name; `audit_name` where the usual one is a stranger's own, which nobody could erase from here."""
    return str(getattr(on, "audit_name", on)) if on is not None else ""


def _plain(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The facts as JSON knows them, long texts cut."""
    if facts is None:
        return None
    plain: dict[str, Any] = json.loads(json.dumps(dict(facts), cls=DjangoJSONEncoder))
    return {key: _short(value) for key, value in plain.items()}


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _short(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [_short(inside) for inside in value]
    if not isinstance(value, str):
        return value
    text = _storable(value)
    return f"{text[:MOST_CHARS]}…" if len(text) > MOST_CHARS else text


def _storable(text: str) -> str:
    """Without what a database can't hold: a log must take down what a stranger typed, whatever it was."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
