"""What came since the page was shown, for browsers without script: a frame that loads itself again.

Loading the whole page again would take away what is being typed; the frame leaves the form alone.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from chatdesk.states import conversation_states
from chatdesk.views.visitor.asked import Asked
from chatdesk.views.visitor.standing import entries_after, standing
from chatdesk.views.visitor.texts import CHOICES

REFRESH_SECONDS = 8


def news(asked: Asked) -> HttpResponse:
    """The frame. Its address says after which entry; anything but a number means from the beginning."""
    conversation = asked.conversation
    if conversation is None:
        return render(asked.request, "chat/news.html", {"state": "new", "entries": []})
    after = asked.request.GET["news"]
    place = conversation_states([conversation.pk])[conversation.pk]
    context = {
        "entries": entries_after(conversation, int(after) if after.isdecimal() and len(after) < 10 else 0),
        "after": after,
        "texts": CHOICES,
        "refresh": 0 if place.state == "closed" or "still" in asked.request.GET else REFRESH_SECONDS,
        **standing(None, place),
    }
    return render(asked.request, "chat/news.html", context)
