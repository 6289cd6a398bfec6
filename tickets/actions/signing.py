"""The desk's own key for signing mail."""

from __future__ import annotations

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.permissions import AnyUser
from accounts.sealing import seal
from tickets.composing.signing import new_key
from tickets.models import MailSettings

SELECTOR = "desk"


@transaction.atomic
def make_key(actor: AnyUser, own: MailSettings) -> None:
    """A new private key in place of the old one, sealed; a selector if there was none."""
    own.dkim_key, own.dkim_selector = seal(new_key()), own.dkim_selector or SELECTOR
    own.save(update_fields=["dkim_key", "dkim_selector"])
    record("mail.key", actor=actor if isinstance(actor, User) else None, on=own)
