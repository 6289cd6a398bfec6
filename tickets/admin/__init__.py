from tickets.admin.records import HeldAdmin, IncomingMailAdmin, OutgoingMailAdmin
from tickets.admin.rules import ForwardingAddressAdmin, MailPolicyAdmin, TagAdmin
from tickets.admin.servers import ImapAccountAdmin, SmtpAccountAdmin
from tickets.admin.settings import MailSettingsAdmin
from tickets.admin.templates import MailTemplateAdmin
from tickets.admin.transcripts import TranscriptRuleAdmin

__all__ = [
    "ForwardingAddressAdmin",
    "HeldAdmin",
    "ImapAccountAdmin",
    "IncomingMailAdmin",
    "MailPolicyAdmin",
    "MailSettingsAdmin",
    "MailTemplateAdmin",
    "OutgoingMailAdmin",
    "SmtpAccountAdmin",
    "TagAdmin",
    "TranscriptRuleAdmin",
]
