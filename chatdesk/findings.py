from __future__ import annotations

from dataclasses import dataclass, field

from chatdesk.advice import Advice

SHOWN = 50


@dataclass(frozen=True)
class Chapter:
    """One question of a review, and what was found; nothing found is good news."""

    title: str
    hint: str
    findings: list[Advice] = field(default_factory=list)

    @property
    def shown(self) -> list[Advice]:
        return self.findings[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.findings) - len(self.shown)
