"""What a library for mailing lists makes of a report: it knows many servers that speak a language of their own."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from email import message_from_bytes

from flufl.bounce import all_failures

LOOKED_AT = 200_000  # bytes: it is slow on long ones
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs what it reads


@dataclass(frozen=True)
class Opinion:
    """That it is a report; `is_temporary` if nothing has failed for good yet."""

    is_temporary: bool


def opinion(raw: bytes) -> Opinion | None:
    """None if it is no report that the library knows. Never raises."""
    if not raw:
        return None
    try:
        temporary, permanent = all_failures(message_from_bytes(raw[:LOOKED_AT]))
    except Exception:  # a detector stumbled over bytes that it did not foresee
        return None
    return Opinion(is_temporary=not permanent) if temporary or permanent else None
