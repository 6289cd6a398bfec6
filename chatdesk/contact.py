"""A visitor's e-mail address: checked as it is given, and masked for who has not asked for it."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from chatdesk.hiding import hidden
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from chatdesk.sensitive.results import What

DOTS = "•••"
Source = Callable[[Conversation], str]

_sources: list[Source] = []


def add_source(source: Source) -> None:
    """For an app further right, when it is ready: where else a visitor's address may be known; '' if it is not."""
    if source not in _sources:
        _sources.append(source)


def address_of(conversation: Conversation) -> str:
    """The visitor's address: as they gave it in the chat, or else as another app knows it; '' for none."""
    return conversation.email or next((found for source in _sources if (found := source(conversation))), "")


def check_address(address: str) -> None:
    """Raises Refused `form.incomplete` for what is no address, and for one with a card's number in it."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(Code.FORM, _("This e-mail address doesn't look right.")) from error
    if hidden(address).hidden - {What.PATTERN}:  # half an address would reach nobody
        raise Refused(Code.FORM, _("This address holds a number that can't be kept here. Please give another."))


def masked(address: str) -> str:
    """Enough to tell two apart, not to write to: `vera@example.com` as `v•••@e•••.com`.

    Empty for none. What is no address keeps its first character alone.
    """
    name, at, domain = address.rpartition("@")
    if not at:
        return f"{address[:1]}{DOTS}" if address else ""
    host, dot, suffix = domain.rpartition(".")
    return f"{name[:1]}{DOTS}@{(host or domain)[:1]}{DOTS}{dot}{suffix if host else ''}"
