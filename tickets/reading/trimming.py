"""The new words of a reply, and what it quotes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trimmed:
    """`visible` is what the sender wrote now, `folded` everything else: together every line of the text."""

    visible: str
    folded: str = ""


def trim(text: str, subject: str = "") -> Trimmed:
    """Part a plain-text reply into its new words and what it quotes. Linear in the length of `text`."""
    return Trimmed(text.strip())
