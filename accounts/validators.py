"""Checks of what people write about themselves."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Joiners belong to the spelling of names in several scripts; every other invisible sign could disguise a name.
JOINERS = "\u200c\u200d"


def validate_shown_name(name: str) -> None:
    """Refuse a name that shows nothing, or that hides signs which turn or erase what stands around it."""
    if any(sign not in JOINERS and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for sign in name):
        raise ValidationError(_("This name has invisible signs in it. Write it again by hand."), code="invisible")
    if not any(sign.isalnum() for sign in name):
        raise ValidationError(_("Write a name with at least one letter or digit."), code="empty")
