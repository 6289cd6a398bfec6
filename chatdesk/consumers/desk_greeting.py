"""An operator's hello: who they are, what they hold, and what changes when they are given a chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.sign_ins import find
from accounts.addresses import socket_address
from accounts.models import Scope, User
from accounts.permissions import may, opens
from chatdesk.consumers.seats import Seat, operator_seat
from chatdesk.entry_view import operator_author
from chatdesk.hand_over_view import offered, open_between, role_of
from chatdesk.models import Conversation, Participant
from chatdesk.origins import header_values
from chatdesk.protocol import VERSION, Author, Close, Code, ConversationAssigned, Refused
from chatdesk.querysets import mine
from chatdesk.realtime.access import Holder, rulings, show_out
from chatdesk.sitelimits import site_settings
from routing.models import Group, Presence

P = ParamSpec("P")
T = TypeVar("T")

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True)
class SignedIn:
    user: User
    holder: Holder
    sign_in_id: int
    author: Author
    message_chars: int

    @property
    def session_key(self) -> str:
        return self.holder.session_key


def sign_in(scope: dict[str, Any]) -> SignedIn | Close:
    """Whose session the handshake carries; the code to close with if nobody's, or if they may not work here."""
    key = _session_key(scope)
    session = SessionStore(key)
    user = get_user(cast("HttpRequest", SimpleNamespace(session=session))) if key else None
    found = find(session, user) if isinstance(user, User) else None
    if not isinstance(user, User) or found is None:
        return Close.NOT_SIGNED_IN
    if not opens(user, "dashboard"):
        return Close.FORBIDDEN
    holder = Holder(key, user.pk, socket_address(scope.get("client"), scope["headers"]))
    ruling = rulings([holder])[holder]
    if ruling.close is not None:
        show_out(holder, ruling)
        return ruling.close
    return SignedIn(user, holder, found.pk, operator_author(user), site_settings().message_limit)


def with_todays_rights(verb: Callable[Concatenate[User, P], T], user: User, *args: P.args, **kwargs: P.kwargs) -> T:
    """A person's deed, by the user type they have now: their socket may have known them since before it changed."""
    now = User.objects.select_related("user_type").filter(pk=user.pk, is_active=True).first()
    if now is None:
        raise Refused(Code.AUTH_REQUIRED, _("Please sign in."))
    return verb(now, *args, **kwargs)


def _session_key(scope: dict[str, Any]) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load("; ".join(header_values(scope, b"cookie")))
    except CookieError:
        return ""
    name = settings.SESSION_COOKIE_NAME
    return cookies[name].value if name in cookies else ""


@dataclass(frozen=True)
class DeskGreeting:
    answer: dict[str, Any]
    seats: list[Seat]


def greet(user: User) -> DeskGreeting:
    held = list(mine(user))
    groups = Group.objects.filter(is_active=True)
    if may(user, "see") != Scope.ALL:
        groups = groups.filter(memberships__user=user)
    presence = Presence.objects.get(user=user)
    author = operator_author(user)
    answer = {
        "v": VERSION,
        "epoch": site_settings().epoch,
        "user": {"id": user.pk, "name": author.name, "photo": author.photo, "status": presence.status},
        "groups": [{"slug": group.slug, "name": group.name} for group in groups],
        "conversations": [summary(conversation) for conversation in held],
        "invitations": [offered(one) for one in open_between(user)],
    }
    return DeskGreeting(answer, [operator_seat(user, conversation.ref) for conversation in held])


def summary(conversation: Any) -> dict[str, Any]:
    """A conversation of `querysets.mine` in a few words."""
    return {
        "id": conversation.ref,
        "state": conversation.standing,
        "last_seq": conversation.last_seq,
        "unread": conversation.unread,
        "role": conversation.role or Participant.Role.HOST,
    }


def assignment(user: User, conversation_id: int) -> tuple[ConversationAssigned | None, Seat | None]:
    """What to tell a person whose part in a conversation changed: who has it now, and their seat if they may see it."""
    rows = Conversation.objects.select_related("request__operator", "group")
    conversation = rows.filter(pk=conversation_id).first()
    if conversation is None:
        return None, None
    operator, accept_by = conversation.request.operator, conversation.request.accept_by
    left = round((accept_by - timezone.now()).total_seconds()) if accept_by and operator == user else None
    event = ConversationAssigned(
        conversation=conversation.ref,
        group=conversation.group.slug,
        label=conversation.label,
        last_seq=conversation.last_seq,
        operator=operator_author(operator) if operator else None,
        role=role_of(user, conversation),
        accept_seconds=max(0, left) if left is not None else None,
        passed=operator != user and user.pk in conversation.request.passed_by,
    )
    try:
        return event, operator_seat(user, conversation.ref)
    except Refused:
        return event, None
