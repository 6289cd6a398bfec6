"""Which invitations a button's web pages may show just now. What only the page knows, the page decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from chatdesk.models import Button, InvitationRule
from chatdesk.protocol import ButtonState
from routing.models import Group, Request, State


@dataclass(frozen=True)
class Invitation:
    """What the page is to check: a pattern for its address, seconds in view, and whether to ask for earlier chats."""

    id: int
    page: str
    seconds: int
    returning: bool
    texts: list[str]


def invitations(button: Button, state: ButtonState, groups: Iterable[Group]) -> list[Invitation]:
    """Those whose conditions hold that the desk can see. None unless somebody is there with a free place."""
    if state.state != "online":
        return []
    rules = [rule for rule in button.invitations.filter(is_active=True).select_related("hours") if _speaks(rule)]
    if not rules:
        return []
    waiting = Request.objects.filter(group__in=list(groups), state=State.WAITING).count()
    return [_told(rule) for rule in rules if _queue_is_short(rule, waiting) and _in_hours(rule)]


def _speaks(rule: InvitationRule) -> bool:
    return rule.language in ("", get_language())


def _queue_is_short(rule: InvitationRule, waiting: int) -> bool:
    return rule.queue_below is None or waiting < rule.queue_below


def _in_hours(rule: InvitationRule) -> bool:
    return rule.hours is None


def _told(rule: InvitationRule) -> Invitation:
    return Invitation(rule.pk, rule.page, rule.seconds, rule.returning_only, rule.variants())
