"""What of mail has times of its own, and which conversations count as mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tickets.actions.erasing import by_mail, forget_mails
from transcripts.actions.retaining import DataClass, RecordKind, add_class, add_kind

add_class(
    DataClass(
        "mails",
        _("mails as they came and left"),
        _("The bytes of mails, with the addresses in them. What was read from them stays with the conversation."),
        remove=forget_mails,
    )
)
add_kind(RecordKind("mail", _("by mail"), by_mail))
