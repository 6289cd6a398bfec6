"""A button's own colour, with the ink that can be read on it."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

BY_SYSTEM, OF_DARK = "color-scheme: light dark", "@media (prefers-color-scheme: dark)"


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    channels = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: str) -> str:
    """White or near-black, whichever has more contrast on `colour`; always at least 4.5:1."""
    light = luminance(colour)
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


def drawn_in(scheme: str) -> SafeString:
    """css/tokens.css for a page that is to be light or dark whatever the system says; "" where the system decides."""
    if not scheme:
        return SafeString()
    tokens = Path(str(finders.find("css/tokens.css"))).read_text()
    which = "@media all" if scheme == "dark" else "@media not all"
    forced = tokens.replace(BY_SYSTEM, f"color-scheme: {scheme}").replace(OF_DARK, which)
    return mark_safe(forced)  # noqa: S308 - our own file
