"""What the site hides in texts, remembered for a few seconds, and the ways in which the doors ask for it."""

from __future__ import annotations

import logging

from chatdesk import metrics
from chatdesk.dbthreads import in_thread
from chatdesk.models import SensitivePattern, SiteSettings
from chatdesk.sensitive.masking import mask
from chatdesk.sensitive.patterns import Pattern, is_sound
from chatdesk.sensitive.previews import mask_preview
from chatdesk.sensitive.results import Masked
from chatdesk.sensitive.rules import Rules
from chatdesk.sitelimits import remembered, site_settings

log = logging.getLogger(__name__)


class _Remembered:
    rules = Rules()
    site: SiteSettings | None = None


def rules() -> Rules:
    """What is hidden, as it was when the site's settings were read: at most five seconds ago."""
    site = site_settings()
    if _Remembered.site is not site:
        _Remembered.rules, _Remembered.site = _load(site), site
    return _Remembered.rules


def hidden(text: str) -> Masked:
    """`text` as it may be stored. Safe to repeat."""
    return told(mask(text, rules()))


async def hidden_live(text: str) -> Masked:
    """The same for the event loop, which waits neither for a query nor for a slow pattern."""
    known = _fresh()
    if known is None or known.patterns:
        return await in_thread(hidden, text)
    return mask(text, known)


async def hidden_preview(text: str) -> str:
    """`text` as it may be shown while it is written."""
    known = _fresh()
    if known is None:
        known = await in_thread(rules)
    return await in_thread(mask_preview, text, known) if known.patterns else mask_preview(text, known)


def told(masked: Masked) -> Masked:
    """Count what ran out of time. No log says on which text."""
    for number in masked.late:
        metrics.PATTERNS_LATE.inc()
        log.warning("Sensitive pattern %s ran out of time on a text.", number)
    return masked


def _fresh() -> Rules | None:
    site = remembered()
    return _Remembered.rules if site is not None and site is _Remembered.site else None


def _load(site: SiteSettings) -> Rules:
    rows = SensitivePattern.objects.filter(is_active=True).values_list("pk", "pattern", "replacement")
    patterns = tuple(each for row in rows if is_sound(each := Pattern(*row)))
    return Rules(site.masks_cards, site.card_digits == site.CardDigits.BOTH, patterns)
