from __future__ import annotations

from django.utils.translation import gettext as _

from chatdesk.hiding import hidden
from chatdesk.protocol import Code, Refused
from tickets.lines import one_line

REASON_CHARS = (3, 200)


def checked_reason(reason: str) -> str:
    """Why somebody looks or decides, in one line of 3 to 200 characters. Raises Refused `form.incomplete`."""
    words = hidden(one_line(reason)).text
    if not REASON_CHARS[0] <= len(words) <= REASON_CHARS[1]:
        raise Refused(Code.FORM, _("Please say in a few words why."))
    return words
