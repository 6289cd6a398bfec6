"""Text whose paragraphs were broken to lines for the journey, put together again (RFC 3676)."""

from __future__ import annotations

import re

MAX_LINES = 30_000
_DEPTH = re.compile(r">*")


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """`text` with soft line breaks (a space before the break) undone, quotes and signatures kept apart.

    `delete_space`: the space was added by the sender too (DelSp=yes). A text of very many lines stays as it is.
    """
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        return text
    paragraphs: list[list[str]] = []
    open_depth = -1  # of the paragraph that goes on; -1: the last line ended one
    for line in lines:
        depth, words = _split(line)
        if depth != open_depth or not words:
            paragraphs.append(["> " * depth if words else ">" * depth])
        is_soft = words.endswith(" ") and words != "-- "
        paragraphs[-1].append(words[:-1] if is_soft and delete_space else words)
        open_depth = depth if is_soft else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)


def _split(line: str) -> tuple[int, str]:
    """Depth of the quote, and the words without the space that was stuffed in."""
    match = _DEPTH.match(line)
    depth = match.end() if match else 0
    return depth, line[depth:].removeprefix(" ")
