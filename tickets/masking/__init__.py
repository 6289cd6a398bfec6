"""Nothing shows an address: pure functions over text, HTML, names and files. No database, no settings."""

from tickets.masking.files import clean_file, viewable
from tickets.masking.html import mask_html, shown_content_id
from tickets.masking.names import mask_display, mask_name
from tickets.masking.results import Cleaned, Found, Masked, Unclean, What, Why
from tickets.masking.rules import Rules, Words
from tickets.masking.text import mask_text

__all__ = [
    "Cleaned",
    "Found",
    "Masked",
    "Rules",
    "Unclean",
    "What",
    "Why",
    "Words",
    "clean_file",
    "mask_display",
    "mask_html",
    "mask_name",
    "mask_text",
    "shown_content_id",
    "viewable",
]
