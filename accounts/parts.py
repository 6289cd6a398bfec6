"""The parts of the admin pages: a user type opens some of them, and whoever has a part may change what is in it.

Which models make up a part is declared by the app that has the pages; this app only asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise

PEOPLE = "people"  # whoever changes people and user types can give themselves every other part


@dataclass(frozen=True)
class Part:
    """`models` are labels in small letters, those of inlines too; `looks_at` those it only has to choose from."""

    key: str
    name: str | Promise
    models: frozenset[str]
    looks_at: frozenset[str] = frozenset()


@dataclass
class _Declared:
    tell: Callable[[], Iterable[Part]] = field(default=lambda: ())


_declared = _Declared()


def declare(tell: Callable[[], Iterable[Part]]) -> None:
    """From now on `tell()` says which parts there are."""
    _declared.tell = tell


def all_parts() -> list[Part]:
    return list(_declared.tell())


def parts_of(model: str, *, to_look: bool) -> set[str]:
    """The keys of the parts in which a model is changed, or (`to_look`) at least shown."""
    return {part.key for part in all_parts() if model in part.models or (to_look and model in part.looks_at)}
