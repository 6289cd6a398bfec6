from __future__ import annotations

from dataclasses import dataclass

DEEP_ENOUGH = 12


@dataclass(frozen=True)
class Reading:
    """A text that somebody who has the bytes could read, and where it was."""

    where: str
    text: str
