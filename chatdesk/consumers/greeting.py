"""A visitor's hello: which button, which visitor, which conversation, and what they are told about them."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.utils.translation import gettext as _

from chatdesk.actions.visitors import mark_returned
from chatdesk.buttonwords import page_language, words_of
from chatdesk.consumers.seats import Seat, visitor_seat
from chatdesk.language import accepted, language_asked_for
from chatdesk.models import Button, Conversation, Visitor
from chatdesk.origins import header_values
from chatdesk.permissions import VISITOR_COOKIE, visitor_of_token
from chatdesk.protocol import MAX_FRAME_BYTES, PREVIEW_CHARS, VERSION, ButtonState, Code, Refused, VisitorHello
from chatdesk.sitelimits import site_settings
from chatdesk.states import button_states, spoken


@dataclass(frozen=True)
class Limits:
    message_chars: int
    file_mb: int
    file_types: list[str]
    frame_bytes: int = MAX_FRAME_BYTES
    preview_chars: int = PREVIEW_CHARS


@dataclass(frozen=True)
class Greeting:
    button: Button
    visitor: Visitor | None
    token: str
    seat: Seat | None
    name: str
    language: str
    state: ButtonState
    epoch: str
    limits: Limits

    @property
    def preview(self) -> str:
        return self.button.typing_preview

    def answer(self, last_seq: int) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "v": VERSION,
            "epoch": self.epoch,
            "state": self.state.state,
            "groups": self.state.groups,
            "preview": self.preview,
            "limits": self.limits,
            "last_seq": last_seq,
        }
        more = {name: getattr(self.state, name) for name in ("wait_seconds", "waiting", "opens_at", "closed_text")}
        answer |= {name: value for name, value in more.items() if value not in (None, "")}
        return {**answer, "conversation": self.seat.place.ref} if self.seat else answer


def check_version(version: int) -> None:
    if version != VERSION:
        raise Refused(Code.INVALID, _("This desk speaks version %(v)s. Please reload the page.") % {"v": VERSION})


def greet(command: VisitorHello, scope: dict[str, Any]) -> Greeting:
    """Who comes through which button. Raises Refused: unknown button, `auth.denied` for a token that is nobody's."""
    check_version(command.v)
    slug = command.button or "default"
    button = Button.objects.select_related("group").filter(slug=slug, is_active=True).first()
    if button is None:
        raise Refused(Code.INVALID, _("There is no such button."))
    language = page_language(button, accepted(scope), language_asked_for(scope))
    token = command.token or ""
    visitor = _visitor(token, scope)
    conversation = _newest(visitor, button)
    site = site_settings()
    return Greeting(
        button=button,
        visitor=visitor,
        token=token,
        seat=visitor_seat(conversation) if conversation else None,
        name=conversation.name if conversation else "",
        language=language,
        state=spoken(button_states([button])[button.slug], words_of(button, language)),
        epoch=site.epoch,
        limits=Limits(site.message_limit, site.file_limit_mb, list(site.file_types)),
    )


def _visitor(token: str, scope: dict[str, Any]) -> Visitor | None:
    visitor = visitor_of_token(token or _cookie(scope))
    if visitor is None and token:
        raise Refused(Code.AUTH_DENIED, _("This conversation can't be opened with that key."))
    if visitor is not None:
        mark_returned(visitor)
    return visitor


def _cookie(scope: dict[str, Any]) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load("; ".join(header_values(scope, b"cookie")))
    except CookieError:
        return ""
    return cookies[VISITOR_COOKIE].value if VISITOR_COOKIE in cookies else ""


def _newest(visitor: Visitor | None, button: Button) -> Conversation | None:
    if visitor is None:
        return None
    own = Conversation.objects.select_related("request").filter(visitor=visitor, button=button, hidden_at=None)
    return own.order_by("-pk").first()
