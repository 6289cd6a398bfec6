"""The waiting card for a page without script; static/widget/chat/waits.js says the same live."""

from __future__ import annotations

from chatdesk.protocol import ConversationState
from chatdesk.views.visitor.closed import opening_words
from chatdesk.views.visitor.texts import KEPT, WAITING
from chatdesk.wait_range import MINUTE, wait_range


def about(seconds: int) -> str:
    """What people lately waited: "about 2 to 4 minutes", never under a minute."""
    return in_words(wait_range(seconds) or (MINUTE, MINUTE))


def in_words(span: tuple[int, int]) -> str:
    low, high = (seconds // MINUTE for seconds in span)
    return str(WAITING["about_a_minute"]) if high <= 1 else WAITING["about_minutes"] % {"low": low, "high": high}


def card_words(place: ConversationState) -> str:
    """The sentences of the card below the messages; nothing while somebody is there or all is over."""
    if place.state == "message":
        return " ".join(str(words) for words in (KEPT["kept"], KEPT["by_mail" if place.by_mail else "come_back"]))
    if place.closed:
        parts = (WAITING["received"], WAITING["closed_here"], opening_words(place.opens_at))
        return " ".join(str(words) for words in parts if words)
    return waiting_words(place.position, place.wait_range) if place.state == "waiting" else ""


def waiting_words(position: int | None, span: tuple[int, int] | None) -> str:
    """Without a wait nobody is there to end it."""
    received = str(WAITING["received"])
    if span is None:
        return f"{received} {WAITING['nobody_here']}"
    return " ".join(part for part in (received, _place(position), _hope(span)) if part)


def _place(position: int | None) -> str:
    if position is None:
        return ""
    return plain(WAITING["next"] if position == 1 else WAITING["position"] % {"n": position})


def _hope(span: tuple[int, int]) -> str:
    return plain(WAITING["wait"] % {"time": in_words(span)})


def plain(words: object) -> str:
    """Without the marks for bold."""
    return str(words).replace("‹", "").replace("›", "")
