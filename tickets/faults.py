"""What a log may say of an error: its kind and its place. Its own words may hold what people wrote."""

from __future__ import annotations

import traceback
from pathlib import Path


def named(error: BaseException) -> str:
    """Such as `KeyError at letters.py:41, called at processing.py:55`; the kind alone of one that was never raised."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    kind = type(error).__name__
    if not places:
        return kind
    return f"{kind} at {places[-1]}" + (f", called at {places[0]}" if len(places) > 1 else "")
