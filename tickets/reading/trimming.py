"""The new words of a reply, and what it quotes. Linear in the length of the text; no line is ever dropped."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.reading.replies.decision import visible_lines
from tickets.reading.replies.lines import letters_of

MAX_LINES = 100_000  # beyond it a text is shown as it is: nobody wrote it by hand


@dataclass(frozen=True)
class Trimmed:
    """`visible` is what the sender wrote now, `folded` everything else: together every line of the text."""

    visible: str
    folded: str = ""


def trim(text: str, subject: str = "") -> Trimmed:
    """Part a plain-text reply into its new words and what it quotes. A forwarded mail is all visible.

    Line ends become \\n; blank lines around each half are left out. Never raises.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_LINES:
        return Trimmed(text.strip())
    kept = visible_lines(lines, letters_of(lines), subject)
    visible = _joined([line for line, is_kept in zip(lines, kept, strict=True) if is_kept])
    if not visible.strip():
        return Trimmed(_joined(lines))
    return Trimmed(visible, _joined([line for line, is_kept in zip(lines, kept, strict=True) if not is_kept]))


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip()
