"""The languages that a person speaks, on a form: short codes with commas between, as `de, en`."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST = 12
KNOWN = frozenset(code.partition("-")[0] for code in LANG_INFO)


def read_languages(text: str) -> list[str]:
    """The codes of a text, small, each once. Raises ValidationError for what is no language, or too many."""
    codes = list(dict.fromkeys(code.lower() for code in re.split(r"[\s,;]+", text) if code))
    for code in codes:
        if code.partition("-")[0] not in KNOWN or not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code):
            raise ValidationError(
                _("“%(code)s” is no short code of a language, such as de or en.") % {"code": code[:20]}
            )
    if len(codes) > MOST:
        raise ValidationError(_("At most %(n)s languages.") % {"n": MOST})
    return codes


class LanguagesField(forms.CharField):
    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return read_languages(super().to_python(value) or "")

    def run_validators(self, value: Any) -> None:
        """What could be read is right."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or []) != (data or "").strip())
