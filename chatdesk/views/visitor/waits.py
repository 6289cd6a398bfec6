"""The waiting card for a page without script; static/widget/chat/waits.js says the same live."""

from __future__ import annotations

import math

from chatdesk.views.visitor.texts import WAITING


def about(seconds: int) -> str:
    """What people lately waited, as a range that promises nothing: "about 2 to 4 minutes", never under a minute."""
    if seconds <= 60:
        return str(WAITING["about_a_minute"])
    low = max(1, math.floor(seconds / 60 * 0.75))
    high = max(low + 1, math.ceil(seconds / 60 * 1.5))
    return WAITING["about_minutes"] % {"low": low, "high": high}


def waiting_words(position: int | None, wait_seconds: int | None) -> str:
    """The sentences of the card. Without a wait nobody is there to end it."""
    received = str(WAITING["received"])
    if wait_seconds is None:
        return f"{received} {WAITING['nobody_here']}"
    return " ".join(part for part in (received, _place(position), _hope(wait_seconds)) if part)


def _place(position: int | None) -> str:
    if position is None:
        return ""
    return plain(WAITING["next"] if position == 1 else WAITING["position"] % {"n": position})


def _hope(wait_seconds: int) -> str:
    return plain(WAITING["wait"] % {"time": about(wait_seconds)})


def plain(words: object) -> str:
    """Without the marks for bold."""
    return str(words).replace("‹", "").replace("›", "")
