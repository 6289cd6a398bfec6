"""The doors of files: two to send through, one to fetch from."""

from chatdesk.views.files.desk import upload as desk_upload
from chatdesk.views.files.fetch import fetch
from chatdesk.views.files.visitor import upload as visitor_upload

__all__ = ["desk_upload", "fetch", "visitor_upload"]
