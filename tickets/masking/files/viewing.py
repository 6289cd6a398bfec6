"""Photographs as everybody can see them."""

from __future__ import annotations

import json
from dataclasses import replace

from tickets.masking.files.kinds import Kind, kind_of
from tickets.masking.files.reader import READER, Silent
from tickets.masking.results import Cleaned, Unclean, Why

SECONDS = 40


def viewable(file: Cleaned) -> Cleaned:
    """A HEIC or AVIF photograph as JPEG, since hardly a browser shows the former; anything else as it is.

    Raises Unclean if it can't be drawn.
    """
    if kind_of(file.name, file.media_type, file.data) != Kind.HEIC:
        return file
    try:
        head, drawn = READER.ask(json.dumps({"work": ["draw"]}).encode(), file.data, SECONDS)
        answer = json.loads(head)
    except (Silent, ValueError):
        raise Unclean(Why.UNCLEAN_FILE, "it took too long or could not be read") from None
    if "reason" in answer:
        raise Unclean(Why(answer["reason"]), str(answer["detail"]))
    stem = file.name.rpartition(".")[0] or file.name
    return replace(file, name=f"{stem}.jpg", media_type="image/jpeg", data=drawn)
