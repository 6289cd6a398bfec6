"""What the kinds of the log's entries are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "conversation.closed": _("conversation closed"),
    "conversation.reopened": _("conversation reopened"),
    "conversation.erased": _("conversation deleted by its visitor"),
    "conversation.destroyed": _("conversation destroyed"),
    "disposition.approved": _("destruction approved"),
    "export.finished": _("export finished"),
    "hold.changed": _("legal hold changed"),
    "hold.created": _("legal hold placed"),
    "hold.released": _("legal hold released"),
    "policy.changed": _("retention changed"),
    "redaction.made": _("redaction made"),
    "redaction.withdrawn": _("redaction withdrawn"),
    "request.answered": _("request of a person answered"),
}


def word_of(kind: str) -> str:
    """In the reader's language; a kind that this list does not know stays as it is."""
    return str(WORDS.get(kind, kind))
