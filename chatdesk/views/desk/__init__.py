from chatdesk.views.desk.conversation import conversation, entries
from chatdesk.views.desk.lists import conversation_list
from chatdesk.views.desk.page import page
from chatdesk.views.desk.records import contact, export
from chatdesk.views.desk.targets import targets

__all__ = ["contact", "conversation", "conversation_list", "entries", "export", "page", "targets"]
