"""What people type into a field of one line."""

from __future__ import annotations


def one_line(text: str) -> str:
    """`text` on one line, with single spaces and without the NULs that PostgreSQL can't store."""
    return " ".join(text.replace("\x00", "").split())
