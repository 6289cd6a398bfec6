"""What a mail says, as a reader sees it: its own words, and below them what it quotes."""

from __future__ import annotations

from tickets.reading.htmltext import lines_of_html
from tickets.reading.message import Message
from tickets.reading.trimming import Trimmed, trim, trim_marked


def visible_text(message: Message) -> Trimmed:
    """The words of a message from its plain text, or from its HTML if it has no other. Both '' if it has no words."""
    if message.text.strip() or not message.html:
        return trim(message.text, message.subject)
    lines = lines_of_html(message.html)
    return trim_marked(
        [line.text for line in lines], {n: line.mark for n, line in enumerate(lines) if line.mark}, message.subject
    )
