from chatdesk.models.button import Button, FieldRule, Preview, WhenClosed
from chatdesk.models.button_text import BUTTON_TEXTS, ButtonText
from chatdesk.models.conversation import Conversation, Participant
from chatdesk.models.entry import Entry, Kind
from chatdesk.models.file import File
from chatdesk.models.invitation import Invitation
from chatdesk.models.invitation_rule import InvitationRule
from chatdesk.models.note import Note
from chatdesk.models.sensitive import SensitivePattern
from chatdesk.models.site import SiteSettings
from chatdesk.models.visitor import Visitor
from chatdesk.models.waiting import MailNotice, SentMessage, Trigger, WaitChoice, WaitingRules, WaitMessage

__all__ = [
    "BUTTON_TEXTS",
    "Button",
    "ButtonText",
    "Conversation",
    "Entry",
    "FieldRule",
    "File",
    "Invitation",
    "InvitationRule",
    "Kind",
    "MailNotice",
    "Note",
    "Participant",
    "Preview",
    "SensitivePattern",
    "SentMessage",
    "SiteSettings",
    "Trigger",
    "Visitor",
    "WaitChoice",
    "WaitMessage",
    "WaitingRules",
    "WhenClosed",
]
