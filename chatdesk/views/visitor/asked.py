"""One request to the chat page: whose it is, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chatdesk.buttonwords import ButtonWords, words_of
from chatdesk.links import page_url
from chatdesk.models import Button, Conversation, Visitor
from chatdesk.permissions import VISITOR_COOKIE
from chatdesk.protocol import ButtonState
from chatdesk.states import button_state, offered_groups
from chatdesk.views.visitor.address import logo_url
from chatdesk.views.visitor.origin import own_post
from routing.models import Group

REMEMBERED_SECONDS = 180 * 24 * 3600


class Asked:
    still = False  # a preview: shows, and talks to nobody
    scheme = ""  # a preview's choice of light or dark; else as the visitor's system has it

    def __init__(self, request: HttpRequest, button: Button, visitor: Visitor | None) -> None:
        self.request = request
        self.button = button
        self.visitor = visitor

    @cached_property
    def words(self) -> ButtonWords:
        """The button's own words, in the language of this page."""
        return words_of(self.button)

    @cached_property
    def state(self) -> ButtonState:
        return button_state(self.button)

    @cached_property
    def groups(self) -> list[Group]:
        return offered_groups(self.button)

    @cached_property
    def logo(self) -> str:
        """The address of the button's logo, or nothing."""
        return logo_url(self.button)

    @cached_property
    def typed(self) -> Mapping[str, str]:
        """What stood in the form that was sent."""
        return self.request.POST

    @property
    def is_own_post(self) -> bool:
        return own_post(self.request)

    @cached_property
    def conversation(self) -> Conversation | None:
        """The visitor's newest conversation through this button, unless a new one is asked for after its end."""
        if self.visitor is None:
            return None
        own = Conversation.objects.select_related("request__operator", "request__group", "group")
        newest = own.filter(visitor=self.visitor, button=self.button, hidden_at=None).order_by("-pk").first()
        over = newest is not None and newest.standing == "closed"
        return None if over and self.wants_new else newest

    @property
    def wants_new(self) -> bool:
        return "new" in self.request.GET

    @property
    def only_looks(self) -> bool:
        """The whole conversation anew, without losing what stands in the form."""
        return self.request.POST.get("action") == "look"

    @property
    def next_url(self) -> str:
        """Where a post leads: the page itself; in a host page's panel, still there."""
        embed = "?embed=1" if "embed" in self.request.GET else ""
        return f"{page_url(self.button)}{embed}"

    def remember(self, response: HttpResponse, token: str) -> None:
        """Let a browser without script come back to the conversation."""
        response.set_cookie(
            VISITOR_COOKIE, token, max_age=REMEMBERED_SECONDS, httponly=True, samesite="Lax", secure=settings.HTTPS
        )
