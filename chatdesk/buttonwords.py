"""A button's own words in a visitor's language, and which language that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from chatdesk.models import BUTTON_TEXTS, Button, ButtonText


@dataclass(frozen=True)
class ButtonWords:
    title: str
    label: str
    greeting: str
    closed_text: str
    offline_text: str
    question_label: str

    def for_state(self, state: str) -> str:
        """What the admin wants said while nobody answers; nothing while somebody does."""
        return {"masked": self.closed_text, "offline": self.offline_text}.get(state, "")


def words_of(button: Button, language: str | None = None, texts: Iterable[ButtonText] | None = None) -> ButtonWords:
    """The words in `language`, the active one if None; where a translation is empty, the button's own.

    `texts`: the translations, if they are not the stored ones.
    """
    code = language or get_language() or settings.LANGUAGE_CODE
    rows = button.texts.all() if texts is None else texts
    own = next((row for row in rows if row.language == code), None)
    return ButtonWords(**{name: getattr(own, name, "") or getattr(button, name) for name in BUTTON_TEXTS})


def page_language(button: Button, accept: str, otherwise: str) -> str:
    """The language of a button's page: the first of `accept` (RFC 9110, 12.5.4) that the button speaks.

    A button that speaks all of the desk's languages leaves the choice as it is: `otherwise`.
    """
    if not button.languages or otherwise in button.languages:
        return otherwise
    asked = (code for code, _weight in parse_accept_lang_header(accept))
    spoken = (variant for code in asked if (variant := _variant(code)) in button.languages)
    return str(next(spoken, button.languages[0]))


def _variant(code: str) -> str:
    try:
        return get_supported_language_variant(code)
    except LookupError:
        return ""
