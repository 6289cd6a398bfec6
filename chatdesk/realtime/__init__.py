"""What is pushed: rooms of sockets, and hints between processes. The only package that touches the channel layer.

The database is the log. After a commit the writing process feeds its own sockets; other processes hear a hint without
content and read the new rows once. A lost hint costs time, never a message.
"""

from chatdesk.realtime.hub import Hub, hub
from chatdesk.realtime.notices import Notice, publish, publish_all, publish_head, telling_together

__all__ = ["Hub", "Notice", "hub", "publish", "publish_all", "publish_head", "telling_together"]
