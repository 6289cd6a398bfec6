"""Why a mail did not get through, in plain words; the server's own, which name addresses, are kept sealed."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chatdesk.language import for_everybody
from tickets.actions.sending.dialogue import End, Result

STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 3463
PLAIN: dict[str, Promise] = {
    "1": _("The address does not exist or takes no mail."),
    "2": _("The mailbox is full, switched off or takes no mail of this size."),
    "3": _("The receiving server has a problem."),
    "4": _("The way to the receiving server is disturbed."),
    "5": _("The servers did not understand each other."),
    "6": _("The content was refused."),
    "7": _("It was refused by a rule of the receiving server."),
}
BY_END: dict[End, Promise] = {
    End.DOWN: _("The mail server can't be reached, or does not let the desk in."),
    End.LATER: _("The mail server asked to try again later."),
    End.REFUSED: _("The mail server refused it."),
    End.UNCERTAIN: _("The connection broke after the last line: it may have arrived."),
}


def reason(result: Result) -> str:
    """A sentence without any address in it, and the server's codes."""
    status = STATUS.search(result.words)
    words = PLAIN.get(status[1].split(".")[1]) if status else None
    codes = " ".join(str(code) for code in (result.code or "", status[1] if status else "") if code)
    sentence = for_everybody(words or BY_END[result.end])
    return f"{sentence} ({codes})" if codes else sentence
