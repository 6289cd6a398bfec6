from tickets.admin.rules import ForwardingAddressAdmin, MailPolicyAdmin, TagAdmin
from tickets.admin.servers import ImapAccountAdmin, SmtpAccountAdmin
from tickets.admin.settings import MailSettingsAdmin
from tickets.admin.templates import MailTemplateAdmin

__all__ = [
    "ForwardingAddressAdmin",
    "ImapAccountAdmin",
    "MailPolicyAdmin",
    "MailSettingsAdmin",
    "MailTemplateAdmin",
    "SmtpAccountAdmin",
    "TagAdmin",
]
