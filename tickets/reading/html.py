"""HTML of strangers, made harmless, and as text."""

from __future__ import annotations

import nh3


def clean_html(html: str) -> str:
    return nh3.clean(html)


def text_of_html(html: str) -> str:
    return nh3.clean(html, tags=set())
