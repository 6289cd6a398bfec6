"""What people lately waited, told as a range that promises nothing."""

from __future__ import annotations

import math

MINUTE = 60


def wait_range(seconds: int | None) -> tuple[int, int] | None:
    """From and to, in whole minutes given as seconds; a minute for both is "about a minute", and the least there is.

    None when nobody can say. From three quarters to one and a half of the median, so that the numbers move seldom.
    """
    if seconds is None:
        return None
    if seconds <= MINUTE:
        return (MINUTE, MINUTE)
    low = max(1, math.floor(seconds / MINUTE * 0.75))
    high = max(low + 1, math.ceil(seconds / MINUTE * 1.5))
    return (low * MINUTE, high * MINUTE)
