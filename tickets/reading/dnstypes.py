"""Asking name servers, as it is handed in: nothing here opens a connection."""

from __future__ import annotations

from collections.abc import Callable

Dns = Callable[[str, str], list[str]]  # name and type (TXT, A, AAAA, MX, PTR) to records as texts; MX as "10 host."


class NoAnswer(Exception):
    """The name servers did not answer, or could not: ask again later."""
