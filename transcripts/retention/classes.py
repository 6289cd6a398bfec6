"""The classes of data that have times of their own, and the kinds of conversations: apps further right add theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from transcripts.retention.rules import WHOLE

Remove = Callable[[int], int]  # conversation id -> how many things went; inside the caller's transaction
Sweep = Callable[[datetime, int], int]  # what is older than this, at most so many -> how many went
Counted = Callable[[datetime], int]  # how many are older than this
OfKind = Callable[[Collection[int]], set[int]]  # which of these conversations are of the kind


@dataclass(frozen=True)
class DataClass:
    """One of three: what goes with the conversation (`remove`), what the whole desk keeps (`sweep` and `count`), or
    neither: what is never deleted, and is here so that it is said."""

    key: str
    name: str | Promise
    hint: str | Promise
    remove: Remove | None = None
    sweep: Sweep | None = None
    count: Counted | None = None


@dataclass(frozen=True)
class RecordKind:
    """`finds` None: every other conversation."""

    key: str
    name: str | Promise
    finds: OfKind | None = None


_classes: dict[str, DataClass] = {}
_kinds: dict[str, RecordKind] = {}


def add_class(data: DataClass) -> None:
    """A class of data of which policies may speak. Registered again under its key, it takes the earlier one's place."""
    _classes[data.key] = data


def add_kind(kind: RecordKind) -> None:
    """A kind of conversation of which policies may speak. The first that fits counts."""
    _kinds[kind.key] = kind


def all_classes() -> list[DataClass]:
    return list(_classes.values())


def class_of(key: str) -> DataClass | None:
    return _classes.get(key)


def parts() -> list[DataClass]:
    """The classes that may go before the rest of a conversation."""
    return [each for each in _classes.values() if each.remove is not None]


def of_the_desk() -> list[DataClass]:
    return [each for each in _classes.values() if each.sweep is not None]


def all_kinds() -> list[RecordKind]:
    """Those that ask something first, and of them those of apps further right: a mail is left as a message too."""
    kinds = list(reversed(_kinds.values()))
    return [kind for kind in kinds if kind.finds] + [kind for kind in kinds if not kind.finds]


add_class(
    DataClass(
        WHOLE,
        _("conversations"),
        _("What was said. When it goes, everything of the conversation goes with it, unless it has to stay longer."),
    )
)
