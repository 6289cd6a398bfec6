"""What the person is told, as a text to be handed over: no name and no address is in it, and none is needed for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string

from transcripts.models import RequestItem, SubjectRequest

State = RequestItem.State


@dataclass(frozen=True)
class Reason:
    """So many conversations have to be kept for now: why, and when somebody looks again."""

    words: str
    count: int
    review_on: date | None


def receipt(request: SubjectRequest) -> str:
    """That it was received, when it will be answered, and by which number one can ask for it."""
    return _text("received", request)


def longer(request: SubjectRequest) -> str:
    """Why it takes longer."""
    return _text("longer", request)


def answer(request: SubjectRequest, outcome: str = "") -> str:
    """What came of it, as it stands in the rows now. `outcome`: what it will be, before it is answered."""
    return _text("answer", request, outcome or request.outcome)


def _text(name: str, request: SubjectRequest, outcome: str = "") -> str:
    items = list(request.items.filter(is_chosen=True))
    states = Counter(item.state for item in items)
    facts = {
        "request": request,
        "outcome": outcome,
        "site": settings.SITE_HOST,
        "conversations": len(items),
        "erased": states[State.ERASED] + states[State.ERASING],
        "restricted": states[State.RESTRICTED],
        "reasons": _reasons(items),
    }
    return render_to_string(f"transcripts/requests/{name}.txt", facts).strip() + "\n"


def _reasons(items: list[RequestItem]) -> list[Reason]:
    kept = [item for item in items if item.state == State.RESTRICTED]
    found = Counter((item.get_code_display(), item.review_on) for item in kept)
    return [Reason(words, count, day) for (words, day), count in found.items()]
