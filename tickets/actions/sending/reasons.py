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
RETURNED = _("It came back: the receiving server did not take it.")
BY_END: dict[End, Promise] = {
    End.DOWN: _("The mail server can't be reached, or does not let the desk in."),
    End.LATER: _("The mail server asked to try again later."),
    End.REFUSED: _("The mail server refused it."),
    End.UNCERTAIN: _("The connection broke after the last line: it may have arrived."),
}


def reason(result: Result) -> str:
    """A sentence without any address in it, and the server's codes."""
    status = STATUS.search(result.words)
    return plain(status[1] if status else "", result.code, BY_END[result.end])


def plain(status: str, code: int, otherwise: Promise = RETURNED) -> str:
    """What a status (RFC 3463) means, or `otherwise`, and the codes."""
    words = PLAIN.get(status.split(".")[1]) if status.count(".") == 2 else None
    codes = " ".join(str(each) for each in (code or "", status) if each)
    sentence = for_everybody(words or otherwise)
    return f"{sentence} ({codes})" if codes else sentence


def names_no_mailbox(result: Result) -> bool:
    """Whether the refusal says that there is nobody at the address, and not that the mail is unwelcome."""
    status = STATUS.search(result.words)
    return status[1].startswith("5.1.") if status else result.code in (550, 551, 553)
