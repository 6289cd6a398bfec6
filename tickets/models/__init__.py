from tickets.models.account import ImapAccount, Security, SmtpAccount
from tickets.models.address import Correspondent, ForwardingAddress
from tickets.models.incoming import IncomingMail
from tickets.models.letter import Held, Letter
from tickets.models.outgoing import CopyMark, OperatorMail, OutgoingMail, PendingAnswer
from tickets.models.pickup import PickupBox, PickupOpening
from tickets.models.policy import MailPolicy, WhoSees
from tickets.models.settings import MailSettings
from tickets.models.template import MailTemplate
from tickets.models.ticket import DeskNews, FollowUp, Tag, Ticket, TicketEvent

__all__ = [
    "CopyMark",
    "Correspondent",
    "DeskNews",
    "FollowUp",
    "ForwardingAddress",
    "Held",
    "ImapAccount",
    "IncomingMail",
    "Letter",
    "MailPolicy",
    "MailSettings",
    "MailTemplate",
    "OperatorMail",
    "OutgoingMail",
    "PendingAnswer",
    "PickupBox",
    "PickupOpening",
    "Security",
    "SmtpAccount",
    "Tag",
    "Ticket",
    "TicketEvent",
    "WhoSees",
]
