"""What may this person do, from there, then? The same functions that every door asks, put into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from django.db.models import Model

from accounts.decision import Decision, told
from accounts.gate import decide
from accounts.models import User, UserType
from accounts.parts import all_parts
from accounts.permissions import Module, Verb, may, opens, opens_part


@dataclass(frozen=True)
class Simulation:
    """The decision and its reason; what would be open once signed in, by the type's own words."""

    person: User
    address: str
    at: datetime
    decision: Decision
    reason: str
    modules: list[tuple[str, bool]] = field(default_factory=list)
    parts: list[tuple[str, bool]] = field(default_factory=list)
    scopes: list[tuple[str, str]] = field(default_factory=list)


def simulate(person: User, address: str, at: datetime) -> Simulation:
    decision = decide(person, address, at)
    return Simulation(
        person=person,
        address=address,
        at=at,
        decision=decision,
        reason=told(decision, at),
        modules=[(_label(UserType, f"opens_{module}"), opens(person, module)) for module in get_args(Module)],
        parts=[(str(part.name), opens_part(person, part.key)) for part in all_parts()],
        scopes=[(_label(UserType, verb), str(may(person, verb).label)) for verb in get_args(Verb)],
    )


def _label(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
