"""What mail does to a conversation, written into its records: short, in the transaction in which it happens."""

from __future__ import annotations

import hashlib

from chatdesk.models import Conversation
from tickets.models import Held, Letter, OutgoingMail
from transcripts.actions.recording import write
from transcripts.kinds import Kind


def letter(row: Letter, raw: bytes) -> None:
    """The mail behind an entry: its bytes' hash, and what of it is folded away. The entry was written just now."""
    said = {"sha256": hashlib.sha256(raw).hexdigest(), "subject": row.subject, "folded": row.folded}
    facts = {"entry": row.entry.seq, "mail": row.incoming_id}
    write(row.entry.conversation_id, Kind.LETTER, facts=facts, said=said, is_locked=True)


def held(row: Held) -> None:
    """Something waits for a person."""
    if row.conversation_id is not None:
        facts = {"held": row.pk, "reason": row.reason}
        write(row.conversation_id, Kind.MAIL_HELD, facts=facts, said={"name": row.name})


def decided(row: Held, words: str) -> None:
    """Somebody let it go, or kept it back for good, and said why."""
    if row.conversation_id is not None:
        facts = {"decision": row.state, "held": row.pk, "user": row.decided_by_id}
        write(row.conversation_id, Kind.MAIL_DECIDED, facts=facts, said={"reason": words})


def became(mail: OutgoingMail, state: str) -> None:
    """A mail was taken by a server, arrived, came back or was given up. Whose it was stays in the outbox."""
    if mail.conversation_id is not None:
        facts = {"first": mail.first_seq, "last": mail.last_seq, "mail": mail.pk, "state": state, "what": mail.kind}
        write(mail.conversation_id, Kind.MAIL_SENT, facts=facts)


def collected(conversation: Conversation) -> None:
    """An answer was read in the pick-up box."""
    write(conversation.pk, Kind.PICKUP, facts={"entry": conversation.last_seq})


def joined(old: Conversation, new: Conversation, kind: Kind) -> None:
    """Merged, or split off: told in both, each by the other's reference."""
    write(old.pk, kind, facts={"into": new.ref})
    write(new.pk, kind, facts={"from": old.ref})
