from chatdesk.views.desk.conversation import conversation, entries
from chatdesk.views.desk.lists import conversation_list
from chatdesk.views.desk.page import page
from chatdesk.views.desk.targets import targets

__all__ = ["conversation", "conversation_list", "entries", "page", "targets"]
