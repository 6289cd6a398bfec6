from chatdesk.models.button import Button, FieldRule, Preview
from chatdesk.models.conversation import Conversation, Participant
from chatdesk.models.entry import Entry, Kind
from chatdesk.models.file import File
from chatdesk.models.site import SiteSettings
from chatdesk.models.visitor import Visitor

__all__ = [
    "Button",
    "Conversation",
    "Entry",
    "FieldRule",
    "File",
    "Kind",
    "Participant",
    "Preview",
    "SiteSettings",
    "Visitor",
]
