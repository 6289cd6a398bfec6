"""Who a mail is from and to, as its reader may know them."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.sealing import unseal
from chatdesk.models import Conversation, Entry
from tickets.composing.message import Mailbox
from tickets.composing.tokens import archive_local_part, kept_local_part
from tickets.masking import Rules, mask_display
from tickets.models import Correspondent, ForwardingAddress, MailSettings, OutgoingMail

Kind = OutgoingMail.Kind


def recipient(mail: OutgoingMail) -> str:
    """The real address it goes to. For sending alone: never log or show it."""
    if mail.kind == Kind.TEST:
        return mail.verp
    return unseal(mail.to.sealed_address if mail.to else mail.sealed_recipient)


def sender(mail: OutgoingMail, name: str) -> Mailbox:
    """The token address whose answers are expected from the recipient, under the name of the other side."""
    domain = MailSettings.load().relay_domain
    if mail.kind == Kind.COPY and mail.conversation:
        return Mailbox(name, f"{archive_local_part(mail.conversation.ref)}@{domain}")
    if mail.to is not None:
        return Mailbox(name, f"{kept_local_part(mail.to.nonce, mail.to.token_hash)}@{domain}")
    group = mail.conversation.group_id if mail.conversation else None
    own = ForwardingAddress.objects.filter(group=group, is_active=True).order_by("pk").first() if group else None
    return Mailbox(name, own.address if own else f"desk@{domain}")


def team_of(conversation: Conversation | None) -> str:
    """The group, as visitors know it."""
    return conversation.group.name if conversation else settings.SITE_HOST


def shown_writer(entries: Sequence[Entry], to: Correspondent | None, rules: Rules) -> str:
    """The name above the mail: the one who wrote, without an address in it; of several the team's."""
    conversation = entries[-1].conversation
    names = list(dict.fromkeys(writer_name(entry, rules) for entry in entries))
    if len(names) == 1:
        return names[0]
    is_operator = to is not None and to.side == Correspondent.Side.OPERATOR
    return visitor_alias(conversation, rules) if is_operator else team_of(conversation)


def writer_name(entry: Entry, rules: Rules) -> str:
    """How the writer of an entry is called; a name that holds an address is not shown."""
    user = entry.participant.user if entry.participant else None
    if user is not None:
        return _unless_masked(user.display_name, rules) or team_of(entry.conversation)
    letter = getattr(entry, "letter", None)
    if entry.participant is None:
        name = letter.sender.name if letter is not None and letter.sender is not None else ""
        return _unless_masked(name, rules) or _("Another participant")
    return visitor_alias(entry.conversation, rules)


def visitor_alias(conversation: Conversation, rules: Rules) -> str:
    mark = _("Visitor %(mark)s") % {"mark": conversation.mark}
    return _unless_masked(conversation.name, rules) or mark


def _unless_masked(name: str, rules: Rules) -> str:
    """Nothing that a mail program would read as something else (RFC 2047), and nothing with an address."""
    return "" if "=?" in name else mask_display(name, rules)
