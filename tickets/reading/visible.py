"""What a mail says, as a reader sees it: its own words, and below them what it quotes."""

from __future__ import annotations

from tickets.reading.html import text_of_html
from tickets.reading.message import Message
from tickets.reading.trimming import Trimmed, trim


def visible_text(message: Message) -> Trimmed:
    """The words of a message from its plain text, or from its HTML if it has no other."""
    return trim(message.text or text_of_html(message.html), message.subject)
