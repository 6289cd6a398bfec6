"""The new words of a reply, and what it quotes. Linear in the length of the text; no line is ever dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tickets.reading.replies.decision import visible_lines
from tickets.reading.replies.lines import FORWARD, letters_of

MAX_LINES = 30_000  # beyond it a text is shown as it is: nobody wrote it by hand


@dataclass(frozen=True)
class Trimmed:
    """`visible` is what the sender wrote now, `folded` everything else: together every line of the text."""

    visible: str
    folded: str = ""


def trim(text: str, subject: str = "") -> Trimmed:
    """Part a plain-text reply into its new words and what it quotes. A forwarded mail is all visible.

    Line ends become \\n; blank lines around each half are left out. Never raises.
    """
    return trim_marked(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), {}, subject)


def trim_marked(lines: Sequence[str], marks: Mapping[int, str], subject: str = "") -> Trimmed:
    """Part lines of which more is known than their words: `marks` has letters of replies.lines by line number."""
    if len(lines) > MAX_LINES:
        return Trimmed(_joined(lines))
    kept = visible_lines(lines, _marked(letters_of(lines), marks), subject)
    visible = _joined([line for line, is_kept in zip(lines, kept, strict=True) if is_kept])
    if not visible:
        return Trimmed(_joined(lines))
    return Trimmed(visible, _joined([line for line, is_kept in zip(lines, kept, strict=True) if not is_kept]))


def _marked(letters: str, marks: Mapping[int, str]) -> str:
    """What markup says wins over what words look like, but not over the words of a forwarder."""
    if not marks:
        return letters
    return "".join(letter if letter == FORWARD else marks.get(at, letter) for at, letter in enumerate(letters))


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip()
