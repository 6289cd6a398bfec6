from chatdesk.admin.button import ButtonAdmin
from chatdesk.admin.conversation import ConversationAdmin
from chatdesk.admin.entry import EntryAdmin, FileAdmin
from chatdesk.admin.site import SiteSettingsAdmin

__all__ = ["ButtonAdmin", "ConversationAdmin", "EntryAdmin", "FileAdmin", "SiteSettingsAdmin"]
