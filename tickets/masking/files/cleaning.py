"""One file, cleaned by its kind. Its content decides what it is; its name and declared type only help."""

from __future__ import annotations

from tickets.masking.names import mask_name
from tickets.masking.results import Cleaned
from tickets.masking.rules import Rules
from tickets.masking.text import mask_text


def clean_file(name: str, media_type: str, data: bytes, rules: Rules) -> Cleaned:
    """The file as it may be passed on. Empty data in the answer: nothing is left of it (a signature, a key).

    Raises Unclean, with a reason of Held.Reason, for what has to wait for a person. Nothing else is raised.
    """
    shown = mask_name(name, rules)
    removed = ("name",) if shown.found else ()
    if media_type.startswith("text/plain"):
        text = mask_text(data.decode("utf-8", "replace"), rules)
        return Cleaned(shown.text, media_type, text.text.encode(), (*removed, *("addresses" for _ in text.found[:1])))
    return Cleaned(shown.text, media_type, data, removed)
