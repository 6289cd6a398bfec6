"""Contrast of the colours every page draws with: WCAG 2.2, 1.4.3 (4.5:1 for text) and 1.4.11 (3:1 for parts)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEXT, PART = 4.5, 3.0
GROUNDS = ("bg", "panel", "sunken")
INKS = ("ink", "soft", "brand", "brand-strong", "warn", "bad", "good")
PAIRS = [
    *(
        (ink, ground, TEXT)
        for ink in ("ink", "soft", "brand", "brand-strong", "warn", "bad", "good")
        for ground in GROUNDS
    ),
    *((ink, tint, TEXT) for ink in ("ink", "soft") for tint in ("brand-tint", "warn-tint", "bad-tint", "good-tint")),
    ("brand", "brand-tint", TEXT),
    ("warn", "warn-tint", TEXT),
    ("bad", "bad-tint", TEXT),
    ("good", "good-tint", TEXT),
    ("brand-ink", "brand", TEXT),
    ("brand-ink", "brand-strong", TEXT),
    ("bad-ink", "bad", TEXT),
    *((part, ground, PART) for part in ("edge", "focus", "present") for ground in GROUNDS),
]


def colours(scheme: str) -> dict[str, str]:
    """Every named colour, as #rrggbb; the dark ones over the light ones, as a browser does."""
    sheet = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
    light, dark = sheet.split("@media (prefers-color-scheme: dark)")
    return {name: full(value) for part in (light, dark if scheme == "dark" else "") for name, value in named(part)}


def named(sheet: str) -> list[tuple[str, str]]:
    return re.findall(r"--([a-z-]+): (#[0-9a-f]{3}|#[0-9a-f]{6});", sheet)


def full(value: str) -> str:
    return value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "wanted"), PAIRS)
def test_what_stands_on_a_ground_can_be_seen(scheme: str, ink: str, ground: str, wanted: float) -> None:
    palette = colours(scheme)
    assert contrast(palette[ink], palette[ground]) >= wanted


def test_dark_redefines_every_colour() -> None:
    light, dark = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text().split("@media")
    assert {name for name, _ in named(light)} == {name for name, _ in named(dark)}
