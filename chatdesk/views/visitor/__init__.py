"""The visitor's door, /chat/: one page for live chat, which works as plain forms too."""

from chatdesk.views.visitor.page import page

__all__ = ["page"]
