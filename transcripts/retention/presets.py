"""Usual times, to begin with. None of them is legal advice, and each says so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

YEAR = 365.25


@dataclass(frozen=True)
class Preset:
    """`years`: of keeping. `delete_days`: when it goes afterwards; None: somebody has to say so themselves."""

    key: str
    name: str | Promise
    hint: str | Promise
    keep_days: int | None
    delete_days: int | None = None
    export_first: bool = False


def _years(count: float) -> int:
    return -int(-count * YEAR // 1)  # a started day is kept whole


PRESETS: tuple[Preset, ...] = (
    Preset(
        "finra-6y",
        _("FINRA, 6 years"),
        _("FINRA rule 4511: six years where no other time is named. Ask counsel whether it binds you."),
        _years(6),
        export_first=True,
    ),
    Preset(
        "sec-3y",
        _("SEC, 3 years"),
        _("SEC rule 17a-4(b)(4): communications for three years, the first two easily accessible."),
        _years(3),
        export_first=True,
    ),
    Preset(
        "mifid-5y",
        _("MiFID II, 5 years"),
        _("Article 16(7): five years for what is meant to lead to a transaction. Clients must be told beforehand."),
        _years(5),
        export_first=True,
    ),
    Preset(
        "mifid-7y",
        _("MiFID II, 7 years"),
        _("The same, where the authority asks for seven years. Change from five to seven before the five are over."),
        _years(7),
        export_first=True,
    ),
    Preset(
        "hipaa-6y",
        _("HIPAA, 6 years"),
        _("Documentation under 45 CFR 164.316(b)(2)(i). It names documents, and not every chat is one."),
        _years(6),
    ),
    Preset(
        "gdpr-6m",
        _("Lean, 6 months"),
        _(
            "No longer than is needed to answer questions that come back, in the spirit of GDPR article 5(1)(e). "
            "Another law may ask you to keep more."
        ),
        None,
        183,
    ),
    Preset(
        "gdpr-2y",
        _("Two years, then gone"),
        _("Kept for as long as many claims about a purchase can be made, then deleted. Check it against your own law."),
        _years(2),
        _years(2),
    ),
)
BY_KEY = {preset.key: preset for preset in PRESETS}
