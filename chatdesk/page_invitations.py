"""Which invitations a button's web pages may show just now. What only the page knows, the page decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language

from chatdesk.models import Button, InvitationRule
from chatdesk.protocol import ButtonState
from routing.hours import is_open
from routing.models import Group, Request, State
from routing.opening import weeks


@dataclass(frozen=True)
class PageInvitation:
    """What the page is to check: a pattern for its address, seconds in view, and whether to ask for earlier chats."""

    id: int
    page: str
    seconds: int
    returning: bool
    texts: list[str]


def page_invitations(button: Button, state: ButtonState, groups: Iterable[Group]) -> list[PageInvitation]:
    """Those whose conditions hold that the desk can see. None unless somebody is there with a free place."""
    if state.state != "online":
        return []
    rules = _in_hours([rule for rule in button.invitations.filter(is_active=True) if _speaks(rule)])
    if not rules:
        return []
    waiting = Request.objects.filter(group__in=list(groups), state=State.WAITING).count()
    return [_told(rule) for rule in rules if rule.queue_below is None or waiting < rule.queue_below]


def _speaks(rule: InvitationRule) -> bool:
    return rule.language in ("", get_language())


def _in_hours(rules: list[InvitationRule]) -> list[InvitationRule]:
    now = timezone.now()
    known = weeks({rule.hours_id for rule in rules if rule.hours_id is not None}, now)
    return [rule for rule in rules if rule.hours_id is None or is_open(known[rule.hours_id], now)]


def _told(rule: InvitationRule) -> PageInvitation:
    return PageInvitation(rule.pk, rule.page, rule.seconds, rule.returning_only, rule.variants())
