"""The words of a document in the language of whom it is made for."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from accounts.clocks import own_zone
from transcripts.formats.pdf import Look, Words


def look(*facts: tuple[str, str]) -> Look:
    """In the language that is active, and the office's own zone. `facts` stand below the conversation's."""
    zone = own_zone()
    return Look(
        words=words(),
        zone=ZoneInfo(zone),
        zone_name=zone,
        language=get_language() or "en",
        is_right_to_left=get_language_bidi(),
        facts=facts,
    )


def words() -> Words:
    return Words(
        **_of_the_head(),
        **_of_the_body(),
        kinds={"operator": _("Operator"), "system": _("The desk"), "third": _("Somebody else")},
    )


def _of_the_head() -> dict[str, str]:
    return {
        "conversation": _("Conversation"),
        "untitled": _("Conversation {ref}"),
        "group": _("Group"),
        "button": _("Button"),
        "channel": _("Channel"),
        "subject": _("Subject"),
        "opened": _("Started"),
        "closed": _("Closed"),
        "still_open": _("not closed"),
        "visitor": _("Visitor"),
        "email": _("E-mail"),
        "tags": _("Tags"),
        "holds": _("Legal holds"),
        "head": _("Head of the records"),
        "people": _("Who took part"),
        "since": _("from {since} to {until}"),
        "till_end": _("the end"),
        "silent": _("unseen by the visitor"),
        "page": _("Page {n} of {m}"),
        "zone": _("Times: {zone} ({offsets})"),
    }


def _of_the_body() -> dict[str, str]:
    return {
        "said": _("What was said"),
        "nothing": _("Nothing was said."),
        "nobody": _("The desk"),
        "internal": _("internal"),
        "attached": _("The same conversation for machines: JSON, one line for each thing that happened."),
        "file": _("File: {name} ({type}, {size} bytes)"),
        "gone": _("This file is not kept any more: {why}"),
        "edited": _("changed later"),
        "edited_new": _("changed text"),
        "deleted": _("deleted"),
        "file_deleted": _("file deleted"),
        "redacted": _("Parts of this copy were withheld; each place is marked with its reason."),
        "unseen": _("Characters that this document has no picture for are written as their numbers, like [U+200E]."),
    }
