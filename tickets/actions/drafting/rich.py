"""The HTML of a mail that came in, for the mail that brings it on: bold stays bold, pictures stay in place."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from html import escape, unescape

from chatdesk.models import Entry, Kind
from tickets.actions.filing import content_id
from tickets.actions.outbox.reach import letter_of
from tickets.masking import Rules, mask_html, shown_content_id
from tickets.models import Letter, MailSettings
from tickets.reading.message import read

IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
OWN = re.compile(r'\bdata-cid="([^"]*)"')
ALT = re.compile(r'\balt="([^"]*)"')


def rich(entries: Sequence[Entry], rules: Rules) -> tuple[str, dict[int, str]]:
    """HTML for the words of these entries, and new Content-IDs for the files that it shows, by the file's number.

    Empty where the plain text says it all, or says less than the HTML: a quote that was folded away stays away.
    """
    said = [entry for entry in entries if entry.kind == Kind.MESSAGE]
    letter = letter_of(said[0]) if len(said) == 1 else None
    if letter is None or not letter.html or letter.folded:
        return "", {}
    html = mask_html(letter.html, rules).text
    pictures = _pictures(letter, entries) if OWN.search(html) else {}
    domain = MailSettings.load().relay_domain
    new = {shown: f"{secrets.token_hex(8)}@{domain}" for shown in pictures}
    ids = {file: new[shown] for shown, file in pictures.items()}
    return IMAGE.sub(lambda image: _placed(image[0], new), html), ids


def _pictures(letter: Letter, entries: Sequence[Entry]) -> dict[str, int]:
    """The files of the mail that its HTML can show: by what stands for their Content-ID there."""
    prefix = content_id(letter.incoming)
    files = {
        entry.client_id: entry.file_id for entry in entries if entry.file_id and entry.file and entry.file.is_image
    }
    parts = [part for part in read(bytes(letter.incoming.raw)).files if part.content_id]
    found = {shown_content_id(part.content_id): files.get(f"{prefix}-{part.index}") for part in parts}
    return {shown: file for shown, file in found.items() if file is not None}


def _placed(image: str, new: dict[str, str]) -> str:
    """A picture of the mail itself in its place; of any other its words: nothing is fetched from anywhere."""
    own, alt = OWN.search(image), ALT.search(image)
    words = escape(unescape(alt[1])) if alt else ""
    place = new.get(unescape(own[1])) if own else None
    return f'<img src="cid:{place}" alt="{words}">' if place else words
