"""Whose language a sentence is in: a person's own for what they alone are told, the desk's for what everybody reads."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language_from_request, override

from chatdesk.origins import header_values


def accepted(scope: dict[str, Any]) -> str:
    """A socket's Accept-Language."""
    return ",".join(header_values(scope, b"accept-language"))


def language_asked_for(scope: dict[str, Any]) -> str:
    """The language of a socket's browser, chosen among the desk's as for a page (RFC 9110, 12.5.4)."""
    handshake = HttpRequest()
    handshake.META["HTTP_ACCEPT_LANGUAGE"] = accepted(scope)
    return get_language_from_request(handshake)


def for_everybody(words: Promise, **blanks: str) -> str:
    """A lazy sentence, filled, in LANGUAGE_CODE: what is stored and read by people of several languages."""
    with override(settings.LANGUAGE_CODE):
        return str(words) % blanks
