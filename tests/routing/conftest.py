from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.dispatch import Signal

from routing import signals
from routing.models import Group, Request
from tests.factories import make_group

ALL = {name: signal for name, signal in vars(signals).items() if isinstance(signal, Signal)}


@dataclass
class Ear:
    """What routing told, in its order: (name of the signal, its facts)."""

    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def names(self) -> list[str]:
        return [name for name, _ in self.told]

    def of(self, name: str) -> list[dict[str, Any]]:
        return [facts for told, facts in self.told if told == name]

    def one(self, name: str) -> dict[str, Any]:
        (facts,) = self.of(name)
        return facts

    def assigned(self) -> list[tuple[int, int]]:
        """(request, operator), in the order of giving."""
        return [(facts["request"].pk, facts["operator"].pk) for facts in self.of("request_assigned")]

    def queues(self) -> list[set[int]]:
        return [set(facts["group_ids"]) for facts in self.of("queue_changed")]

    def forget(self) -> None:
        self.told.clear()


@pytest.fixture(autouse=True)
def ear() -> Iterator[Ear]:
    """Routing knows nothing of messages: here nobody but the ear hears what it tells."""
    ear = Ear()
    others = {name: signal.receivers for name, signal in ALL.items()}
    for name, signal in ALL.items():
        signal.receivers = []
        signal.connect(_noting(ear, name), weak=False)
    yield ear
    for name, signal in ALL.items():
        signal.receivers = others[name]
        signal.sender_receivers_cache.clear()


def _noting(ear: Ear, name: str) -> Any:
    def note(sender: type, signal: Signal, **facts: Any) -> None:
        if name == "requests_given":  # what a pass gave out, told together, is heard one by one
            ear.told.extend(("request_assigned", one) for one in map(_given, facts["requests"]))
        else:
            ear.told.append((name, facts))

    return note


def _given(request: Request) -> dict[str, Any]:
    return {"request": request, "operator": request.operator, "by": None, "previous": None}


@pytest.fixture
def sales(db: None) -> Group:
    return make_group("sales")


@pytest.fixture
def support(db: None) -> Group:
    return make_group("support")


@pytest.fixture
def pool(db: None) -> Group:
    """A group whose people pick up by hand."""
    return make_group("pool", manual=True)


def fresh(request: Request) -> Request:
    """As the database has it now."""
    return Request.objects.select_related("group", "operator").get(pk=request.pk)
