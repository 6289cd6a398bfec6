"""What a site wants hidden."""

from __future__ import annotations

from dataclasses import dataclass

from chatdesk.sensitive.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Rules:
    """`cards`: whether card numbers are hidden; `keeps_first`: whether six digits stay before, as the last four do."""

    cards: bool = True
    keeps_first: bool = True
    patterns: tuple[Pattern, ...] = ()
