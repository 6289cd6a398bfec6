from chatdesk.admin.button import ButtonAdmin
from chatdesk.admin.conversation import ConversationAdmin
from chatdesk.admin.entry import EntryAdmin, FileAdmin
from chatdesk.admin.sensitive import SensitivePatternAdmin
from chatdesk.admin.site import SiteSettingsAdmin
from chatdesk.admin.waiting import WaitingRulesAdmin

__all__ = [
    "ButtonAdmin",
    "ConversationAdmin",
    "EntryAdmin",
    "FileAdmin",
    "SensitivePatternAdmin",
    "SiteSettingsAdmin",
    "WaitingRulesAdmin",
]
