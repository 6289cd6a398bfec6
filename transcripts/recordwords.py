"""A record in one line for people: what happened, where no words of somebody's own say it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from transcripts.kinds import Kind

WORDS: dict[str, str | Promise] = {
    Kind.OPENED: _("The conversation was opened"),
    Kind.BEGUN_LATE: _("What follows was recorded after it had happened"),
    Kind.PARTICIPANT: _("Is there"),
    Kind.REOPENED: _("The conversation was taken up again"),
    Kind.LETTER: _("The original of a mail was kept"),
    Kind.CONTACT: _("Somebody saw or changed the visitor's contact data"),
    Kind.ON_HOLD: _("An operator said that they look something up"),
    Kind.OFF_HOLD: _("The operator was back"),
    Kind.MAIL_HELD: _("Something of a mail was held back for a person to look at"),
    Kind.MAIL_DECIDED: _("Somebody decided about what was held back"),
    Kind.MAIL_SENT: _("A mail went out"),
    Kind.PICKUP: _("An answer was collected by the return link"),
    Kind.MERGED: _("The ticket was merged with another"),
    Kind.SPLIT: _("The ticket was split"),
    Kind.FILE_GONE: _("A file was deleted"),
    Kind.ERASED: _("The visitor had the conversation deleted: what was said before is gone"),
    Kind.WITHHELD: _("By a rule or a decision, some of what was said before is gone"),
    Kind.HOLD_ON: _("A legal hold was placed"),
    Kind.HOLD_OFF: _("A legal hold was released"),
    Kind.SEAL: _("Sealed: everything above is one closed part"),
}


def in_words(kind: str, text: str = "", author: str = "") -> str:
    """What an entry says for itself (somebody joined, closed ...), else the words for its kind."""
    words = str(WORDS.get(kind, kind))
    return text or (f"{words}: {author}" if author else words)
