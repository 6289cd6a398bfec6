"""How a mail looks where HTML is shown: words on a quiet page, nothing fetched from anywhere, nothing that runs."""

from __future__ import annotations

import re
from html import escape

from tickets.composing.template import fill

WEB = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}])")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{subject}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;">
<div style="max-width:640px;margin:0 auto;overflow-wrap:anywhere;">
<p style="margin:0 0 16px;font-weight:600;">{team}</p>
{text}
<hr style="border:0;border-top:1px solid #8a8f98;margin:24px 0 12px;">
<p style="margin:0;font-size:13px;">{footer}</p>
</div>
</body>
</html>
"""


def paragraphs(text: str) -> str:
    """Plain text as HTML: a paragraph for each block, each in its own direction; web addresses are links."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return "\n".join(f'<p dir="auto">{_linked(block).replace(chr(10), "<br>")}</p>' for block in blocks)


def _linked(text: str) -> str:
    """Escaped, with a link at each web address: what a link shows is where it leads."""
    plain = enumerate(escape(part) for part in WEB.split(text))
    return "".join(f'<a href="{part}">{part}</a>' if number % 2 else part for number, part in plain)


def page(own: str, *, language: str, subject: str, team: str, text: str, footer: str) -> str:
    """The HTML part. `own`: what an admin wrote around `{text}`, else the desk's own look; `text` is HTML already."""
    facts = {
        "language": escape(language),
        "direction": "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
        "subject": escape(subject),
        "team": escape(team),
        "footer": escape(footer).replace("\n", "<br>"),
        "text": text,
    }
    return fill(own if "{text}" in own else PAGE, facts)
