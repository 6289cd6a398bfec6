"""Checks of what admins write, with an answer that says what to do."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TAKEN_NAMES = {"files"}  # /chat/files/ takes the default button's uploads
SITE = re.compile(r"^https?://(\*\.)?[a-z0-9.-]+(:(\d{1,5}|\*))?$", re.IGNORECASE)


def sites(text: str) -> list[str]:
    """The sites of an admin's list, one a line, without empty lines and closing slashes."""
    return [line.strip().rstrip("/") for line in text.splitlines() if line.strip()]


def validate_button_name(slug: str) -> None:
    if slug in TAKEN_NAMES:
        raise ValidationError(
            _("“%(slug)s” is an address of the desk itself. Choose another name."), params={"slug": slug}
        )


def validate_sites(text: str) -> None:
    for site in sites(text):
        if not SITE.match(site):
            raise ValidationError(
                _("“%(site)s” is not a site. Write its scheme and name alone, like https://www.example.com."),
                params={"site": site},
            )


def validate_languages(codes: object) -> None:
    spoken = [code for code, _name in settings.LANGUAGES]
    if not isinstance(codes, list) or any(code not in spoken for code in codes):
        raise ValidationError(_("Choose among the languages of the desk."))


def validate_page_pattern(pattern: str) -> None:
    if not pattern.startswith(("/", "*", "https://", "http://")) or any(mark in pattern for mark in " #"):
        raise ValidationError(
            _("“%(pattern)s” is no page: write a path like /prices/*, a whole address, or * for every page."),
            params={"pattern": pattern},
        )
