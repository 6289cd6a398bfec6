"""Classes of data, kinds of conversations, and what changes a policy: what this app and those left of it have.

Loaded with the app: whichever process runs the job knows what it may find agreed to.
"""

from __future__ import annotations

from datetime import datetime

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.utils.translation import gettext_lazy as _

from transcripts.actions.retaining import policies
from transcripts.actions.retaining.foretelling import foretell
from transcripts.actions.retaining.parts import left_as_message, remove_contact, remove_files, remove_notes
from transcripts.actions.retaining.proposing import Verb, add_verb
from transcripts.retention.classes import DataClass, RecordKind, add_class, add_kind

SIGN_INS = (AccessAttempt, AccessFailureLog, AccessLog)


def old_sign_ins(before: datetime) -> int:
    return sum(rows.objects.filter(attempt_time__lt=before).count() for rows in SIGN_INS)


def forget_sign_ins(before: datetime, most: int) -> int:
    """Tries to sign in that are older, with their addresses; at most so many of each kind."""
    gone = 0
    for rows in SIGN_INS:
        oldest = list(rows.objects.filter(attempt_time__lt=before).order_by("pk").values_list("pk", flat=True)[:most])
        gone += rows.objects.filter(pk__in=oldest).delete()[0]
    return gone


add_class(
    DataClass(
        "files",
        _("files"),
        _("Names and bytes of what was sent. That there was a file stays in the record."),
        remove=remove_files,
    )
)
add_class(DataClass("notes", _("internal notes"), _("Notes and whispers of the desk."), remove=remove_notes))
add_class(
    DataClass(
        "contact",
        _("contact data"),
        _("The visitor's name, address, form and where they came from."),
        remove=remove_contact,
    )
)
add_class(
    DataClass(
        "logins",
        _("addresses of log-ins"),
        _("Who tried to sign in, from which address."),
        sweep=forget_sign_ins,
        count=old_sign_ins,
    )
)
add_class(
    DataClass(
        "audit",
        _("audit log"),
        _("Kept for good: the database itself refuses to delete from it, whoever asks. It holds no word of a chat."),
    )
)
add_kind(RecordKind("message", _("left as a message"), left_as_message))
add_kind(RecordKind("live", _("live chat")))
add_verb(Verb(policies.SAVE, _("a policy that lets records go earlier"), policies.apply_save, foretell))
add_verb(Verb(policies.DELETE, _("taking a policy away"), policies.apply_delete, foretell))
