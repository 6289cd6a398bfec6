"""Text of strangers, made safe to look at: what would turn the reading direction around is shown, not obeyed."""

from __future__ import annotations

import re

# Embeddings, overrides and isolates of Unicode Standard Annex 9; the marks that Arabic and Hebrew need are left alone.
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """`text` with each control of direction written out, like [U+202E]. Scripts: static/shared/text.js."""
    return DIRECTION.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
